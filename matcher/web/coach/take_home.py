"""*Wat houd ik over*: a range with its assumptions, or the four questions; nothing is kept."""

from __future__ import annotations

import re
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.fields import SelectChoice

from matcher.http.clock import today
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.reference.take_home import (
    ALLOWANCE_LOSS,
    KEPT_FROM_CREDITORS,
    NET_SHARE,
    Kept,
    Parameter,
    TakeHome,
    load_take_home,
)
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.fields import OneTileField
from matcher.web.forms import MatcherForm, Required, WholeNumberField
from matcher.web.navigation import belongs_to

LOWEST_WAGE_CENTS = 100
HIGHEST_WAGE_CENTS = 20_000
_AMOUNT = re.compile(r"(?:€\s*)?([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
YES = "yes"


class WageField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """Euros an hour as people write them (“14,71”), read as integer cents."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        found = _AMOUNT.fullmatch(text)
        cents = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
        if not LOWEST_WAGE_CENTS <= cents <= HIGHEST_WAGE_CENTS:
            raise ValueError(_("Vul het uurloon in euro's in, zoals 14,71"))
        self.data = cents


class TakeHomeForm(MatcherForm):
    """Hours, wage, and two questions with yes or no; no amounts of debt, no names."""

    hours = WholeNumberField(
        _l("Uren per week"), [Required(_l("Vul het aantal uren in"))], minimum=1, maximum=40
    )
    wage = WageField(
        _l("Brutoloon per uur"),
        [Required(_l("Vul het uurloon in"))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    creditors = OneTileField(
        _l("Gaat er een deel naar schuldeisers?"), validators=[Required(_l("Kies ja of nee"))]
    )
    allowance = OneTileField(
        _l("Krijgt u toeslagen, zoals huurtoeslag of zorgtoeslag?"),
        validators=[Required(_l("Kies ja of nee"))],
    )


@blueprint.get("/wat-houd-ik-over")
@coaching
@belongs_to("coach.candidates")
def take_home() -> ResponseReturnValue:
    """The empty form; it belongs to nobody, so that nothing of it can be kept."""
    return _render(_form(), None)


@blueprint.post("/wat-houd-ik-over")
@coaching
@belongs_to("coach.candidates")
def count_take_home() -> ResponseReturnValue:
    """The range, or the questions when a parameter is missing on this day."""
    form = _form()
    fine, hours, wage = form.validate(), form.hours.data, form.wage.data
    if not fine or hours is None or wage is None:
        return _render(form, None), 400
    known = load_take_home(today())
    kept = known.kept(
        hours,
        wage,
        creditors=form.creditors.data == YES,
        allowance=form.allowance.data == YES,
    )
    return _render(form, known, kept)


def _form() -> TakeHomeForm:
    form = TakeHomeForm()
    choices = [SelectChoice(YES, _("Ja")), SelectChoice("no", _("Nee"))]
    form.creditors.choices = choices
    form.allowance.choices = choices
    return form


def _render(form: TakeHomeForm, known: TakeHome | None, kept: Kept | None = None) -> str:
    language = current_language()
    language_key = "nl" if language == "nl" else "en"
    facts: dict[str, Any] = {"form": form, "answered": known is not None, "kept": None}
    facts["back"] = request.args.get("terug", type=int)
    if known is not None:
        facts["questions"] = [(q.text[language_key], q.ask[language_key]) for q in known.questions]
        facts["missing"] = [labels[language_key] for labels in known.missing.values()]
    if known is not None and kept is not None:
        facts["kept"] = {
            "low": euros(kept.low_cents),
            "high": euros(kept.high_cents),
            "gross": euros(kept.gross_cents),
        }
        facts["assumptions"] = _assumptions(
            known,
            creditors=form.creditors.data == YES,
            allowance=form.allowance.data == YES,
        )
    return render_template("coach/take_home.html", **facts)


def euros(cents: int) -> str:
    """Whole euros, as people say a monthly amount."""
    text = f"{round(cents / 100):,}"
    return f"€ {text.replace(',', '.')}" if current_language() == "nl" else f"€ {text}"


def _assumptions(known: TakeHome, *, creditors: bool, allowance: bool) -> list[tuple[str, str]]:
    """Each parameter that was counted with, in words, with its source and day."""
    words = {
        NET_SHARE: _("Van het brutoloon wordt %(share)s uitbetaald."),
        KEPT_FROM_CREDITORS: _("Daarvan blijft %(share)s over als schuldeisers een deel krijgen."),
        ALLOWANCE_LOSS: _("Van wat overblijft, gaat %(share)s weg aan lagere toeslagen."),
    }
    wanted = [NET_SHARE]
    wanted += [KEPT_FROM_CREDITORS] if creditors else []
    wanted += [ALLOWANCE_LOSS] if allowance else []
    found = []
    for name in wanted:
        parameter = known.parameters[name]
        said = words[name] % {"share": _share(parameter)}
        source = _(
            "%(source)s, geldig vanaf %(day)s",
            source=parameter.source,
            day=day(parameter.valid_from),
        )
        found.append((said, source))
    return found


def _share(parameter: Parameter) -> str:
    if parameter.low == parameter.high:
        return _("%(percent)s procent", percent=parameter.low)
    return _("%(low)s tot %(high)s procent", low=parameter.low, high=parameter.high)
