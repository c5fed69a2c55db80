"""What to ask next: useful, on the spot first, and never without what the lane waits for."""

from __future__ import annotations

import pytest

from matcher.domain.assessment import assess
from matcher.domain.pathways import Pathways
from tests.domain.strategies import SETTING
from tests.domain.test_lanes import READY

BARE = dict.fromkeys(
    [
        "rhythm",
        "work_skills",
        "money",
        "language_speak",
        "language_read",
        "home_base",
        "lift",
        "stand",
        "bend",
        "outdoor",
        "group",
        "hours_max",
        "travel_max_minutes",
        "travel_modes",
    ]
)


def asked(**values):
    return assess(READY.with_values(values), Pathways((), SETTING))


def fields(assessment):
    return [question.field for question in assessment.ask_next]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"rhythm": None}, ["rhythm"]),
        ({"work_skills": None}, ["work_skills"]),
        ({"rhythm": None, "work_skills": None}, ["rhythm", "work_skills"]),
        ({"money": None, "home_base": None, "work_skills": None}, ["money", "work_skills"]),
        ({"hours_max": None, "money": None}, ["hours_max", "money"]),
    ],
)
def test_the_questions_that_matter_are_asked_two_at_most(values, expected):
    assert fields(asked(**values)) == expected


def test_a_bare_file_asks_first_what_can_be_answered_now_and_then_what_must_be_tried():
    assessment = asked(**BARE)
    assert assessment.lane.lane.value == "not_enough_known"
    assert assessment.ask_next[0].on_the_spot
    assert fields(assessment)[1] == "work_skills"


def test_answering_the_questions_of_a_bare_file_leads_to_a_lane():
    values = dict(BARE)
    for _ in range(len(BARE)):
        assessment = asked(**values)
        if assessment.lane.lane.value != "not_enough_known":
            break
        for field in fields(assessment):
            values[field] = getattr(READY, field)
    assert assessment.lane.lane.value in ("ready_now", "ready_with_support")
    assert sum(value is not None for value in values.values()) <= 8


def test_a_question_says_by_how_much_it_narrows_the_range():
    assessment = asked(rhythm=None, work_skills=None)
    narrows = {q.field: q.narrows for q in assessment.questions}
    assert narrows == {"rhythm": 2400, "work_skills": 1800}


def test_the_one_change_is_the_one_that_gives_the_better_lane():
    assessment = asked(rhythm=2, money=2)
    assert (assessment.would_change.field, assessment.would_change.value) == ("rhythm", 3)
    only_money = asked(money=2)
    assert only_money.would_change.field == "money"
    assert only_money.would_change.lane.value == "ready_now"
    assert asked().would_change is None
