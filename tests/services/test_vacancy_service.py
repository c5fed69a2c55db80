from __future__ import annotations

from datetime import date, datetime, time

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.services.calendar import day_of
from matcher.services.vacancies import (
    create_vacancy,
    fill_vacancy,
    get_vacancy,
    list_vacancies,
    update_vacancy,
    withdraw_vacancy,
)
from tests.services.opening import open_vacancy

LEAST = {"sector": "F42", "places": 2}
FULL = {
    "reference": "V-1",
    "sector": "F42",
    "places": 3,
    "title": "Ground worker",
    "employer_size": 7,
    "occupation": "9312",
    "contract_type": "bbl",
    "learning_level": "entree",
    "hours_min": 32,
    "hours_max": 40,
    "shifts": ("early", "day"),
    "day_starts_at": time(6, 30),
    "site_pc4": 3316,
    "reachable_by": frozenset({"bike", "lift"}),
    "lift": 2,
    "bend": 1,
    "adaptable": frozenset({"lift"}),
    "rhythm": 3,
    "education": 2,
    "licences": frozenset({"B"}),
    "credentials": frozenset(),
    "credentials_taught": frozenset({"vca_basic"}),
    "guidance_hours": 8,
    "buddies": 1,
    "start_on": date(2027, 4, 5),
    "flex_weeks": 4,
    "contract_months": 12,
    "wage_hour_cents": 1512,
}


