from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import InvalidInput, NotFound
from matcher.models import InputSnapshot
from matcher.models.states import AdviceKind
from matcher.models.types import result_text
from matcher.reference.paths import data_dir
from matcher.repositories.records import AdviceRecord, CandidateRecord
from matcher.services.advice import assess_rows, match_rows, plan_rows
from matcher.services.assessments import (
    CandidatePaused,
    assess_candidate,
    assess_stale,
    get_advice,
    latest_assessment,
    list_assessments,
    match_candidate,
    plan_candidate,
    replay,
    ways_in_candidate,
    what_if_candidate,
)
from matcher.services.candidates import add_commitment, create_candidate, update_candidate
from matcher.services.programmes import create_programme, list_programmes, update_programme
from matcher.services.vacancies import create_vacancy, update_vacancy
from tests.services.opening import open_vacancy

KNOWN = {
    "pc4": 3311,
    "travel_max_minutes": 60,
    "travel_modes": frozenset({"bike", "car"}),
    "licences": frozenset({"B"}),
    "sectors": ("F42",),
    "hours_min": 20,
    "hours_max": 36,
    "rhythm": 2,
    "work_skills": 2,
    "money": 1,
    "language_speak": 2,
    "language_read": 2,
    "lift": 2,
    "bend": 2,
    "outdoor": 2,
    "stand": 2,
    "group": 1,
}
PLACE = {
    "sector": "F42",
    "places": 2,
    "rhythm": 3,
    "work_skills": 2,
    "lift": 2,
    "hours_min": 24,
    "hours_max": 40,
    "site_pc4": 3316,
    "start_on": date(2027, 3, 29),
    "flex_weeks": 52,
    "employer_size": 60,
    "guidance_hours": 8,
    "credentials": frozenset({"vca_basic"}),
}
COURSE = {
    "reference": "P-1",
    "kind": "werkfit",
    "raises": (("rhythm", 1),),
    "gives": frozenset({"vca_basic"}),
    "weeks": 4.0,
    "hours_a_week": 16.0,
    "seats": 10,
}


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> CandidateRecord:
    """Somebody of whom most is known."""
    return create_candidate(session, coach, {**KNOWN, "reference": "K-1"}, now=now)


@pytest.fixture
def places(session: Session, service_point: Viewer, now: datetime) -> list[int]:
    """Three open vacancies, and one that is still a draft."""
    made = []
    for number, rhythm in enumerate((3, 2, 4, 1)):
        values = {**PLACE, "reference": f"V-{number}", "rhythm": rhythm, "contractor": "Firm"}
        made.append(create_vacancy(session, service_point, values, now=now).id)
    for vacancy_id in made[:3]:
        open_vacancy(session, service_point, vacancy_id, expected_version=1, now=now)
    return made


@pytest.fixture
def course(session: Session, triager: Viewer, now: datetime) -> None:
    """The one programme that the region offers."""
    create_programme(session, triager, COURSE, now=now)


def advise(
    session: Session, viewer: Viewer, candidate_id: int, on: date, now: datetime, **kwargs: Any
) -> dict[AdviceKind, AdviceRecord]:
    """One advice of each kind."""
    give = {
        AdviceKind.ASSESSMENT: assess_candidate,
        AdviceKind.MATCHES: match_candidate,
        AdviceKind.PLAN: plan_candidate,
    }
    return {
        kind: function(session, viewer, candidate_id, on=on, now=now, **kwargs)
        for kind, function in give.items()
    }


