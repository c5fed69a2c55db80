from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer, operator
from matcher.domain.errors import Forbidden, InvalidInput
from matcher.models import CandidateAudit, ImportRun, InputSnapshot, Organisation, Place
from matcher.repositories.scope import scoped, unscoped
from matcher.services.assessments import match_candidate
from matcher.services.candidates import find_candidate, list_candidates, update_candidate
from matcher.services.exports import export_candidates, export_vacancies
from matcher.services.imports import (
    import_candidates,
    import_places,
    import_programmes,
    import_vacancies,
)
from matcher.services.inputs import all_places
from matcher.services.programmes import list_programmes
from matcher.services.vacancies import list_vacancies

PEOPLE = """reference;region;pc4;hours_max;rhythm;lift;benefit;birth_year;sectors
K-1;demo;3311;32,5;3;can;p_wet;1999;F42|N81
K-2;demo;;;;;;;
K-3;demo;99;20;2;can;;;
"""
WORK = """reference,contractor,region,sector,places,rhythm,wage_hour
V-1,Firm one,demo,F42,2,3,15.25
V-2,Firm one,demo,F43,1,,
V-3,Firm two,demo,XX,1,,
"""
COURSES = """reference,kind,region,raises,weeks,hours_a_week,starts_on,seats
P-1,werkfit,,rhythm:+1|work_skills:+1,12,20,2027-03-08|2027-04-05,12
P-2,vca,demo,,1,8,,
"""

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and gives its path."""

    def to(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to


def counts(report: Any) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.refused


def test_good_rows_are_in_and_each_bad_row_is_named(
    session: Session, triager: Viewer, now: datetime, write: Write
) -> None:
    report = import_candidates(session, triager, write("people.csv", PEOPLE), now=now)

    assert counts(report) == (2, 0, 0, 1)
    assert [(problem.row, problem.where) for problem in report.problems] == [(4, "pc4")]
    one = find_candidate(session, triager, "K-1")
    two = find_candidate(session, triager, "K-2")
    assert one is not None
    assert two is not None
    assert (one.profile.hours_max, one.profile.lift) == (32.5, 2)
    assert one.profile.sectors == ("F42", "N81")
    assert (two.profile.pc4, two.profile.rhythm, two.profile.sectors) == (None, None, ())
    assert one.owner_account_id is None
    assert find_candidate(session, triager, "K-3") is None


def test_importing_twice_changes_nothing(
    session: Session, triager: Viewer, now: datetime, write: Write
) -> None:
    path = write("people.csv", PEOPLE)
    import_candidates(session, triager, path, now=now)
    before = list_candidates(session, triager).items

    again = import_candidates(session, triager, path, now=now)

    assert counts(again) == (0, 0, 2, 1)
    assert list_candidates(session, triager).items == before


def test_only_the_columns_of_the_file_are_written_over_what_is_there(
    session: Session, triager: Viewer, coach: Viewer, now: datetime, write: Write
) -> None:
    import_candidates(session, triager, write("people.csv", PEOPLE), now=now)
    stored = find_candidate(session, coach, "K-1")
    assert stored is not None
    update_candidate(session, coach, stored.id, {"work_skills": 4}, expected_version=1, now=now)

    report = import_candidates(
        session,
        triager,
        write("more.csv", "reference,region,rhythm,hours_max\nK-1,demo,1,\nK-2,demo,,\n"),
        now=now,
    )

    changed = find_candidate(session, coach, "K-1")
    assert changed is not None
    assert counts(report) == (0, 1, 1, 0)
    assert (changed.profile.rhythm, changed.profile.hours_max) == (1, None)
    assert (changed.profile.work_skills, changed.profile.pc4) == (4, 3311)
    assert changed.version == 3


def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    session: Session, triager: Viewer, now: datetime, write: Write
) -> None:
    path = write("people.csv", PEOPLE)

    report = import_candidates(session, triager, path, dry_run=True, now=now)

    assert report.dry_run
    assert counts(report) == (2, 0, 0, 1)
    assert list_candidates(session, triager).items == ()
    assert session.scalars(unscoped(select(ImportRun), ImportRun)).all() == []


def test_a_strict_import_takes_all_or_nothing(
    session: Session, triager: Viewer, now: datetime, write: Write
) -> None:
    with pytest.raises(InvalidInput):
        import_candidates(session, triager, write("p.csv", PEOPLE), strict=True, now=now)

    assert list_candidates(session, triager).items == ()


def test_benefit_and_birth_year_go_to_a_table_of_their_own(
    session: Session, triager: Viewer, coach: Viewer, now: datetime, write: Write
) -> None:
    import_candidates(session, triager, write("people.csv", PEOPLE), now=now)

    found = session.scalars(scoped(select(CandidateAudit), coach, CandidateAudit)).all()

    assert [(row.reference, row.benefit, row.birth_year) for row in found] == [
        ("K-1", "p_wet", 1999)
    ]
    record = find_candidate(session, coach, "K-1")
    assert record is not None
    assert not {"benefit", "birth_year"} & set(record.as_mapping())


def test_what_is_noted_of_an_import_holds_no_content_of_its_rows(
    session: Session, triager: Viewer, now: datetime, write: Write
) -> None:
    secret = "K-3 secret"
    text = f"reference,region,sectors\n{secret},demo,{secret}\nK-4,demo,F42\n"

    import_candidates(session, triager, write("people.csv", text), now=now)

    [run] = session.scalars(scoped(select(ImportRun), operator("demo"), ImportRun)).all()
    assert (run.created, run.refused, run.account_id) == (1, 1, triager.account_id)
    assert run.problems == [{"row": 2, "where": "sectors"}]
    assert "secret" not in json.dumps(run.problems)


def test_a_person_imports_the_own_region_only_and_the_operator_any(
    session: Session, triager: Viewer, now: datetime, write: Write
) -> None:
    text = "reference,region\nK-1,demo\nK-2,haaglanden\n"
    path = write("people.csv", text)

    mine = import_candidates(session, triager, path, now=now)
    everything = import_candidates(session, operator(None), path, now=now)

    assert counts(mine) == (1, 0, 0, 1)
    assert [(p.row, p.where) for p in mine.problems] == [(3, "region")]
    assert counts(everything) == (1, 0, 1, 0)
    assert find_candidate(session, triager, "K-2") is None
    assert find_candidate(session, operator("haaglanden"), "K-2") is not None


def test_the_same_reference_in_two_regions_is_two_people(
    session: Session, now: datetime, write: Write
) -> None:
    for region, rhythm in (("demo", 1), ("haaglanden", 3)):
        text = f"reference,rhythm\nK-1,{rhythm}\n"
        report = import_candidates(session, operator(region), write("p.csv", text), now=now)
        assert counts(report) == (1, 0, 0, 0)

    here = find_candidate(session, operator("demo"), "K-1")
    there = find_candidate(session, operator("haaglanden"), "K-1")
    assert here is not None
    assert there is not None
    assert (here.profile.rhythm, there.profile.rhythm) == (1, 3)


def test_who_may_not_import_does_not(
    session: Session,
    contractor: Viewer,
    service_point: Viewer,
    admin: Viewer,
    now: datetime,
    write: Write,
) -> None:
    path = write("people.csv", PEOPLE)
    for viewer in (contractor, service_point, admin):
        with pytest.raises(Forbidden):
            import_candidates(session, viewer, path, now=now)
    for viewer in (contractor, admin):
        with pytest.raises(Forbidden):
            import_vacancies(session, viewer, write("work.csv", WORK), now=now)
        with pytest.raises(Forbidden):
            import_programmes(session, viewer, write("courses.csv", COURSES), now=now)


def test_vacancies_come_in_open_with_their_contractor(
    session: Session, service_point: Viewer, now: datetime, on: date, write: Write
) -> None:
    path = write("work.csv", WORK)

    report = import_vacancies(session, service_point, path, now=now)
    again = import_vacancies(session, service_point, path, now=now)

    assert counts(report) == (2, 0, 0, 1)
    assert counts(again) == (0, 0, 2, 1)
    found = list_vacancies(session, service_point).items
    assert [record.profile.reference for record in found] == ["V-1", "V-2"]
    assert {(record.status, record.opened_on) for record in found} == {("open", on)}
    assert found[0].profile.wage_hour_cents == 1525
    assert found[0].organisation_id == found[1].organisation_id
    firms = session.scalars(scoped(select(Organisation), service_point, Organisation)).all()
    assert [firm.name for firm in firms] == ["Firm one"]


def test_a_vacancy_file_that_asks_for_health_is_refused_by_name(
    session: Session, service_point: Viewer, now: datetime, write: Write
) -> None:
    text = "reference,contractor,region,sector,places,diagnosis\nV-1,Firm,demo,F42,1,none\n"

    with pytest.raises(InvalidInput) as refused:
        import_vacancies(session, service_point, write("work.csv", text), now=now)

    assert [problem.where for problem in refused.value.problems] == ["diagnosis"]
    assert list_vacancies(session, service_point).items == ()


def test_programmes_keep_their_starts(
    session: Session, triager: Viewer, now: datetime, write: Write
) -> None:
    path = write("courses.csv", COURSES)

    report = import_programmes(session, triager, path, now=now)
    again = import_programmes(session, triager, path, now=now)
    moved = import_programmes(
        session,
        triager,
        write("moved.csv", COURSES.replace("2027-04-05", "2027-05-03")),
        now=now,
    )

    assert counts(report) == (2, 0, 0, 0)
    assert counts(again) == (0, 0, 2, 0)
    assert counts(moved) == (0, 1, 1, 0)
    first, second = list_programmes(session, triager).items
    assert first.programme.starts_on == (date(2027, 3, 8), date(2027, 5, 3))
    assert first.programme.raises == (("rhythm", 1), ("work_skills", 1))
    assert first.programme.region == "demo"
    assert (second.programme.starts_on, second.programme.seats) == ((), None)


def test_the_public_sample_of_the_vum_standard_comes_in(
    session: Session, now: datetime, on: date
) -> None:
    sample = Path(__file__).parents[3] / "shared" / "vum" / "example-profiles.json"
    if not sample.is_file():
        pytest.skip("the public VUM sample is not here")

    report = import_candidates(session, operator("demo"), sample, file_format="vum", now=now)
    again = import_candidates(session, operator("demo"), sample, file_format="vum", now=now)

    assert counts(report) == (23, 0, 0, 1)
    assert counts(again) == (0, 0, 23, 1)


def row(pc4: int, latitude: float, longitude: float, country: str = "NL") -> str:
    names = ("Place", "Zuid-Holland", "11", "", "", "", "")
    return "\t".join((country, str(pc4), *names, str(latitude), str(longitude), "6"))


def test_places_lie_over_the_shipped_ones_and_change_what_advice_is_based_on(
    session: Session,
    coach: Viewer,
    triager: Viewer,
    service_point: Viewer,
    now: datetime,
    on: date,
    write: Write,
) -> None:
    people = "reference,region,pc4,travel_max_minutes,travel_modes\nK-1,demo,3399,60,bike\n"
    work = "reference,contractor,region,sector,places,site_pc4\nV-1,Firm,demo,F42,1,3398\n"
    import_candidates(session, triager, write("people.csv", people), now=now)
    import_vacancies(session, service_point, write("work.csv", work), now=now)
    person = find_candidate(session, coach, "K-1")
    assert person is not None
    before = match_candidate(session, coach, person.id, on=on, now=now)
    text = "\n".join(
        (row(3399, 51.82, 4.70), row(3398, 51.82, 4.75), row(3397, 48.8, 2.3), row(1, 51, 4))
    )
    path = write("NL.txt", text)

    dry = import_places(session, path, dry_run=True, now=now)
    assert session.scalars(select(Place)).all() == []
    report = import_places(session, path, now=now)
    again = import_places(session, path, now=now)
    after = match_candidate(session, coach, person.id, on=on, now=now)

    assert counts(dry) == counts(report) == (2, 0, 0, 2)
    assert counts(again) == (0, 0, 2, 2)
    assert [problem.row for problem in report.problems] == [3, 4]
    places = all_places(session)
    assert places.points[3399] == (51.82, 4.70)
    assert places.knows(3311), "the shipped places are still there"
    assert before.result[0]["travel_minutes"] is None
    assert after.result[0]["travel_minutes"] > 0
    kinds = session.scalars(select(InputSnapshot.kind)).all()
    assert kinds.count("places") == 2


def test_what_was_imported_is_exported_and_comes_in_again_unchanged(
    session: Session, triager: Viewer, service_point: Viewer, now: datetime, write: Write
) -> None:
    import_candidates(session, triager, write("people.csv", PEOPLE), now=now)
    import_vacancies(session, service_point, write("work.csv", WORK), now=now)
    people = export_candidates(session, operator("demo"))
    work = export_vacancies(session, operator("demo"))

    people_again = import_candidates(
        session, triager, write("out.json", json.dumps(people)), now=now
    )
    work_again = import_vacancies(
        session, service_point, write("work.json", json.dumps(work)), now=now
    )

    assert counts(people_again) == (0, 0, 2, 0)
    assert counts(work_again) == (0, 0, 2, 0)
    assert "p_wet" not in json.dumps(people)


def test_an_export_holds_what_its_viewer_may_see_and_no_more(
    session: Session,
    triager: Viewer,
    service_point: Viewer,
    contractor: Viewer,
    admin: Viewer,
    stranger: Viewer,
    now: datetime,
    write: Write,
) -> None:
    import_candidates(session, triager, write("people.csv", PEOPLE), now=now)

    by_service_point = export_candidates(session, service_point)

    assert [record["reference"] for record in by_service_point] == ["K-1", "K-2"]
    assert not {"lift", "money", "rhythm", "pc4"} & set(by_service_point[0])
    for viewer in (contractor, admin, stranger):
        assert export_candidates(session, viewer) == []


def test_the_operator_exports_every_region(session: Session, now: datetime, write: Write) -> None:
    text = "reference,region\nK-2,haaglanden\nK-1,haaglanden\nK-3,demo\n"
    import_candidates(session, operator(None), write("people.csv", text), now=now)

    everything = export_candidates(session, operator(None))

    assert [record["reference"] for record in everything] == ["K-3", "K-1", "K-2"]
