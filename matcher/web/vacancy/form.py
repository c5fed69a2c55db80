"""The vacancy form: ten questions on one page, filled in beforehand by the kind of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, ValidationError
from wtforms.fields import SelectChoice

from matcher.domain.vocabulary import DEMANDS, LOADS, NEED_LEVELS
from matcher.http.translate import gettext as _
from matcher.reference.codes import Code, load_codes
from matcher.web.codes import choices_of, label_of, labels_of
from matcher.web.forms import (
    CHOOSE_ONE,
    BoxesField,
    DayField,
    MatcherForm,
    TextField,
    WholeNumberField,
    longest,
)
from matcher.web.text_rules import describes_work, names_nobody, no_bsn
from matcher.web.vacancy.fields import ClockField, EurosField, HoursField, PostcodeField
from matcher.web.vacancy.words import demand_words

FLEX_WEEKS = ("0", "2", "4", "8")


class ForOpening:
    """Must be answered before the place opens; a draft may leave it for later."""

    def __init__(self, message: Any) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        if form.is_draft or field.errors:
            return
        if field.data in (None, "", []):
            raise ValidationError(self.message)


def _demand(load: str) -> RadioField:
    return RadioField(
        validate_choice=False,
        name=load,
    )


class VacancyForm(MatcherForm):
    """Field names are those of ``VacancyProfile``; what is left open stays unknown."""

    work = HiddenField(validators=[longest(40)])
    contractor = TextField(
        _l("Voor welk bedrijf?"),
        [ForOpening(_l("Vul de naam van het bedrijf in")), longest(120), no_bsn],
    )
    sector = SelectField(
        _l("In welke sector is het werk?"),
        [ForOpening(_l("Kies de sector"))],
        invalid_choice_message=CHOOSE_ONE,
    )
    title = TextField(
        _l("Hoe noemt u het werk?"),
        [ForOpening(_l("Vul in hoe u het werk noemt")), longest(80), names_nobody, describes_work],
    )
    places = WholeNumberField(
        _l("Hoeveel plekken?"),
        [ForOpening(_l("Vul in hoeveel plekken u hebt"))],
        minimum=1,
        maximum=500,
    )
    hours_min = HoursField(_l("Van"), minimum=1, maximum=40)
    hours_max = HoursField(
        _l("Tot en met"),
        [ForOpening(_l("Vul in tot hoeveel uur per week het werk gaat"))],
        minimum=1,
        maximum=40,
    )
    shifts = BoxesField(_l("Diensten"), invalid_choice_message=CHOOSE_ONE)
    day_starts_at = ClockField(_l("De dag begint om"))
    site_pc4 = PostcodeField(_l("Postcode waar de dag begint"))
    reachable_by = BoxesField(_l("Hoe is die plek te bereiken?"), invalid_choice_message=CHOOSE_ONE)
    start_on = DayField(_l("Startdatum"), [ForOpening(_l("Vul in wanneer het werk begint"))])
    flex_weeks = RadioField(_l("Mag het ook later?"), invalid_choice_message=CHOOSE_ONE)

    lift = _demand("lift")
    stand = _demand("stand")
    walk = _demand("walk")
    bend = _demand("bend")
    outdoor = _demand("outdoor")
    height = _demand("height")
    pace = _demand("pace")
    interruptions = _demand("interruptions")
    group = _demand("group")
    alone = _demand("alone")
    customers = _demand("customers")
    adaptable = BoxesField(_l("Wat kunt u aanpassen?"), invalid_choice_message=CHOOSE_ONE)

    rhythm = SelectField(_l("Komen zoals afgesproken"), invalid_choice_message=CHOOSE_ONE)
    work_skills = SelectField(_l("Leren op het werk"), invalid_choice_message=CHOOSE_ONE)
    language_speak = SelectField(_l("Nederlands spreken"), invalid_choice_message=CHOOSE_ONE)
    language_read = SelectField(_l("Nederlands lezen"), invalid_choice_message=CHOOSE_ONE)
    digital = SelectField(_l("Telefoon of computer"), invalid_choice_message=CHOOSE_ONE)
    licences = BoxesField(_l("Rijbewijs op dag één"), invalid_choice_message=CHOOSE_ONE)
    credentials = BoxesField(_l("Papieren op dag één"), invalid_choice_message=CHOOSE_ONE)
    credentials_taught = BoxesField(
        _l("Papieren die iemand bij u haalt"), invalid_choice_message=CHOOSE_ONE
    )

    guidance_hours = HoursField(
        _l("Uren begeleiding per week, voor alle plekken samen"), minimum=0, maximum=400
    )
    buddies = WholeNumberField(_l("Hoeveel buddy’s hebt u?"), minimum=0, maximum=100)
    contract_type = RadioField(_l("Soort contract"), validate_choice=False)
    employer_of_record = TextField(
        _l("In dienst bij een ander? Bij wie?"), [longest(120), names_nobody, describes_work]
    )
    contract_months = HoursField(_l("Voor hoeveel maanden?"), minimum=0, maximum=120)
    wage_hour_cents = EurosField(_l("Bruto uurloon"))

    def __init__(self, *args: Any, for_staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_staff = for_staff
        if not for_staff:
            del self.contractor
        self.is_draft = False
        self.sector.choices = [SelectChoice("", _("Kies")), *choices_of("sectors")]
        self.shifts.choices = choices_of("shifts")
        self.reachable_by.choices = choices_of("travel_modes")
        self.licences.choices = choices_of("licences")
        self.credentials.choices = choices_of("credentials")
        self.credentials_taught.choices = choices_of("credentials")
        self.contract_type.choices = choices_of("contract_types")
        self.flex_weeks.choices = [
            SelectChoice(weeks, _("%(n)s weken", n=weeks) if weeks != "0" else _("Nee"))
            for weeks in _flex_choices(self.flex_weeks.data)
        ]
        self.adaptable.choices = [SelectChoice(load, label_of("loads", load)) for load in LOADS]
        for load in LOADS:
            self[load].label.text = label_of("loads", load)
            self[load].choices = [
                SelectChoice(str(value), label_of("demands", word))
                for value, word in enumerate(DEMANDS)
            ]
        for name in NEED_LEVELS:
            self[name].choices = [
                SelectChoice("", _("Nog niet bekend")),
                *choices_of(f"levels.{name}"),
            ]

    @property
    def demands(self) -> list[RadioField]:
        """The fields of question 7, in the order of the vocabulary."""
        return [self[load] for load in LOADS]

    @property
    def demand_lines(self) -> list[str]:
        """The demands in words: “Veel: tillen, bukken”, “Soms: tempo”."""
        held = {load: _number(self[load].data) for load in LOADS}
        return [
            f"{label_of('demands', DEMANDS[demand])}: {words}"
            for demand in (2, 1)
            if (words := demand_words(held, demand))
        ]

    @property
    def need_lines(self) -> list[str]:
        """What must be there on day one, a line each."""
        lines = []
        for name in ("language_speak", "language_read", "rhythm", "work_skills", "digital"):
            if self[name].data:
                words = label_of(f"levels.{name}", self[name].data)
                lines.append(f"{label_of('levels', name)}: {words[0].lower()}{words[1:]}")
        for name, codes in (
            ("licences", "licences"),
            ("credentials", "credentials"),
            ("credentials_taught", "credentials"),
        ):
            words = labels_of(codes, self[name].data)
            if words:
                lines.append(f"{self[name].label.text}: {words}")
        return lines

    @property
    def need_errors(self) -> bool:
        """Whether something in question 9 has to be put right."""
        names = (*NEED_LEVELS, "licences", "credentials", "credentials_taught")
        return any(self[name].errors for name in names)

    def validate_hours_max(self, field: Field) -> None:
        """The most hours are not fewer than the fewest."""
        if field.data and self.hours_min.data and field.data < self.hours_min.data:
            raise ValidationError(_("Vul bij ‘tot en met’ evenveel of meer uren in dan bij ‘van’"))

    def validate_start_on(self, field: Field) -> None:
        """A start lies within the years that a date in this product can be in."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Vul een startdatum in van deze tijd"))

    def validate_credentials_taught(self, field: Field) -> None:
        """What must be held on day one cannot be learned there."""
        if set(field.data or ()) & set(self.credentials.data or ()):
            raise ValidationError(
                _("Een papier is nodig op dag één, of iemand haalt het bij u. Kies één van beide.")
            )

    def values(self) -> dict[str, Any]:
        """The answers as values of ``VacancyProfile``; unanswered is None or empty."""
        found: dict[str, Any] = {
            "sector": self.sector.data or None,
            "title": self.title.data,
            "places": self.places.data or 1,
            "hours_min": self.hours_min.data,
            "hours_max": self.hours_max.data,
            "shifts": tuple(self.shifts.data or ()) or ("day",),
            "day_starts_at": self.day_starts_at.data,
            "site_pc4": self.site_pc4.data,
            "reachable_by": frozenset(self.reachable_by.data or ()),
            "start_on": self.start_on.data,
            "flex_weeks": int(self.flex_weeks.data or 0),
            "adaptable": frozenset(self.adaptable.data or ()),
            "licences": frozenset(self.licences.data or ()),
            "credentials": frozenset(self.credentials.data or ()),
            "credentials_taught": frozenset(self.credentials_taught.data or ()),
            "guidance_hours": self.guidance_hours.data,
            "buddies": self.buddies.data,
            "contract_type": self._contract_type(),
            "employer_of_record": self.employer_of_record.data,
            "contract_months": self.contract_months.data,
            "wage_hour_cents": self.wage_hour_cents.data,
        }
        for load in LOADS:
            found[load] = _number(self[load].data)
        for name in NEED_LEVELS:
            found[name] = int(self[name].data) if self[name].data else None
        occupation = occupation_of(self.work.data)
        if occupation:
            found["occupation"] = occupation
        if self.for_staff:
            found["contractor"] = self.contractor.data
        return found

    def _contract_type(self) -> str | None:
        chosen = self.contract_type.data
        return chosen if chosen in {choice.value for choice in self.contract_type.choices} else None


