"""The advice page: what now, why, which places, the way there, and what is chosen together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.candidate import CandidateProfile, without_expired
from matcher.domain.errors import InvalidInput
from matcher.domain.programme import Programme
from matcher.domain.vocabulary import Lane
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.records import (
    AdviceRecord,
    CandidateRecord,
    DecisionRecord,
    VacancyRecord,
)
from matcher.services import assessments, decisions, intake, programmes, vacancies
from matcher.services.rule_versions import rules_on
from matcher.services.visibility import Kind
from matcher.web.coach.answers import question_form
from matcher.web.coach.blueprint import advising, blueprint
from matcher.web.coach.card import asked_on, expired_items, one_tap_question
from matcher.web.coach.cards import card_states, counted_questions
from matcher.web.coach.choice_form import ChoiceForm, choice_form, lane_notes
from matcher.web.coach.fields import UNKNOWN
from matcher.web.coach.own_choice import (
    asks_first,
    choice_first_form,
    own_choice_words,
    render_own_choice,
)
from matcher.web.coach.people import person_name
from matcher.web.coach.places_view import PlaceLine, place_line
from matcher.web.coach.plan_view import BUILD_UP, helps_of, plan_view
from matcher.web.coach.predicted import beside
from matcher.web.coach.question import known_count
from matcher.web.coach.result_view import AskNext, Row, advice_view
from matcher.web.coach.seen import seen_row, seen_rows, the_candidate
from matcher.web.codes import label_of
from matcher.web.introduction_parts import rows_of
from matcher.web.navigation import belongs_to
from matcher.web.seat_parts import free_seats, seat_note, seats_card

TOP_PLACES = 5
PAGE_OF_VACANCIES = 200
PAGE_OF_PROGRAMMES = 100
_LANE = "lane"


@dataclass(frozen=True, slots=True)
class QuestionToAsk:
    """A question of the advice page; with `options` one tap answers it, else a card does."""

    field: str
    text: str
    note: str
    options: tuple[tuple[str, str], ...]
    card: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that stands, in words; its number leads to the motivation."""

    id: int
    words: str


@blueprint.get("/kandidaten/<int:candidate_id>")
@advising
@belongs_to("coach.candidates")
def advice(candidate_id: int) -> ResponseReturnValue:
    """What now for one candidate; computed anew when anything changed, else as kept."""
    record = the_candidate(candidate_id)
    if not record.manual_only:
        assessed = assessment_of(record)
        if asks_first(assessed):
            return render_own_choice(record, assessed.id, choice_first_form())
    return _render(record)


@blueprint.post("/kandidaten/<int:candidate_id>/keuze")
@advising
@once_only
@belongs_to("coach.candidates")
def decide(candidate_id: int) -> ResponseReturnValue:
    """Keeps what was chosen together beside the advice, never over it."""
    record = the_candidate(candidate_id)
    # Who objected to automated suggestions has no assessment: a person decides without one.
    assessed = None if record.manual_only else assessment_of(record)
    if assessed is not None and asks_first(assessed):
        return redirect(url_for("coach.advice", candidate_id=candidate_id))
    suggested = None if assessed is None else assessed.result["lane"]
    form = choice_form(suggested)
    if form.validate():
        try:
            decisions.record_decision(
                current_session(),
                the_viewer(),
                candidate_id,
                subject=_LANE,
                suggested=suggested,
                chosen=str(form.chosen.data),
                reason=str(form.reason.data),
                text=form.text.data,
                assessment_id=None if assessed is None else assessed.id,
                receiver=form.receiver.data or None,
                appointment_on=form.appointment_on.data,
                now=now(),
            )
        except InvalidInput as error:
            form.explain(error.problems)
        else:
            flash(_("Uw keuze is vastgelegd."))
            return redirect(url_for("coach.advice", candidate_id=candidate_id, _anchor="keuze"))
    return _render(record, form), 400


def _render(record: CandidateRecord, choice: ChoiceForm | None = None) -> str:
    if record.manual_only:
        return _render_by_person(record, choice)
    session, viewer, on = current_session(), the_viewer(), today()
    assessed = assessment_of(record)
    matches = matches_of(record)
    plan_row = plan_of(record)
    top = [row for row in matches if row["eligible"]][:TOP_PLACES]
    known = vacancies_by_reference(_references(top, plan_row))
    lane = assessed.result["lane"]
    offered = offered_programmes()
    plan = None if plan_row is None else plan_view(plan_row, known, on, lane, _seat_words(offered))
    helps = helps_of(assessed.result["programmes"], offered, on)
    view = advice_view(assessed.result, first_weeks=math.ceil(helps[0].weeks) if helps else None)
    rules = rules_on(current_session(), record.profile.region, today())
    counted = counted_questions()
    drafts = intake.list_drafts(session, viewer, candidate_id=record.id)
    blocked = sum(not row["eligible"] for row in matches)
    return render_template(
        "coach/advice.html",
        record=record,
        name=person_name(record),
        on=on,
        view=view,
        plan=plan,
        helps=helps,
        helps_title=_helps_title(lane),
        known=known_count(counted, _current(record)),
        total=len(counted),
        expired=expired_items(record),
        questions=[question_to_ask(question) for question in view.ask_next],
        top_places=[place_line(row, known.get(row["vacancy"])) for row in top],
        places_title=_places_title(view.places_now),
        place_count=len(matches),
        blocked_words=_blocked_words(blocked, len(matches)),
        cards=card_states(record.profile, rules, on, [draft.card for draft in drafts]),
        choice=choice or choice_form(lane),
        lane_notes=lane_notes(lane),
        decision=_decided(decisions.latest_decision(session, viewer, record.id, _LANE)),
        region=label_of("regions", record.profile.region),
        own_choice=own_choice_words(assessed),
        adopted_on=day(rules.adopted_on or rules.valid_from),
        artefact=assessed.result["artefact"],
        beside=beside(assessed),
        **rows_of(record.id),
        **seats_card(record),
    )