@pytest.mark.usefixtures("places", "course")
def test_stored_advice_says_what_the_stateless_computation_says(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> None:
    from matcher.repositories import programmes, vacancies

    kept = advise(session, coach, person.id, on, now, language="en")
    session.expire_all()

    open_now = list(vacancies.open_profiles(session, "demo").values())
    offered = list(programmes.active_values(session, "demo").values())
    common: dict[str, Any] = {"on": on, "lang": "en"}
    [assessed] = assess_rows([person.profile], open_now, offered, **common)
    matched = match_rows([person.profile], open_now, include_blocked=True, **common)
    [planned] = plan_rows([person.profile], open_now, offered, **common)
    assert len(open_now) == 3
    assert kept[AdviceKind.ASSESSMENT].result == assessed
    assert kept[AdviceKind.MATCHES].result == matched
    assert kept[AdviceKind.PLAN].result == planned


@pytest.mark.usefixtures("places", "course")
def test_what_was_kept_is_read_back_exactly(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> None:
    for kind, record in advise(session, coach, person.id, on, now).items():
        session.expire_all()

        again = get_advice(session, coach, record.id, kind=kind)

        assert again == record
        assert result_text(again.result) == result_text(record.result)


@pytest.mark.usefixtures("course")
def test_a_kept_advice_replays_after_everything_it_was_based_on_has_changed(
    session: Session,
    coach: Viewer,
    triager: Viewer,
    service_point: Viewer,
    person: CandidateRecord,
    places: list[int],
    on: date,
    now: datetime,
) -> None:
    add_commitment(session, coach, person.id, hours_a_week=6, until=date(2027, 6, 1), now=now)
    kept = advise(session, coach, person.id, on, now)

    changes = {"rhythm": 0, "sectors": (), "pc4": None}
    update_candidate(session, coach, person.id, changes, expected_version=1, now=now)
    for vacancy_id in places[:3]:
        harder = {"rhythm": 4, "places": 1}
        update_vacancy(session, service_point, vacancy_id, harder, expected_version=2, now=now)
    [offered] = list_programmes(session, triager).items
    longer = {"weeks": 30.0}
    update_programme(session, triager, offered.id, longer, expected_version=1, now=now)
    later = advise(session, coach, person.id, on, now)
    session.expire_all()

    for kind, record in kept.items():
        again = replay(session, coach, record.id, kind=kind)
        assert result_text(again) == result_text(record.result)
        assert later[kind].input_hash != record.input_hash
        assert result_text(later[kind].result) != result_text(record.result)


def test_an_old_advice_replays_under_the_rules_of_its_time(
    session: Session,
    coach: Viewer,
    person: CandidateRecord,
    on: date,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import shutil

    from matcher.reference.rules import load_rule_set

    record = assess_candidate(session, coach, person.id, on=on, now=now)
    folder = tmp_path / "data"
    shutil.copytree(data_dir(), folder)
    national = folder / "rules" / "national.yaml"
    text = national.read_text(encoding="utf-8")
    changed = text.replace("rhythm: 24", "rhythm: 28").replace("work_skills: 18", "work_skills: 14")
    assert changed != text
    national.write_text(changed.replace('version: "2026.1"', 'version: "2027.1"'), encoding="utf-8")
    monkeypatch.setenv("MATCHER_DATA_DIR", str(folder))
    load_rule_set.cache_clear()
    try:
        later = assess_candidate(session, coach, person.id, on=on, now=now)
        again = replay(session, coach, record.id)
    finally:
        load_rule_set.cache_clear()

    assert later.rules_version != record.rules_version
    assert later.result["readiness"] != record.result["readiness"]
    assert result_text(again) == result_text(record.result)


@pytest.mark.usefixtures("places", "course")
def test_while_nothing_changed_the_same_advice_is_given_again(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> None:
    first = advise(session, coach, person.id, on, now)
    snapshots = session.scalar(select(func.count()).select_from(InputSnapshot))

    again = advise(session, coach, person.id, on, now + timedelta(hours=1))

    assert again == first
    assert session.scalar(select(func.count()).select_from(InputSnapshot)) == snapshots


@pytest.mark.usefixtures("places")
def test_another_day_language_or_option_is_another_advice(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> None:
    records = [
        match_candidate(session, coach, person.id, on=on, now=now),
        match_candidate(session, coach, person.id, on=on, now=now, language="en"),
        match_candidate(session, coach, person.id, on=on, now=now, top=1),
        match_candidate(session, coach, person.id, on=on, now=now, include_blocked=False),
        match_candidate(session, coach, person.id, on=on + timedelta(days=1), now=now),
    ]

    assert len({record.id for record in records}) == len(records)
    assert len({record.input_hash for record in records}) == len(records)


def test_a_region_without_programmes_is_advised_with_the_shipped_catalogue(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> None:
    record = assess_candidate(session, coach, person.id, on=on, now=now)

    assert record.result["programmes"]
    assert result_text(replay(session, coach, record.id)) == result_text(record.result)


def test_what_someone_does_elsewhere_moves_the_plan(
    session: Session,
    coach: Viewer,
    service_point: Viewer,
    person: CandidateRecord,
    course: None,
    on: date,
    now: datetime,
    places: list[int],
) -> None:
    before = plan_candidate(session, coach, person.id, on=on, now=now)
    add_commitment(session, coach, person.id, hours_a_week=30, until=date(2027, 6, 1), now=now)

    after = plan_candidate(session, coach, person.id, on=on, now=now)
    by_staff = plan_candidate(session, service_point, person.id, on=on, now=now)

    assert before.result["place_on"] < after.result["place_on"]
    assert by_staff == after, "a plan counts the hours whoever asks for it"


def test_nobody_is_matched_or_planned_during_a_pause(
    session: Session, coach: Viewer, places: list[int], on: date, now: datetime
) -> None:
    values = {**KNOWN, "paused_until": on + timedelta(days=10)}
    away = create_candidate(session, coach, values, now=now)

    assessed = assess_candidate(session, coach, away.id, on=on, now=now)

    assert assessed.result["places_now"] == 0
    assert match_candidate(session, coach, away.id, on=on, now=now).result == []
    with pytest.raises(CandidatePaused) as paused:
        plan_candidate(session, coach, away.id, on=on, now=now)
    assert paused.value.until == on + timedelta(days=10)
    back = on + timedelta(days=10)
    assert match_candidate(session, coach, away.id, on=back, now=now).result != []


def test_what_if_keeps_nothing_and_refuses_what_there_is_not(
    session: Session,
    coach: Viewer,
    person: CandidateRecord,
    places: list[int],
    course: None,
    on: date,
) -> None:
    outcome = what_if_candidate(
        session, coach, person.id, {"rhythm": 4}, ["P-1"], on=on, language="en"
    )

    assert outcome["after"]["readiness"] > outcome["before"]["readiness"]
    assert outcome["opens"]
    assert latest_assessment(session, coach, person.id) is None
    assert session.scalar(select(func.count()).select_from(InputSnapshot)) == 0
    for changes, chosen in (
        ({"rhythm": 9}, []),
        ({"hours_min": 40}, []),
        ({"region": "haaglanden"}, []),
        ({}, ["no such"]),
    ):
        with pytest.raises(InvalidInput):
            what_if_candidate(session, coach, person.id, changes, chosen, on=on)


def test_blocked_places_have_a_way_in(
    session: Session,
    coach: Viewer,
    person: CandidateRecord,
    places: list[int],
    course: None,
    on: date,
) -> None:
    ways = ways_in_candidate(session, coach, person.id, on=on)

    assert ways["V-0"]["programmes"] == ["P-1"]


@pytest.mark.usefixtures("places")
def test_advice_is_out_of_reach_of_other_regions_and_contractors(
    session: Session,
    coach: Viewer,
    stranger: Viewer,
    contractor: Viewer,
    person: CandidateRecord,
    on: date,
    now: datetime,
) -> None:
    kept = advise(session, coach, person.id, on, now)

    for viewer in (stranger, contractor):
        for kind, record in kept.items():
            with pytest.raises(NotFound):
                get_advice(session, viewer, record.id, kind=kind)
            with pytest.raises(NotFound):
                replay(session, viewer, record.id, kind=kind)
        with pytest.raises(NotFound):
            assess_candidate(session, viewer, person.id, on=on, now=now)
        with pytest.raises(NotFound):
            ways_in_candidate(session, viewer, person.id, on=on)
        with pytest.raises(NotFound):
            list_assessments(session, viewer, person.id)


def test_a_region_is_assessed_once_and_then_only_who_changed(
    session: Session, coach: Viewer, stranger: Viewer, on: date, now: datetime
) -> None:
    people = [create_candidate(session, coach, {"rhythm": n % 5}, now=now) for n in range(7)]
    elsewhere = create_candidate(session, stranger, {}, now=now)

    def run(day: date, limit: int | None = None) -> int:
        return assess_stale(session, coach, on=day, now=now, limit=limit)

    assert run(on, limit=3) == 3
    assert run(on) == 4
    assert run(on) == 0
    update_candidate(session, coach, people[0].id, {"rhythm": 4}, expected_version=1, now=now)
    assert run(on + timedelta(days=6)) == 1
    assert run(on + timedelta(days=7)) == 6
    assert latest_assessment(session, stranger, elsewhere.id) is None
    newest = latest_assessment(session, coach, people[0].id)
    assert newest is not None
    assert newest.candidate_version == 2


def test_who_was_assessed_in_a_list_gets_the_same_advice_alone(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> None:
    assess_stale(session, coach, on=on, now=now)
    from_list = latest_assessment(session, coach, person.id)

    alone = assess_candidate(session, coach, person.id, on=on, now=now)

    assert alone == from_list


def test_whole_hours_typed_or_read_make_one_input(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> None:
    first = assess_candidate(session, coach, person.id, on=on, now=now)
    session.expire_all()

    again = assess_candidate(session, coach, person.id, on=on, now=now)

    assert again.id == first.id
