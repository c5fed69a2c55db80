from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.services.arrangements import (
    create_arrangement,
    get_arrangement,
    list_arrangements,
    update_arrangement,
)
from matcher.services.programmes import create_programme
from matcher.services.vacancies import create_vacancy
from tests.services.opening import open_vacancy

NAME = "Infra talent"
ARRANGEMENT = {
    "name": NAME,
    "sectors": ("F42", "F43"),
    "firms": ("Paving firm", "Other firm"),
    "provider": "Regional college",
    "target": 50,
    "starts_on": date(2027, 1, 1),
    "until": date(2028, 12, 31),
}


def test_an_arrangement_has_a_target_between_two_days(
    session: Session, triager: Viewer, coach: Viewer, stranger: Viewer, now: datetime
) -> None:
    made = create_arrangement(session, triager, ARRANGEMENT, now=now)
    session.expire_all()

    [found] = list_arrangements(session, coach)

    assert found == made
    shown = found.as_mapping()
    wanted = {**ARRANGEMENT, "from": date(2027, 1, 1)}
    del wanted["starts_on"]
    assert {name: shown[name] for name in wanted} == wanted
    assert list_arrangements(session, stranger) == []
    with pytest.raises(NotFound):
        get_arrangement(session, stranger, made.record.id)
    with pytest.raises(Conflict):
        create_arrangement(session, triager, ARRANGEMENT, now=now)
    with pytest.raises(Forbidden):
        create_arrangement(session, coach, ARRANGEMENT, now=now)


def test_what_names_an_arrangement_is_in_it(
    session: Session, triager: Viewer, contractor: Viewer, now: datetime
) -> None:
    made = create_arrangement(session, triager, {**ARRANGEMENT, "firms": ("Third",)}, now=now)
    values = {"sector": "F42", "places": 3, "reference": "V-1", "arrangement": NAME}
    place = create_vacancy(session, contractor, values, now=now)
    create_programme(
        session, triager, {"kind": "werkfit", "reference": "P-1", "arrangement": NAME}, now=now
    )
    assert get_arrangement(session, triager, made.record.id).places == 0, "a draft is not in it"
    open_vacancy(session, contractor, place.id, expected_version=1, now=now)

    found = get_arrangement(session, triager, made.record.id)

    assert (found.vacancies, found.programmes, found.places) == (("V-1",), ("P-1",), 3)
    assert found.contractors == ("Paving firm", "Third")


def test_all_but_the_name_can_change(session: Session, triager: Viewer, now: datetime) -> None:
    made = create_arrangement(session, triager, ARRANGEMENT, now=now)

    def change(version: int, **values: object) -> object:
        return update_arrangement(
            session, triager, made.record.id, values, expected_version=version, now=now
        )

    change(1, target=60, firms=["One", " One ", ""], name=NAME)
    found = get_arrangement(session, triager, made.record.id).record
    assert (found.target, found.firms, found.version) == (60, ("One",), 2)
    with pytest.raises(Stale):
        change(1, target=70)
    for values in ({"name": "Else"}, {"until": date(2026, 1, 1)}, {"region": "x"}):
        with pytest.raises(InvalidInput):
            change(2, **values)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": ""}, "name"),
        ({"sectors": ("XX",)}, "sectors"),
        ({"target": 0}, "target"),
        ({"until": date(2026, 1, 1)}, "until"),
        ({"firms": ("BSN 111222333",)}, "firms"),
        ({"firms": ("A|B",)}, "firms"),
        ({"provider": "x" * 201}, "provider"),
    ],
)
def test_what_cannot_be_an_arrangement_is_refused(
    session: Session, triager: Viewer, now: datetime, changes: dict[str, object], where: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_arrangement(session, triager, {**ARRANGEMENT, **changes}, now=now)

    assert [problem.where for problem in refused.value.problems] == [where]
