"""*Onze afspraken*: one A4 to print, and the same as text to copy into a file elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from matcher.domain.errors import NotFound
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day_with_weekday
from matcher.http.translate import gettext as _
from matcher.repositories.records import CandidateRecord, DraftRecord
from matcher.services import intake, vacancies
from matcher.web.agreement_words import phone_words
from matcher.web.coach.advice import assessment_of, plan_of, vacancies_by_reference
from matcher.web.coach.answers import draft_answers, draft_formdata, typed_over
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.own_choice import asks_first
from matcher.web.coach.people import person_name
from matcher.web.coach.places_view import place_facts, vacancy_title
from matcher.web.coach.plan_view import plan_view
from matcher.web.coach.seen import the_candidate
from matcher.web.codes import label_of
from matcher.web.forms import DayField, MatcherForm, PhoneField, Required, TextField, longest
from matcher.web.free_text import FreeTextField, LinesField
from matcher.web.navigation import belongs_to
from matcher.web.text_rules import no_bsn

CARD = "agreements"
"""What the sheet in progress is called among the drafts."""
LONGEST_LINES = 400
SIDES = ("i_do", "you_do", "employer_does", "municipality_does")
FIELD_NAMES = ("next_step", "next_on", "with_whom", "phone", *SIDES)


class AgreementsForm(MatcherForm):
    """The next step, and what each side does. An empty side is shown as a task, never a block."""

    next_step = FreeTextField(
        _l("Volgende stap"), [Required(_l("Vul in wat de volgende stap is")), longest(160)]
    )
    next_on = DayField(_l("Wanneer"))
    with_whom = TextField(_l("Met wie"), [longest(120), no_bsn])
    phone = PhoneField(_l("Telefoon"))
    i_do = LinesField(_l("Wat ik doe"), [longest(LONGEST_LINES)])
    you_do = LinesField(_l("Wat mijn coach doet"), [longest(LONGEST_LINES)])
    employer_does = LinesField(_l("Wat het bedrijf doet"), [longest(LONGEST_LINES)])
    municipality_does = LinesField(_l("Wat de gemeente doet"), [longest(LONGEST_LINES)])


@dataclass(frozen=True, slots=True)
class Side:
    """What one side does; no lines is a task that is still open."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The agreements as they stand on paper."""

    title: str
    made_on: str
    next_step: str
    next_on: str
    with_whom: str
    phone: str
    sides: tuple[Side, ...]

    @property
    def open_sides(self) -> int:
        """How many sides have nothing agreed yet."""
        return sum(not side.lines for side in self.sides)

    @property
    def text(self) -> str:
        """The sheet as plain text."""
        to_agree = _("nog af te spreken")
        head = [
            f"{self.title} ({self.made_on})",
            "",
            _("Volgende stap: %(step)s", step=self.next_step),
            _("Wanneer: %(day)s", day=self.next_on or to_agree),
            _("Met wie: %(who)s", who=self.with_whom or to_agree),
            _("Telefoon: %(phone)s", phone=self.phone or to_agree),
        ]
        for side in self.sides:
            head += ["", side.title]
            head += [f"- {line}" for line in side.lines] or [f"- {to_agree}"]
        return "\n".join(head)


@blueprint.get("/kandidaten/<int:candidate_id>/afspraken/maken")
@coaching
@belongs_to("coach.candidates")
def edit_agreements(candidate_id: int) -> ResponseReturnValue:
    """The form: as it was left, else begun from the advice."""
    record = the_candidate(candidate_id)
    draft = intake.find_draft(current_session(), the_viewer(), candidate_id, CARD)
    if draft is None or request.args.get("plek"):
        form = AgreementsForm(formdata=None, data=_begin(record))
    else:
        form = AgreementsForm(formdata=draft_formdata(draft.answers))
    return _render(record, form)


@blueprint.get("/kandidaten/<int:candidate_id>/afspraken")
@coaching
@belongs_to("coach.candidates")
def agreements(candidate_id: int) -> ResponseReturnValue:
    """The sheet; without one, the form to make it."""
    record = the_candidate(candidate_id)
    draft = intake.find_draft(current_session(), the_viewer(), candidate_id, CARD)
    place = request.args.get("plek")
    if draft is None or place:
        address = url_for("coach.edit_agreements", candidate_id=candidate_id, plek=place)
        return redirect(address)
    form = AgreementsForm(formdata=draft_formdata(draft.answers))
    if not form["next_step"].data:
        return redirect(url_for("coach.edit_agreements", candidate_id=candidate_id))
    sheet = sheet_of(record, form, draft)
    return render_template(
        "coach/agreements.html", record=record, name=person_name(record), sheet=sheet
    )