def _number(demand: str | None) -> int | None:
    return int(demand) if demand in ("0", "1", "2") else None


def _flex_choices(held: str | None) -> list[str]:
    """The usual choices, and what an imported vacancy may hold beside them."""
    text = str(held or "0")
    extra = {int(text)} if text.isdecimal() and int(text) <= 520 else set()
    return [str(weeks) for weeks in sorted({int(each) for each in FLEX_WEEKS} | extra)]


def work_type(code: str | None) -> Code | None:
    """The kind of work with this code; None for another kind."""
    return load_codes().list("work_types").codes.get(code or "")


def occupation_of(code: str | None) -> str | None:
    """The ISCO-08 occupation of a kind of work."""
    kind = work_type(code)
    return None if kind is None else str(kind.attributes["occupation"])


def preset(code: str | None) -> dict[str, Any]:
    """What a kind of work usually asks, as data of the form; empty for another kind."""
    kind = work_type(code)
    if kind is None:
        return {"work": "other"}
    about = kind.attributes
    hours = about["hours"]
    return {
        "work": kind.code,
        "sector": about["sector"],
        "title": label_of("work_types", kind.code),
        "hours_min": hours[0],
        "hours_max": hours[1],
        "shifts": ["day"],
        "day_starts_at": time.fromisoformat(about["day_starts_at"]),
        "flex_weeks": "4",
        **{load: str(about["demands"].get(load, 0)) for load in LOADS},
        **{name: str(value) for name, value in about["needs"].items()},
        "licences": list(about.get("licences", ())),
        "credentials": list(about.get("credentials", ())),
        "credentials_taught": list(about.get("credentials_taught", ())),
    }


