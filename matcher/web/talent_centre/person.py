"""One person on one screen, for whoever decides on a lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput, Stale
from matcher.domain.vocabulary import Lane
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import DecisionSubject
from matcher.reference.queue import load_queue_terms
from matcher.repositories.records import AdviceRecord, CandidateRecord, DecisionRecord
from matcher.services import contacts, decisions, elsewhere, seats, triage
from matcher.services.calendar import day_of
from matcher.services.queue_changes import begin_visit
from matcher.services.visibility import Kind, show
from matcher.web.coach.advice import assessment_of, matches_of, vacancies_by_reference
from matcher.web.coach.choice_form import reason_words, receiver_words
from matcher.web.coach.own_choice import asks_first
from matcher.web.coach.people import person_name
from matcher.web.coach.person import PauseForm
from matcher.web.coach.places_view import PlaceLine, place_line
from matcher.web.coach.result_view import AdviceView, Row, advice_view
from matcher.web.coach.seen import the_candidate
from matcher.web.codes import label_of
from matcher.web.forms import DayField, MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.talent_centre.blueprint import blueprint
from matcher.web.talent_centre.lane_form import LaneForm, lane_form

TRIAGING = (Right.TRIAGER, Right.LEAD)
_PEOPLE = "talent_centre.people"
_PLACES = 3


class AttemptForm(MatcherForm):
    """Whether somebody was reached, and when next; never what was said."""

    next_on = DayField()


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision in words; `may_undo` within minutes, by who decided."""

    id: int
    words: str
    note: str
    undone: bool
    may_undo: bool


@blueprint.get("/mensen/<int:candidate_id>")
@requires(*TRIAGING)
@belongs_to(_PEOPLE)
def person(candidate_id: int) -> ResponseReturnValue:
    """Who it is, what is advised and why, what is missing, and everything to decide with."""
    begin_visit(current_session(), the_viewer(), now=now())
    return _render(the_candidate(candidate_id))


@blueprint.post("/mensen/<int:candidate_id>/besluit")
@requires(*TRIAGING)
@once_only
@belongs_to(_PEOPLE)
def decide(candidate_id: int) -> ResponseReturnValue:
    """Keeps the lane that was chosen, with all that goes with it."""
    record = the_candidate(candidate_id)
    assessed, chooses_first = _shown_advice(record)
    if chooses_first:
        return redirect(url_for("coach.advice", candidate_id=candidate_id), 303)
    form = _form(record, assessed, (), sent=True)
    if not form.validate():
        return _render(record, form), 400
    try:
        made = triage.decide_lane(
            current_session(), the_viewer(), candidate_id, form.wanted(), now=now()
        )
    except InvalidInput as error:
        form.explain(error.problems)
        return _render(record, form), 400
    except Stale as stale:
        form.seen_decision.data = str(stale.current)
        return _render(the_candidate(candidate_id), form, was_first=True), 412
    minutes = load_queue_terms(today()).undo_within.seconds // 60
    chosen = label_of("lanes", made.chosen)
    flash(
        _(
            "Besloten: %(chosen)s. U kunt dit nog %(minutes)s minuten terugnemen.",
            chosen=chosen,
            minutes=minutes,
        )
    )
    return redirect(url_for("talent_centre.person", candidate_id=candidate_id), 303)


@blueprint.post("/mensen/<int:candidate_id>/besluit/<int:decision_id>/terug")
@requires(*TRIAGING)
@belongs_to(_PEOPLE)
def undo(candidate_id: int, decision_id: int) -> ResponseReturnValue:
    """Takes the own decision back, within minutes."""
    record = the_candidate(candidate_id)
    if not MatcherForm().validate():
        return _render(record), 400
    triage.undo(current_session(), the_viewer(), [decision_id], now=now())
    flash(_("Teruggenomen. Het besluit telt niet meer."))
    return redirect(url_for("talent_centre.person", candidate_id=candidate_id), 303)


@blueprint.post("/mensen/<int:candidate_id>/<any(bereikt, gemist):outcome>")
@requires(*TRIAGING)
@once_only
@belongs_to(_PEOPLE)
def attempt(candidate_id: int, outcome: str) -> ResponseReturnValue:
    """Keeps an attempt to reach somebody."""
    record = the_candidate(candidate_id)
    form = AttemptForm()
    if not form.validate():
        return _render(record, attempt_form=form), 400
    try:
        count = contacts.note_attempt(
            current_session(),
            the_viewer(),
            candidate_id,
            reached=outcome == "bereikt",
            next_on=form.next_on.data,
            now=now(),
        )
    except InvalidInput:
        days = load_queue_terms(today()).review_within.days
        form.next_on.errors = [_("Kies een dag na vandaag en binnen %(days)s dagen.", days=days)]
        return _render(record, attempt_form=form), 400
    flash(_attempt_words(count))
    return redirect(url_for("talent_centre.person", candidate_id=candidate_id), 303)


@blueprint.post("/mensen/<int:candidate_id>/pauze")
@requires(*TRIAGING)
@belongs_to(_PEOPLE)
def pause(candidate_id: int) -> ResponseReturnValue:
    """Pauses until a day, or ends a pause; why is never asked."""
    record = the_candidate(candidate_id)
    form = PauseForm()
    try:
        if not form.applied_to(candidate_id):
            return _render(record, pause_form=form), 400
    except Stale:
        return _render(the_candidate(candidate_id), was_first=True), 412
    return redirect(url_for("talent_centre.person", candidate_id=candidate_id), 303)


def _attempt_words(count: int) -> str:
    most = load_queue_terms(today()).attempts_until_letter
    if not count:
        return _("Genoteerd: bereikt.")
    if count < most:
        return _("Genoteerd: %(count)s van %(most)s keer niet bereikt.", count=count, most=most)
    return _("Genoteerd: %(most)s keer niet bereikt. Er staat een brief klaar.", most=most)