@blueprint.post("/kandidaten/<int:candidate_id>/afspraken/maken")
@coaching
@belongs_to("coach.candidates")
def save_agreements(candidate_id: int) -> ResponseReturnValue:
    """Keeps what was typed, and shows the sheet when all of it can be read."""
    record = the_candidate(candidate_id)
    answers = draft_answers(request.form, FIELD_NAMES)
    intake.save_draft(
        current_session(),
        the_viewer(),
        card=CARD,
        answers=answers,
        candidate_id=candidate_id,
        now=now(),
    )
    form = AgreementsForm(formdata=typed_over(answers, request.form, FIELD_NAMES))
    if not form.validate():
        return _render(record, form), 400
    return redirect(url_for("coach.agreements", candidate_id=candidate_id))


@blueprint.post("/kandidaten/<int:candidate_id>/afspraken/weg")
@coaching
@belongs_to("coach.candidates")
def discard_agreements(candidate_id: int) -> ResponseReturnValue:
    """Throws the sheet away here; what was printed or copied stays with whoever has it."""
    draft = intake.find_draft(current_session(), the_viewer(), candidate_id, CARD)
    if draft is not None:
        intake.discard_draft(current_session(), the_viewer(), draft.id)
    return redirect(url_for("coach.advice", candidate_id=candidate_id))


def _render(record: CandidateRecord, form: AgreementsForm) -> str:
    return render_template(
        "coach/agreements_form.html", record=record, name=person_name(record), form=form
    )


def _begin(record: CandidateRecord) -> dict[str, Any]:
    """What the advice already knows of the sheet; the rest is for the two people at the table."""
    if record.manual_only:
        return {}
    assessed = assessment_of(record)
    if asks_first(assessed):
        return {}
    plan_row = plan_of(record)
    found: dict[str, Any] = {
        "next_step": label_of("lanes", assessed.result["lane"]),
        "next_on": _as_date(assessed.result["review_on"]),
    }
    if plan_row is not None:
        known = vacancies_by_reference([plan_row["vacancy"]] if plan_row["vacancy"] else [])
        plan = plan_view(plan_row, known, today())
        if plan.steps:
            first = plan.steps[0]
            found["next_step"] = _("Beginnen met %(programme)s", programme=first.title)
            found["next_on"] = first.starts_on
        elif plan.place_title:
            found["next_step"] = _("Kennismaken bij %(place)s", place=plan.place_title)
    place = request.args.get("plek", "")
    if place.isdecimal() and len(place) < 10:
        try:
            vacancy = vacancies.get_vacancy(current_session(), the_viewer(), int(place))
        except NotFound:
            return found
        found["next_step"] = _("Kennismaken bij %(place)s", place=vacancy_title(vacancy))
        found["employer_does"] = _(
            "Ontvangt u voor een kennismaking: %(facts)s", facts=place_facts(vacancy)
        )
    return found


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def sheet_of(record: CandidateRecord, form: AgreementsForm, draft: DraftRecord) -> Sheet:
    """The sheet of what was filled in."""
    titles = {
        "i_do": _("Wat ik doe"),
        "you_do": _("Wat mijn coach doet"),
        "employer_does": _("Wat het bedrijf doet"),
        "municipality_does": _("Wat de gemeente doet"),
    }
    return Sheet(
        title=_("Onze afspraken, %(name)s", name=person_name(record)),
        made_on=day_with_weekday(draft.updated_at.date()),
        next_step=form["next_step"].data or "",
        next_on=day_with_weekday(form["next_on"].data) if form["next_on"].data else "",
        with_whom=form["with_whom"].data or "",
        phone=phone_words(form["phone"].data or ""),
        sides=tuple(
            Side(titles[name], tuple((form[name].data or "").splitlines())) for name in SIDES
        ),
    )


def next_steps(drafts: list[DraftRecord]) -> dict[int, tuple[str, date | None]]:
    """The agreed next step and its day, by candidate, out of the sheets among `drafts`."""
    found: dict[int, tuple[str, date | None]] = {}
    for draft in drafts:
        if draft.card != CARD or draft.candidate_id is None:
            continue
        form = AgreementsForm(formdata=draft_formdata(draft.answers))
        if form["next_step"].data:
            found[draft.candidate_id] = (form["next_step"].data, form["next_on"].data)
    return found
