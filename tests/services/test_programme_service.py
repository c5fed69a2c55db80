from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.services.programmes import (
    create_programme,
    get_programme,
    list_programmes,
    update_programme,
)

FULL = {
    "reference": "P-1",
    "kind": "werkfit",
    "title": "Working rhythm",
    "provider": "Talent centre",
    "raises": (("rhythm", 1), ("work_skills", 1)),
    "gives": frozenset({"vca_basic", "B"}),
    "needs": (("language_speak", 2.0), ("lift", 1.0)),
    "weeks": 12.0,
    "hours_a_week": 20.0,
    "starts_on": (date(2027, 3, 8), date(2027, 4, 5)),
    "seats": 12,
    "funding": "municipal",
    "evidence": "weak",
}


def test_a_programme_comes_back_field_by_field(
    session: Session, triager: Viewer, now: datetime
) -> None:
    made = create_programme(session, triager, FULL, now=now)
    session.expire_all()

    shown = get_programme(session, triager, made.id).as_mapping()

    assert {name: shown[name] for name in FULL} == FULL
    assert (shown["region"], shown["is_active"], shown["version"]) == ("demo", True, 1)


def test_a_change_of_starts_raises_the_version(
    session: Session, triager: Viewer, now: datetime
) -> None:
    made = create_programme(session, triager, FULL, now=now)
    days = (date(2027, 4, 5), date(2027, 5, 3))

    changed = update_programme(
        session, triager, made.id, {"starts_on": days}, expected_version=1, now=now
    )
    session.expire_all()

    assert changed.version == 2
    assert get_programme(session, triager, made.id).programme.starts_on == days
    with pytest.raises(Stale):
        update_programme(session, triager, made.id, {"weeks": 1}, expected_version=1, now=now)
    with pytest.raises(InvalidInput):
        update_programme(
            session, triager, made.id, {"reference": "P-2"}, expected_version=2, now=now
        )


def test_a_programme_that_ended_leaves_the_list(
    session: Session, triager: Viewer, now: datetime
) -> None:
    made = create_programme(session, triager, FULL, now=now)

    update_programme(session, triager, made.id, {"is_active": False}, expected_version=1, now=now)

    assert list_programmes(session, triager).items == ()
    assert len(list_programmes(session, triager, active_only=False).items) == 1


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"weeks": 4}, {"kind"}),
        ({"kind": "vca", "needs": (("money", 2.0),)}, {"needs"}),
        ({"kind": "vca", "weeks": -1}, {"weeks"}),
        ({"kind": "vca", "region": "haaglanden"}, {"region"}),
        ({"kind": "vca", "title": "BSN 111222333"}, {"title"}),
    ],
)
def test_what_cannot_be_a_programme_is_refused(
    session: Session, triager: Viewer, now: datetime, values: dict[str, object], where: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_programme(session, triager, values, now=now)

    assert {problem.where for problem in refused.value.problems} == where


def test_a_programme_is_known_once_and_only_in_its_region(
    session: Session,
    triager: Viewer,
    stranger: Viewer,
    coach: Viewer,
    contractor: Viewer,
    now: datetime,
) -> None:
    made = create_programme(session, triager, FULL, now=now)

    with pytest.raises(Conflict):
        create_programme(session, triager, FULL, now=now)
    assert create_programme(session, stranger, FULL, now=now).programme.region == "haaglanden"
    assert get_programme(session, coach, made.id) == made
    for viewer in (stranger, contractor):
        with pytest.raises(NotFound):
            get_programme(session, viewer, made.id)
    for viewer in (coach, contractor):
        with pytest.raises(Forbidden):
            create_programme(session, viewer, {"kind": "vca"}, now=now)


def test_programmes_come_by_reference_in_pages(
    session: Session, triager: Viewer, now: datetime
) -> None:
    for number in (3, 1, 2):
        create_programme(session, triager, {"kind": "vca", "reference": f"P-{number}"}, now=now)

    first = list_programmes(session, triager, limit=2)
    rest = list_programmes(session, triager, limit=2, cursor=first.next_cursor)

    found = [record.programme.reference for record in first.items + rest.items]
    assert found == ["P-1", "P-2", "P-3"]
    assert rest.next_cursor is None
