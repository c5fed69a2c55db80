from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.services.assessments import assess_stale, match_candidate
from matcher.services.candidates import close_candidate, create_candidate, update_candidate
from matcher.services.fits import band_of, count_fits
from matcher.services.vacancies import create_vacancy
from tests.services.introducing import PLACE, READY
from tests.services.opening import open_vacancy


@pytest.mark.parametrize(
    ("count", "band"),
    [(0, "under_3"), (2, "under_3"), (3, "3_9"), (9, "3_9"), (10, "10_24"), (24, "10_24")],
)
def test_bands_have_their_bounds(count: int, band: str) -> None:
    assert band_of(count) == band
    assert band_of(25) == band_of(400) == "25_up"


def test_people_who_can_start_and_are_not_blocked_are_counted(
    session: Session, coach: Viewer, contractor: Viewer, on: date, now: datetime
) -> None:
    fitting = [create_candidate(session, coach, READY, now=now) for _ in range(3)]
    create_candidate(session, coach, {**READY, "sectors_never": frozenset({"F42"})}, now=now)
    create_candidate(session, coach, {**READY, "paused_until": on + timedelta(days=1)}, now=now)
    create_candidate(session, coach, {**READY, "rhythm": 0}, now=now)
    create_candidate(session, coach, {}, now=now)
    closed = create_candidate(session, coach, READY, now=now)
    close_candidate(session, coach, closed.id, "moved", expected_version=1, now=now)
    place = create_vacancy(session, contractor, PLACE, now=now)

    before = count_fits(session, contractor, place.id, on=on)
    assess_stale(session, coach, on=on, now=now)
    after = count_fits(session, contractor, place.id, on=on)

    assert (before.count, before.band) == (0, "under_3"), "nobody was assessed yet"
    assert (after.count, after.band) == (3, "3_9")
    open_vacancy(session, contractor, place.id, expected_version=1, now=now)
    eligible = [
        match_candidate(session, coach, person.id, on=on, now=now).result[0]["eligible"]
        for person in fitting
    ]
    assert eligible == [True] * 3
    assert count_fits(session, contractor, place.id, on=on + timedelta(days=1)).count == 4


def test_a_small_firm_does_not_count_whom_it_would_have_to_ask(
    session: Session, coach: Viewer, contractor: Viewer, on: date, now: datetime
) -> None:
    create_candidate(session, coach, READY, now=now)
    create_candidate(session, coach, {**READY, "height": None}, now=now)
    assess_stale(session, coach, on=on, now=now)
    values = {**PLACE, "height": 2}

    small = create_vacancy(session, contractor, {**values, "employer_size": 7}, now=now)
    large = create_vacancy(session, contractor, {**values, "employer_size": 60}, now=now)

    assert count_fits(session, contractor, small.id, on=on).count == 1
    assert count_fits(session, contractor, large.id, on=on).count == 2


def test_a_change_shows_in_the_next_count_of_the_same_session(
    session: Session, coach: Viewer, contractor: Viewer, on: date, now: datetime
) -> None:
    person = create_candidate(session, coach, READY, now=now)
    assess_stale(session, coach, on=on, now=now)
    place = create_vacancy(session, contractor, PLACE, now=now)
    assert count_fits(session, contractor, place.id, on=on).count == 1

    update_candidate(session, coach, person.id, {"lift": 0}, expected_version=1, now=now)

    assert count_fits(session, contractor, place.id, on=on).count == 0


def test_only_who_reaches_the_vacancy_learns_how_many_fit(
    session: Session, contractor: Viewer, rival: Viewer, stranger: Viewer, on: date, now: datetime
) -> None:
    place = create_vacancy(session, contractor, PLACE, now=now)

    for viewer in (rival, stranger):
        with pytest.raises(NotFound):
            count_fits(session, viewer, place.id, on=on)