def _render(
    record: CandidateRecord,
    form: LaneForm | None = None,
    *,
    attempt_form: AttemptForm | None = None,
    pause_form: PauseForm | None = None,
    was_first: bool = False,
) -> str:
    session, viewer, on = current_session(), the_viewer(), today()
    assessed, chooses_first = _shown_advice(record)
    view = None if assessed is None else advice_view(assessed.result, first_weeks=None)
    kept = decisions.list_decisions(session, viewer, record.id)
    attempts = contacts.list_attempts(session, viewer, record.id)
    handed = elsewhere.of_candidate(session, viewer, record.id)
    standing = next((one for one in handed if one.back_on is None), None)
    if pause_form is None:
        pause_form = PauseForm(formdata=None, data={"paused_until": record.profile.paused_until})
        pause_form.version.data = str(record.version)
    waiting = record.profile.waiting_since
    terms = load_queue_terms(on)
    return render_template(
        "talent_centre/person.html",
        record=record,
        name=person_name(record),
        on=on,
        view=view,
        range_words=None if view is None else _range_words(view),
        chooses_first=chooses_first,
        places=None if assessed is None else _places(record),
        seats=[
            show(Kind.SEAT, seat.as_mapping(), viewer.rights)
            for seat in seats.for_candidate(session, viewer, record.id)
        ],
        waiting_days=None if waiting is None else max(0, (on - waiting).days),
        long_wait=terms.long_wait.days,
        attempts=contacts.since_reached(attempts),
        attempts_most=terms.attempts_until_letter,
        last=attempts[0] if attempts else None,
        decided=[_decided(each) for each in kept if each.subject is DecisionSubject.LANE],
        standing=standing,
        receivers=receiver_words(),
        misses_receiver=standing is None and _stands(kept) == Lane.OTHER_ROUTE.value,
        form=form or _form(record, assessed, kept),
        attempt_form=attempt_form or AttemptForm(formdata=None),
        pause_form=pause_form,
        plain_form=MatcherForm(formdata=None),
        is_paused=record.profile.is_paused(on),
        was_first=was_first,
        lane_notes={} if view is None else {view.lane: _("dit is het advies")},
        programmes_url=_programmes_url(record.id),
    )


def _shown_advice(record: CandidateRecord) -> tuple[AdviceRecord | None, bool]:
    """The advice of today, and whether the viewer is asked for an own choice before it is shown."""
    if record.manual_only:
        return None, False
    assessed = assessment_of(record)
    return (None, True) if asks_first(assessed) else (assessed, False)


def _form(
    record: CandidateRecord,
    assessed: AdviceRecord | None,
    kept: Sequence[DecisionRecord],
    *,
    sent: bool = False,
) -> LaneForm:
    suggested = None if assessed is None else assessed.result["lane"]
    review: Any = None if assessed is None else assessed.result["review_on"]
    standing = next((each.id for each in kept if _is_standing(each)), 0)
    return lane_form(
        record,
        sorted((lane.value for lane in Lane), key=lambda lane: lane != suggested),
        seen_decision=standing,
        assessment_id=None if assessed is None else assessed.id,
        review_on=date.fromisoformat(review) if isinstance(review, str) else review,
        sent=sent,
    )


def _is_standing(each: DecisionRecord) -> bool:
    return each.subject is DecisionSubject.LANE and each.undone_at is None


def _stands(kept: list[DecisionRecord]) -> str | None:
    return next((each.chosen for each in kept if _is_standing(each)), None)


def _decided(each: DecisionRecord) -> Decided:
    words = _(
        "%(chosen)s, op %(day)s",
        chosen=label_of("lanes", each.chosen),
        day=day(day_of(each.decided_at)),
    )
    note = reason_words().get(each.reason.value, "")
    if each.undone_at is not None:
        note = _("teruggenomen")
    elif each.review_on is not None:
        note = _("%(reason)s · opnieuw op %(day)s", reason=note, day=day(each.review_on))
    may = triage.may_undo(the_viewer(), each, now=now())
    return Decided(each.id, words, note, each.undone_at is not None, may)


def _places(record: CandidateRecord) -> tuple[list[PlaceLine], list[PlaceLine]]:
    """The best places that fit, and those that one thing keeps shut, best first."""
    rows = matches_of(record)
    fits = [row for row in rows if row["eligible"]][:_PLACES]
    short = [row for row in rows if is_one_step(row)][:_PLACES]
    known = vacancies_by_reference(row["vacancy"] for row in (*fits, *short))
    return (
        [place_line(row, known.get(row["vacancy"])) for row in fits],
        [place_line(row, known.get(row["vacancy"])) for row in short],
    )


def is_one_step(row: Row) -> bool:
    """Whether exactly one thing keeps somebody from a place."""
    return not row["eligible"] and len(row["blockers"]) == 1


def _range_words(view: AdviceView) -> str:
    """How sure the picture is, in words: how far what is not known could still move it."""
    width = int(view.high) - int(view.low)
    if not width:
        return _("Alles wat telt, is bekend.")
    missing = len(view.ask_next)
    if not missing:
        return _("Het beeld is bijna compleet. Wat nog ontbreekt, verandert het advies niet.")
    return ngettext(
        "Het beeld is nog niet compleet. %(num)s antwoord kan het advies veranderen.",
        "Het beeld is nog niet compleet. %(num)s antwoorden kunnen het advies veranderen.",
        missing,
    )


def _programmes_url(candidate_id: int) -> str | None:
    """The page on which a seat is booked, where there is one."""
    endpoint = "programmes.choose"
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, candidate_id=candidate_id)
