"""The table of who sees what: literal where a mistake would hurt, and by promise everywhere."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from matcher.domain.access import NOBODY, STAFF, Right, operator
from matcher.domain.candidate import CandidateProfile
from matcher.domain.places import Places
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LOADS
from matcher.reference.rules import load_rule_set
from matcher.services.advice import assess_rows, match_rows, plan_rows
from matcher.services.visibility import (
    PUBLIC_FIELDS,
    TABLE,
    WRITABLE,
    Kind,
    Stage,
    show,
    visible_fields,
    writable_fields,
)

CELLS = list(product(Kind, Right, Stage))
SECRET_FROM_CONTRACTORS = {
    *LOADS, "money", "home_base", "benefit", "birth_year", "rhythm", "work_skills",
    "language_speak", "language_read", "digital", "education", "occupations", "pc4", "wants_start",
    "blocked", "hours_min", "hours_max", "current_hours", "travel_modes", "travel_max_minutes",
    "guidance_need", "observed_on", "waiting_since", "paused_until", "status", "closed_code",
    "not_reached", "owner_account_id", "reference", "id", "lane", "rule", "readiness",
    "readiness_low", "readiness_high", "readiness_without_money", "start_level", "fit", "rank",
    "components", "gaps", "blockers", "certainty", "dimensions", "reasons", "known_share",
}  # fmt: skip


def test_a_cell_that_nobody_filled_in_shows_nothing() -> None:
    named = {(kind, right, stage) for kind, cells in TABLE.items() for right, stage in cells}

    for kind, right, stage in CELLS:
        if (kind, right, stage) not in named:
            public = PUBLIC_FIELDS.get(kind, frozenset()) if stage is Stage.PUBLIC else frozenset()
            assert visible_fields(kind, [right], stage) == public


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PUBLIC])
def test_without_a_right_nothing_is_seen(kind: Kind, stage: Stage) -> None:
    assert visible_fields(kind, [], stage) == frozenset()


def test_the_public_sees_rounded_counts_and_when_a_call_comes_and_nothing_else() -> None:
    seen = {kind: visible_fields(kind, NOBODY.rights, Stage.PUBLIC) for kind in Kind}

    assert {kind: set(fields) for kind, fields in seen.items() if fields} == {
        Kind.POOL: {"sector", "label", "count", "as_of"},
        Kind.TALENT: {"region", "as_of", "until", "can_start", "wanted", "soon", "own"},
        Kind.CALL_REQUEST: {"due_at"},
    }


def test_before_consent_a_contractor_sees_five_things_of_a_person() -> None:
    five = {"pseudonym", "hours_band", "start_period", "meets_needs", "credentials_asked"}
    assert visible_fields(Kind.CANDIDATE, [Right.CONTRACTOR], Stage.SHORTLIST) == five
    assert visible_fields(Kind.SHORTLIST_LINE, [Right.CONTRACTOR]) == five


@pytest.mark.parametrize("stage", list(Stage))
def test_a_contractor_never_sees_what_is_private_of_a_person(stage: Stage) -> None:
    persons = set(Kind) - {
        Kind.VACANCY, Kind.PROGRAMME, Kind.ORGANISATION, Kind.POOL, Kind.CALL_REQUEST, Kind.TALENT,
        Kind.INTRODUCTION, Kind.PLACEMENT, Kind.PLACEMENT_OUTCOME, Kind.CONTRACT,
        Kind.DISPLACEMENT_CHECK, Kind.CONTRIBUTION, Kind.CONTRIBUTION_CHECK,
        Kind.CONTRACT_SHARE,
    }  # fmt: skip

    seen = set().union(*(visible_fields(kind, [Right.CONTRACTOR], stage) for kind in persons))

    assert not seen & SECRET_FROM_CONTRACTORS


def test_a_contractor_knows_of_an_introduction_how_far_it_is_and_not_of_whom() -> None:
    assert visible_fields(Kind.INTRODUCTION, [Right.CONTRACTOR]) == {
        "id", "vacancy_id", "vacancy", "title", "sector", "contractor", "pseudonym", "status",
        "invited_on", "answer_by", "ended", "person", "meet_on", "meet_half",
    }  # fmt: skip
    assert "goal" not in visible_fields(Kind.CANDIDATE, [Right.CONTRACTOR], Stage.SHORTLIST)


def test_an_employer_knows_of_somebody_at_work_there_what_it_agreed_and_answered_itself() -> None:
    assert visible_fields(Kind.PLACEMENT, [Right.CONTRACTOR]) == {
        "id", "vacancy_id", "vacancy", "title", "sector", "first_name", "state", "starts_on",
        "hours_a_week", "contract", "contract_until", "ended_on", "trial_from", "trial_until",
        "intends_contract", "contract_id",
    }  # fmt: skip
    assert visible_fields(Kind.PLACEMENT_OUTCOME, [Right.CONTRACTOR]) == {
        "id", "months", "status", "hours_a_week", "source", "answered_on",
    }  # fmt: skip
    assert visible_fields(Kind.PLACEMENT_EVENT, [Right.CONTRACTOR]) == frozenset()


@pytest.mark.parametrize("kind", [Kind.ASSESSMENT, Kind.MATCH, Kind.PLAN, Kind.DECISION])
@pytest.mark.parametrize("stage", list(Stage))
def test_a_contractor_sees_no_advice_at_all(kind: Kind, stage: Stage) -> None:
    assert visible_fields(kind, [Right.CONTRACTOR], stage) == frozenset()


@pytest.mark.parametrize("right", [Right.ADMIN, Right.OFFICER, Right.ANALYST])
def test_who_runs_the_region_or_the_service_sees_no_person(right: Right) -> None:
    for kind, stage in product((Kind.CANDIDATE, Kind.CANDIDATE_AUDIT, Kind.INTAKE_DRAFT), Stage):
        if (right, stage) != (Right.OFFICER, Stage.WITH_PURPOSE):
            assert visible_fields(kind, [right], stage) == frozenset()
    for kind in (Kind.ASSESSMENT, Kind.MATCH, Kind.PLAN, Kind.DECISION):
        seen = visible_fields(kind, [right])
        assert not seen & {"candidate", "candidate_id", "reference", "first_name"}


@pytest.mark.parametrize(
    ("right", "field", "expected"),
    [
        (Right.COACH, "money", True),
        (Right.TRIAGER, "money", True),
        (Right.SERVICE_POINT, "money", False),
        (Right.CANDIDATE, "money", True),
        (Right.COACH, "lift", True),
        (Right.SERVICE_POINT, "lift", False),
        (Right.COACH, "contact_value", True),
        (Right.LEAD, "contact_value", True),
        (Right.TRIAGER, "contact_value", False),
        (Right.SERVICE_POINT, "contact_value", False),
        (Right.COACH, "benefit", False),
        (Right.SERVICE_POINT, "first_name", True),
        (Right.CANDIDATE, "not_reached", True),
    ],
)
def test_cells_of_a_candidate_that_matter_most(right: Right, field: str, expected: bool) -> None:
    assert (field in visible_fields(Kind.CANDIDATE, [right])) is expected


def test_benefit_is_seen_by_the_coach_and_the_candidate_and_by_an_officer_for_a_purpose() -> None:
    seeing = {
        (right, stage)
        for kind, right, stage in CELLS
        if {"benefit", "birth_year"} & visible_fields(kind, [right], stage)
    }

    assert seeing == {
        (Right.COACH, Stage.OWN),
        (Right.CANDIDATE, Stage.OWN),
        (Right.OFFICER, Stage.WITH_PURPOSE),
    }


def test_for_a_purpose_a_triager_sees_how_to_reach_somebody_and_an_officer_a_name() -> None:
    for_purpose = {
        right: visible_fields(Kind.CANDIDATE, [right], Stage.WITH_PURPOSE) for right in Right
    }
    said = {right: fields for right, fields in for_purpose.items() if fields}

    assert said == {
        Right.TRIAGER: {"id", "reference", "first_name", "contact_kind", "contact_value"},
        Right.OFFICER: {"id", "reference", "first_name"},
    }


def test_the_candidate_reads_words_and_never_the_number() -> None:
    seen = visible_fields(Kind.ASSESSMENT, [Right.CANDIDATE])

    assert {"lane", "reasons", "would_change", "ask_next"} <= seen
    assert not seen & {"readiness", "start_level", "dimensions", "rule", "known_share"}


def test_the_service_point_sees_no_readiness_and_no_reason_of_a_match() -> None:
    for kind in (Kind.ASSESSMENT, Kind.MATCH, Kind.PLAN):
        seen = visible_fields(kind, [Right.SERVICE_POINT])
        assert not seen & {"readiness", "dimensions", "reasons", "components", "gaps", "blockers"}
        assert not seen & {"fit", "rank", "steps", "start_level"}


def test_several_rights_see_what_each_of_them_sees() -> None:
    for kind in Kind:
        both = visible_fields(kind, [Right.COACH, Right.SERVICE_POINT])
        each = [visible_fields(kind, [right]) for right in (Right.COACH, Right.SERVICE_POINT)]
        assert both == each[0] | each[1]


def test_show_keeps_the_order_and_drops_what_may_not_be_seen() -> None:
    record = {"rhythm": 3, "first_name": "Sam", "reference": "K-1", "unheard_of": 1}

    assert list(show(Kind.CANDIDATE, record, [Right.SERVICE_POINT])) == ["first_name", "reference"]
    assert show(Kind.CANDIDATE, record, []) == {}


@pytest.mark.parametrize(
    ("kind", "right", "stage"),
    [("cat", "coach", "own"), ("candidate", "king", "own"), ("candidate", "coach", "later")],
)
def test_a_misspelt_name_is_an_error_and_no_permission(kind: str, right: str, stage: str) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        visible_fields(kind, [right], stage)


ON = date(2027, 3, 1)
PERSON = CandidateProfile("K-1", "demo", rhythm=2, work_skills=2, hours_max=32, sectors=("F42",))
PLACE = VacancyProfile("V-1", "Firm", "demo", "F42", 2, rhythm=3, start_on=ON, flex_weeks=52)


def advice() -> dict[Kind, dict[str, Any]]:
    common: dict[str, Any] = {
        "on": ON,
        "rules": load_rule_set("national"),
        "places": Places({}),
        "lang": "nl",
    }
    [assessed] = assess_rows([PERSON], [PLACE], None, **common)
    [matched] = match_rows([PERSON], [PLACE], include_blocked=True, **common)
    [planned] = plan_rows([PERSON], [PLACE], None, **common)
    return {Kind.ASSESSMENT: assessed, Kind.MATCH: matched, Kind.PLAN: planned}


def test_whoever_advises_sees_every_part_of_an_advice() -> None:
    for kind, row in advice().items():
        for right in (Right.COACH, Right.LEAD, Right.TRIAGER):
            hidden = set(row) - visible_fields(kind, [right])
            assert hidden == set(), f"{kind} for {right}"


def test_only_the_candidate_sets_when_they_want_to_start() -> None:
    for right in Right:
        writes = "wants_start" in writable_fields(Kind.CANDIDATE, [right])
        assert writes is (right is Right.CANDIDATE)


def test_nobody_writes_what_they_cannot_see() -> None:
    for kind, cells in WRITABLE.items():
        for right, fields in cells.items():
            assert fields <= visible_fields(kind, [right]), f"{kind} for {right}"


def test_nobody_writes_what_the_service_itself_keeps() -> None:
    kept = {"id", "version", "created_at", "updated_at", "status", "owner_account_id", "lane"}
    kept |= {"organisation_id", "content_hash", "not_reached", "closed_code", "readiness"}

    for kind, right in product(Kind, Right):
        assert not writable_fields(kind, [right]) & kept


def test_the_operator_of_a_region_has_the_rights_of_its_staff_and_no_others() -> None:
    assert operator("demo").rights == STAFF | {Right.OFFICER, Right.ANALYST}
    assert operator("demo").region == "demo"
    assert not NOBODY.is_staff