def _seat_words(offered: Mapping[str, Programme]) -> Callable[[Row], str]:
    """Says of a step of a plan whether there is a seat for it."""
    free = free_seats()
    return lambda step: seat_note(step, offered.get(str(step["programme"])), free)


def _render_by_person(record: CandidateRecord, choice: ChoiceForm | None) -> str:
    """The page of somebody who objected: nothing is computed, a person advises."""
    latest = decisions.latest_decision(current_session(), the_viewer(), record.id, _LANE)
    return render_template(
        "coach/by_person.html",
        record=record,
        name=person_name(record),
        choice=choice or choice_form(None),
        lane_notes={},
        decision=_decided(latest),
        **rows_of(record.id),
        **seats_card(record),
    )


def assessment_of(record: CandidateRecord) -> AdviceRecord:
    """The assessment of today, kept and reused while nothing changed."""
    kept = assessments.assess_candidate(
        current_session(),
        the_viewer(),
        record.id,
        on=today(),
        now=now(),
        language=current_language(),
    )
    return replace(kept, result=seen_row(Kind.ASSESSMENT, kept.result))


def matches_of(record: CandidateRecord) -> Sequence[Row]:
    """Every open place of the region for one candidate, best first; none during a pause."""
    if record.profile.is_paused(today()):
        return []
    kept = assessments.match_candidate(
        current_session(),
        the_viewer(),
        record.id,
        on=today(),
        now=now(),
        language=current_language(),
    )
    return seen_rows(Kind.MATCH, kept.result)


def plan_of(record: CandidateRecord) -> Row | None:
    """The plan of today; none during a pause."""
    if record.profile.is_paused(today()):
        return None
    kept = assessments.plan_candidate(
        current_session(),
        the_viewer(),
        record.id,
        on=today(),
        now=now(),
        language=current_language(),
    )
    return seen_row(Kind.PLAN, kept.result)


def vacancies_by_reference(references: Iterable[str]) -> dict[str, VacancyRecord]:
    """The open vacancies among `references`, by reference."""
    wanted = set(references)
    found: dict[str, VacancyRecord] = {}
    cursor: str | None = None
    while wanted - set(found):
        page = vacancies.list_vacancies(
            current_session(),
            the_viewer(),
            status="open",
            cursor=cursor,
            limit=PAGE_OF_VACANCIES,
        )
        found.update(
            (record.profile.reference, record)
            for record in page.items
            if record.profile.reference in wanted
        )
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


def offered_programmes() -> dict[str, Programme]:
    """The programmes of the region that can be followed, by reference."""
    found: dict[str, Programme] = {}
    cursor: str | None = None
    while True:
        page = programmes.list_programmes(
            current_session(), the_viewer(), cursor=cursor, limit=PAGE_OF_PROGRAMMES
        )
        found.update((item.programme.reference, item.programme) for item in page.items)
        cursor = page.next_cursor
        if cursor is None:
            return found


def _references(rows: Iterable[Row], plan: Row | None) -> set[str]:
    found = {row["vacancy"] for row in rows}
    if plan is not None:
        found.update(reference for step in plan["steps"] for reference in step["unlocks"])
        if plan["vacancy"] is not None:
            found.add(plan["vacancy"])
    return found


def _current(record: CandidateRecord) -> CandidateProfile:
    rules = rules_on(current_session(), record.profile.region, today())
    return without_expired(record.profile, rules.shelf_life_weeks, today())


def question_to_ask(question: AskNext) -> QuestionToAsk:
    """A question with its answer buttons, or the card that asks it."""
    asked = one_tap_question(question.field)
    _question, card = asked_on(question.field)
    options: tuple[tuple[str, str], ...] = ()
    if asked is not None:
        form = question_form([asked])
        options = tuple(
            (option.choice.value, option.choice.label)
            for option in form[question.field]
            if option.choice.value != UNKNOWN
        )
    return QuestionToAsk(question.field, question.text, question.note, options, card)


def _helps_title(lane: str) -> str:
    if lane in BUILD_UP:
        return _("Hiermee begint u")
    return _("Dit helpt, naast het werk")


def _places_title(places_now: int | None) -> str:
    if not places_now:
        return _("Nu is er nog geen plek mogelijk")
    return ngettext("Nu is %(num)s plek mogelijk", "Nu zijn %(num)s plekken mogelijk", places_now)


def _blocked_words(blocked: int, total: int) -> str:
    if not blocked:
        return _("Alle %(count)s vacatures, met wat ze vragen", count=total)
    return ngettext(
        "%(num)s vacature die nu niet past, en wat daarvoor nodig is",
        "%(num)s vacatures die nu niet passen, en wat daarvoor nodig is",
        blocked,
    )


def _decided(decision: DecisionRecord | None) -> Decided | None:
    if decision is None:
        return None
    chosen = label_of("lanes", decision.chosen) if decision.chosen in set(Lane) else decision.chosen
    on = day(decision.decided_at.date())
    return Decided(decision.id, _("Gekozen op %(day)s: %(chosen)s.", day=on, chosen=chosen))


def place_lines(
    rows: Iterable[Row], known: Mapping[str, VacancyRecord], ways: Mapping[str, Row]
) -> list[PlaceLine]:
    """Match rows for a list of places."""
    return [place_line(row, known.get(row["vacancy"]), ways.get(row["vacancy"])) for row in rows]