def test_a_vacancy_comes_back_field_by_field(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    made = create_vacancy(session, contractor, FULL, now=now)
    session.expire_all()

    shown = get_vacancy(session, contractor, made.id).as_mapping()

    assert {name: shown[name] for name in FULL} == FULL
    assert (shown["contractor"], shown["region"]) == ("Paving firm", "demo")
    assert (shown["status"], shown["version"], shown["opened_on"]) == ("draft", 1, None)


def test_the_next_vacancy_of_a_firm_comes_filled_in(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    create_vacancy(session, contractor, {**LEAST, "employer_size": 7}, now=now)

    second = create_vacancy(session, contractor, LEAST, now=now)

    assert second.profile.employer_size == 7


def test_staff_file_for_a_contractor_who_is_made_known_once(
    session: Session, service_point: Viewer, contractor: Viewer, now: datetime
) -> None:
    new = create_vacancy(session, service_point, {**LEAST, "contractor": "New firm"}, now=now)
    again = create_vacancy(session, service_point, {**LEAST, "contractor": "New firm"}, now=now)
    known = create_vacancy(session, service_point, {**LEAST, "contractor": "Paving firm"}, now=now)

    assert new.organisation_id == again.organisation_id
    assert known.organisation_id == contractor.organisation_id
    assert [v.id for v in list_vacancies(session, contractor).items] == [known.id]


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"places": 2}, {"sector"}),
        ({"sector": "F42"}, {"places"}),
        ({**LEAST, "places": 0}, {"places"}),
        ({**LEAST, "hours_min": 40, "hours_max": 20}, {"hours_min"}),
        ({**LEAST, "money": 3}, {"money"}),
        ({**LEAST, "age": 20}, {"age"}),
        ({**LEAST, "contractor": "Other firm"}, {"contractor"}),
        ({**LEAST, "region": "haaglanden"}, {"region"}),
        ({**LEAST, "title": "call 111222333"}, {"title"}),
    ],
)
def test_what_cannot_be_a_vacancy_is_refused(
    session: Session,
    contractor: Viewer,
    now: datetime,
    values: dict[str, object],
    where: set[str],
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_vacancy(session, contractor, values, now=now)

    assert {problem.where for problem in refused.value.problems} == where
    assert "111222333" not in str(refused.value)


def test_a_reference_is_used_once_in_a_region_whoever_holds_it(
    session: Session, contractor: Viewer, rival: Viewer, now: datetime
) -> None:
    create_vacancy(session, contractor, {**LEAST, "reference": "V-1"}, now=now)

    with pytest.raises(Conflict):
        create_vacancy(session, rival, {**LEAST, "reference": "V-1"}, now=now)


def test_coaches_and_candidates_file_no_vacancies(
    session: Session, coach: Viewer, now: datetime
) -> None:
    with pytest.raises(Forbidden):
        create_vacancy(session, coach, {**LEAST, "contractor": "New firm"}, now=now)


def test_contractors_reach_their_own_vacancies_and_no_others(
    session: Session, contractor: Viewer, rival: Viewer, stranger: Viewer, now: datetime
) -> None:
    made = create_vacancy(session, contractor, LEAST, now=now)

    for viewer in (rival, stranger):
        with pytest.raises(NotFound):
            get_vacancy(session, viewer, made.id)
        with pytest.raises(NotFound):
            update_vacancy(session, viewer, made.id, {}, expected_version=1, now=now)
        with pytest.raises(NotFound):
            open_vacancy(session, viewer, made.id, expected_version=1, now=now)
        assert list_vacancies(session, viewer).items == ()


MOVES = {"open": open_vacancy, "filled": fill_vacancy, "withdrawn": withdraw_vacancy}
ALLOWED = {
    ("draft", "open"),
    ("draft", "withdrawn"),
    ("open", "filled"),
    ("open", "withdrawn"),
    ("filled", "open"),
    ("withdrawn", "open"),
}


@pytest.mark.parametrize("start", ["draft", "open", "filled", "withdrawn"])
@pytest.mark.parametrize("end", list(MOVES))
def test_a_vacancy_moves_only_along_the_steps_there_are(
    session: Session, contractor: Viewer, now: datetime, start: str, end: str
) -> None:
    made = create_vacancy(session, contractor, LEAST, now=now)
    path = {"draft": [], "open": ["open"], "filled": ["open", "filled"]}.get(start, ["withdrawn"])
    for step in path:
        made = MOVES[step](session, contractor, made.id, expected_version=made.version, now=now)

    def move() -> str:
        record = MOVES[end](session, contractor, made.id, expected_version=made.version, now=now)
        return record.status.value

    if (start, end) in ALLOWED:
        assert move() == end
    else:
        with pytest.raises(Conflict):
            move()
        assert get_vacancy(session, contractor, made.id).status == start


def test_the_day_of_opening_is_kept_and_stays(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    made = create_vacancy(session, contractor, LEAST, now=now)

    opened = open_vacancy(session, contractor, made.id, expected_version=1, now=now)

    assert opened.opened_on == day_of(now)


def test_a_change_needs_the_version_and_a_vacancy_that_is_not_over(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    made = create_vacancy(session, contractor, LEAST, now=now)

    changed = update_vacancy(
        session, contractor, made.id, {"places": 4}, expected_version=1, now=now
    )
    with pytest.raises(Stale):
        update_vacancy(session, contractor, made.id, {"places": 5}, expected_version=1, now=now)
    with pytest.raises(InvalidInput):
        update_vacancy(
            session, contractor, made.id, {"reference": "V-2"}, expected_version=2, now=now
        )
    withdraw_vacancy(session, contractor, made.id, expected_version=2, now=now)
    with pytest.raises(Conflict):
        update_vacancy(session, contractor, made.id, {"places": 5}, expected_version=3, now=now)

    assert changed.profile.places == 4
    assert get_vacancy(session, contractor, made.id).profile.places == 4


def test_vacancies_are_listed_by_status_and_sector_in_pages(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    made = [
        create_vacancy(session, contractor, {"sector": sector, "places": 1}, now=now)
        for sector in ("F42", "F43", "N81", "F42", "F42")
    ]
    open_vacancy(session, contractor, made[3].id, expected_version=1, now=now)

    first = list_vacancies(session, contractor, sector="F", limit=3)
    rest = list_vacancies(session, contractor, sector="F", limit=3, cursor=first.next_cursor)

    seen = [record.id for record in first.items + rest.items]
    assert seen == [made[0].id, made[1].id, made[3].id, made[4].id]
    assert [r.id for r in list_vacancies(session, contractor, status="open").items] == [made[3].id]
    with pytest.raises(InvalidInput):
        list_vacancies(session, contractor, status="closed")