_KEPT = (
    ("hours_min", "hours_max", "shifts", "day_starts_at", "site_pc4", "reachable_by"),
    ("guidance_hours", "buddies", "contract_type", "employer_of_record", "contract_months"),
    ("wage_hour_cents",),
)
"""What a firm's next vacancy takes over from the last one, whatever the work."""


def form_data(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a vacancy as data of the form."""
    found = dict(values)
    for name in ("shifts", "reachable_by", "licences", "credentials", "credentials_taught"):
        found[name] = sorted(values.get(name) or ())
    found["adaptable"] = sorted(values.get("adaptable") or ())
    found["flex_weeks"] = str(values.get("flex_weeks") or 0)
    for name in (*LOADS, *NEED_LEVELS):
        value = values.get(name)
        found[name] = None if value is None else str(value)
    return found


def taken_over(last: Mapping[str, Any]) -> dict[str, Any]:
    """What the next vacancy of a firm takes over from its last one."""
    data = form_data(last)
    kept: Sequence[str] = [name for group in _KEPT for name in group]
    return {name: data[name] for name in kept if data.get(name) not in (None, [], "")}


def copied(last: Mapping[str, Any], today: date) -> dict[str, Any]:
    """All of an earlier vacancy, but a start that has passed."""
    data = form_data(last)
    if data.get("start_on") and data["start_on"] < today:
        data["start_on"] = None
    return data
