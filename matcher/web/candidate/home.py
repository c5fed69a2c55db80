"""The candidate's first page: what is asked now, what we advise and why, the plan, who helps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.domain.vocabulary import Lane
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.models.states import CaseloadChangeKind, OwnRequestState
from matcher.repositories.records import CandidateRecord, DecisionRecord
from matcher.services import (
    caseload_changes,
    decisions,
    introduction_views,
    own_file,
    own_requests,
)
from matcher.services.calendar import day_of
from matcher.services.caseload_changes import ChangeShown
from matcher.services.introduction_views import OwnIntroduction
from matcher.services.own_file import OwnAdvice, OwnPlan
from matcher.services.rule_versions import rules_on
from matcher.web.candidate.blueprint import blueprint, own
from matcher.web.candidate.programmes import offers_to_answer
from matcher.web.candidate.sheet import own_sheet
from matcher.web.candidate.work import questions_now
from matcher.web.coach.choices import text_of
from matcher.web.codes import label_of

_ON_THE_SPOT = 2
"""Open questions that are put on the page: more is homework."""
_NEWEST_CHANGES = 3
"""Changes of coach that are put on the page; the download has them all."""


@dataclass(frozen=True, slots=True)
class AdviceWords:
    """The advice in words; `lang` is the language that its sentences were made in."""

    lane: str
    title: str
    text: str
    reasons: tuple[tuple[str, str], ...]
    would_change: str | None
    made_on: date
    is_old: bool
    lang: str | None
    rules_region: str
    rules_on: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was decided by a person."""

    title: str
    on: date
    reason: str
    text: str | None


@blueprint.get("")
@own
def home() -> ResponseReturnValue:
    """What somebody finds first; nothing on it is computed by opening it."""
    session, viewer = current_session(), the_viewer()
    record = own_file.own_record(session, viewer)
    advices = own_file.own_assessments(session, viewer)
    plans = own_file.own_plans(session, viewer)
    found = own_requests.list_requests(session, viewer, record.id)
    waiting = [item for item in found if item.state is OwnRequestState.OPEN]
    advice = None if record.manual_only or not advices else advices[0]
    is_paused = record.profile.is_paused(today())
    return render_template(
        "candidate/home.html",
        record=record,
        is_paused=is_paused,
        asked=[] if is_paused or advice is None else advice.ask_next[:_ON_THE_SPOT],
        advice=None if advice is None else advice_words(advice, record),
        chosen=_chosen(record),
        plan=None if record.manual_only or is_paused else _coming(plans),
        sheet=own_sheet(),
        waiting=waiting,
        first_answer=min((item.due_on for item in waiting), default=None),
        invitations=[] if is_paused else _to_answer(),
        offers=[] if is_paused else offers_to_answer(),
        work_questions=[] if is_paused else questions_now(),
        has_coach=own_file.has_coach(session, viewer),
        helpers=_helpers(),
    )


def advice_words(advice: OwnAdvice, record: CandidateRecord) -> AdviceWords:
    """A kept assessment as the page says it."""
    rules = rules_on(current_session(), record.profile.region, today())
    return AdviceWords(
        lane=advice.lane,
        title=label_of("lanes", advice.lane),
        text=_lane_text(advice),
        reasons=advice.reasons,
        would_change=advice.would_change,
        made_on=advice.on,
        is_old=record.version > advice.file_version,
        lang=None if advice.language == current_language() else advice.language,
        rules_region=label_of("regions", record.profile.region),
        rules_on=day(rules.adopted_on or rules.valid_from),
    )


def _lane_text(advice: OwnAdvice) -> str:
    """What a lane means for somebody, with the day to look again where that is part of it."""
    until = "" if advice.review_on is None else day(advice.review_on)
    if advice.lane == Lane.PRE_PLACEMENT:
        return _(
            "Meteen werken is nu een te grote stap. U begint met een programma dat past. "
            "Daarna kijken we opnieuw, uiterlijk op %(day)s.",
            day=until,
        )
    if advice.lane == Lane.OTHER_ROUTE:
        return _(
            "Dit soort plekken past nu niet bij u. Uw coach zoekt met u wie u verder helpt. "
            "Uiterlijk op %(day)s spreekt u elkaar weer. U kunt altijd terugkomen.",
            day=until,
        )
    if advice.lane == Lane.NOT_ENOUGH_KNOWN:
        return _("We weten nog te weinig voor een goed advies. Dat ligt niet aan u.")
    return text_of("lanes", advice.lane, "explanation")


def _chosen(record: CandidateRecord) -> Chosen | None:
    found = decisions.latest_decision(current_session(), the_viewer(), record.id, "lane")
    return None if found is None else chosen_words(found)


def chosen_words(decision: DecisionRecord) -> Chosen:
    """A decision in words."""
    chosen = decision.chosen
    title = label_of("lanes", chosen) if chosen in set(Lane) else chosen
    reason = label_of("decision_reasons", decision.reason.value)
    return Chosen(title, day_of(decision.decided_at), reason, decision.text)


def _to_answer() -> list[OwnIntroduction]:
    """The invitations that wait for an answer, the first to pass on top."""
    found = introduction_views.for_candidate(current_session(), the_viewer(), now=now())
    return sorted((one for one in found if one.can_answer), key=lambda one: one.answer_by)


def _helpers() -> list[str]:
    """Who took over and who stands in, with the days; never a name."""
    changes = caseload_changes.changes_for_candidate(current_session(), the_viewer())
    return [_change_words(change) for change in changes[:_NEWEST_CHANGES]]


def _change_words(change: ChangeShown) -> str:
    since = day(change.starts_on)
    if change.kind is CaseloadChangeKind.HAND_OVER:
        if change.from_right is None:
            return _("Uw coach begeleidt u sinds %(day)s.", day=since)
        return _("Sinds %(day)s hebt u een andere coach.", day=since)
    if change.ended_on is not None:
        ended = day(change.ended_on)
        return _("Van %(day)s tot %(until)s hielp een collega u.", day=since, until=ended)
    until = "" if change.until is None else day(change.until)
    return _(
        "Van %(day)s tot en met %(until)s helpt een collega van uw coach u.", day=since, until=until
    )


def _coming(plans: list[OwnPlan]) -> OwnPlan | None:
    """The newest plan with the steps that are not over yet; None when nothing lies ahead."""
    if not plans:
        return None
    plan = plans[0]
    ahead = [step for step in plan.steps if step.ends_on >= today()]
    has_place = plan.place_on is not None and plan.place_on >= today()
    return plan if ahead or has_place else None
