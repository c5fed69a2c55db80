"""The assessment of one candidate: readiness, lane, what to ask, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matcher.domain.candidate import CandidateProfile, without_expired
from matcher.domain.lanes import LaneResult, assess_lane
from matcher.domain.numbers import hundredths
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.questions import (
    QUESTIONS_MAXIMUM,
    Question,
    questions_worth_asking,
    unknown_answers,
)
from matcher.domain.readiness import (
    DIMENSION_OF_FIELD,
    Readiness,
    SectorReadiness,
    assess_readiness,
    revise_readiness,
)
from matcher.domain.vocabulary import ABILITY_MAXIMUM, LEVEL_MAXIMUM, LOADS, Lane


@dataclass(frozen=True, slots=True)
class Change:
    """The one thing that would change most: a field, its new value, and what follows.

    `lane` is the lane it leads to, `gain` hundredths of readiness; `is_answer` when the field is
    unknown now, so that answering is what is asked.
    """

    field: str
    value: Any
    lane: Lane
    gain: int
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """One candidate on one day under one rule set; all points in hundredths."""

    candidate: CandidateProfile
    on: date
    readiness: Readiness
    lane: LaneResult
    known_share: int
    questions: tuple[Question, ...]
    would_change: Change | None
    programmes: tuple[Programme, ...]
    review_on: date

    @property
    def ask_next(self) -> tuple[Question, ...]:
        """The questions to put now, two at most.

        Answerable on the spot goes first; but where a lane waits for something that must be tried,
        that is the second: no other answer can give the lane.
        """
        chosen = self.questions[:QUESTIONS_MAXIMUM]
        if self.lane.lane is not Lane.NOT_ENOUGH_KNOWN or len(self.questions) <= len(chosen):
            return chosen
        waits_for = [q for q in self.questions if q.changes_lane and not q.on_the_spot]
        if waits_for and waits_for[0] not in chosen:
            return (*chosen[:-1], waits_for[0])
        return chosen


def current(candidate: CandidateProfile, setting: Setting) -> CandidateProfile:
    """The candidate as the rules may see them on the day: expired levels are unknown."""
    return without_expired(candidate, setting.rules.shelf_life_weeks, setting.on)


def assess(candidate: CandidateProfile, pathways: Pathways) -> Assessment:
    """Readiness, lane, questions and the programmes to begin with, for one candidate."""
    setting = pathways.setting
    rules = setting.rules
    candidate = current(candidate, setting)
    readiness = assess_readiness(candidate, rules)
    lane = lane_of(candidate, readiness, pathways)

    def lane_after(changed: CandidateProfile, after: Readiness) -> Lane:
        return lane_of(changed, after, pathways).lane

    return Assessment(
        candidate=candidate,
        on=setting.on,
        readiness=readiness,
        lane=lane,
        known_share=hundredths(readiness.best.known_share),
        questions=questions_worth_asking(candidate, readiness, lane.lane, rules, lane_after),
        would_change=change_that_counts(candidate, readiness, lane.lane, pathways),
        programmes=pathways.suggested(candidate, sector_to_work_on(candidate, pathways)),
        review_on=setting.on + timedelta(days=rules.lanes.review_days[lane.lane]),
    )


def lane_of(candidate: CandidateProfile, readiness: Readiness, pathways: Pathways) -> LaneResult:
    """The lane of a candidate whose levels are current."""
    return assess_lane(
        candidate,
        readiness,
        pathways.setting.rules,
        lambda sector: pathways.out_of_reach(candidate, sector),
    )


def sector_to_work_on(candidate: CandidateProfile, pathways: Pathways) -> SectorReadiness:
    """The sector whose lane counts, with money left out: worries move no step of a plan (P-3)."""
    calm = candidate.with_values({"money": None})
    return lane_of(calm, assess_readiness(calm, pathways.setting.rules), pathways).sector


def single_changes(candidate: CandidateProfile) -> Iterator[tuple[str, Any, bool]]:
    """One step up on each known level or ability, and each answer to what is not known."""
    tops = {**LEVEL_MAXIMUM, **dict.fromkeys(LOADS, ABILITY_MAXIMUM)}
    for name, top in tops.items():
        level = candidate.level(name)
        if name in DIMENSION_OF_FIELD and level is not None and level < top:
            yield name, level + 1, False
    for field, answers in unknown_answers(candidate):
        for answer in answers:
            yield field, answer[field], True


def change_that_counts(
    candidate: CandidateProfile, readiness: Readiness, lane: Lane, pathways: Pathways
) -> Change | None:
    """The single change that gives the best lane, then the most readiness; None without any.

    A step someone can make goes before an answer that is not known yet when both give the same.
    """
    best: tuple[tuple[int, int, bool, int], Change] | None = None
    for order, (field, value, is_answer) in enumerate(single_changes(candidate)):
        changed = candidate.with_values({field: value})
        after = revise_readiness(readiness, changed, field, pathways.setting.rules)
        gain = after.points - readiness.points
        reached = lane_of(changed, after, pathways).lane
        if reached.order > lane.order or (reached is lane and gain <= 0):
            continue
        key = (reached.order, -gain, is_answer, order)
        if best is None or key < best[0]:
            best = key, Change(field, value, reached, gain, is_answer)
    return best[1] if best else None
