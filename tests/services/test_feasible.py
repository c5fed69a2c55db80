"""“Wat maakt uw plek haalbaar”: at most three hints, in bands, and never about one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound, Stale
from matcher.domain.vacancy import VacancyProfile
from matcher.reference.feasible import load_hint_terms
from matcher.services.assessments import assess_candidate
from matcher.services.feasible import BAND_ORDER, Change, apply_hint, chosen, easier, hints_for
from matcher.services.fits import band_of, count_fits
from matcher.services.vacancies import create_vacancy, fill_vacancy, get_vacancy
from tests.services.introducing import PLACE, person_of
from tests.services.opening import open_vacancy

TERMS = load_hint_terms(date(2027, 1, 4))
DEMANDING = VacancyProfile(
    "V-1", "Firm", "demo", "F42", 1, rhythm=4, lift=2, hours_min=36.0, hours_max=40.0,
    day_starts_at=time(6), start_on=date(2027, 2, 1), licences=frozenset({"B"}),
    credentials=frozenset({"vca_basic"}),
)  # fmt: skip
COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=12)


@given(now=st.integers(0, 40), then=COUNTS)
def test_hints_are_few_bring_at_least_five_people_and_say_a_band(now: int, then: list[int]) -> None:
    changes = [Change(f"demand-{number}", "", {}) for number in range(len(then))]
    given_hints = chosen(changes, now, then, TERMS)

    assert len(given_hints) <= 3
    by_demand = dict(zip((change.demand for change in changes), then, strict=True))
    for hint in given_hints:
        count = by_demand[hint.demand]
        assert count - now >= 5
        assert hint.band == band_of(count) != band_of(now)
    worth = [BAND_ORDER.index(hint.band) for hint in given_hints]
    assert worth == sorted(worth, reverse=True)


@given(now=st.integers(0, 40), then=COUNTS, one=st.integers(0, 11))
def test_one_person_less_or_more_within_a_band_changes_no_hint(
    now: int, then: list[int], one: int
) -> None:
    changes = [Change(f"demand-{number}", "", {}) for number in range(len(then))]
    at = one % len(then)
    other = [count + (number == at) for number, count in enumerate(then)]
    same_side = (then[at] - now >= 5) is (other[at] - now >= 5)
    if band_of(then[at]) == band_of(other[at]) and same_side:
        assert chosen(changes, now, then, TERMS) == chosen(changes, now, other, TERMS)


def test_every_demand_is_eased_by_one_step_and_nothing_else_changes() -> None:
    for change in easier(DEMANDING, TERMS):
        eased = replace(DEMANDING, **change.values)
        changed = {
            name
            for name in DEMANDING.__dataclass_fields__
            if getattr(eased, name) != getattr(DEMANDING, name)
        }
        assert changed == set(change.values)
    found = {change.demand: change.values for change in easier(DEMANDING, TERMS)}
    assert found["rhythm"] == {"rhythm": 3}
    assert found["lift"] == {"lift": 1}
    assert found["day_starts_at"] == {"day_starts_at": TERMS.day_starts_at}
    assert found["credential"]["credentials_taught"] == {"vca_basic"}
    assert list(easier(VacancyProfile("V-2", "Firm", "demo", "F42", 1), TERMS)) == []


@pytest.fixture
def early(session: Session, coach: Viewer, contractor: Viewer, now: datetime) -> int:
    """An open place that asks the highest level, and six people who are one step short."""
    for number in range(6):
        person = person_of(session, coach, now, reference=f"K-{number}", rhythm=2)
        assert person.candidate_id is not None
        assess_candidate(session, coach, person.candidate_id, on=now.date(), now=now)
    made = create_vacancy(session, contractor, {**PLACE, "rhythm": 4}, now=now)
    return open_vacancy(session, contractor, made.id, expected_version=1, now=now).id


def test_a_hint_counts_the_people_of_the_region_as_the_page_does(
    session: Session, contractor: Viewer, early: int, now: datetime
) -> None:
    on = now.date()
    assert count_fits(session, contractor, early, on=on).count == 0
    hints = hints_for(session, contractor, early, on=on)
    assert [(hint.demand, hint.band) for hint in hints] == [("rhythm", "3_9")]

    version = get_vacancy(session, contractor, early).version
    eased = apply_hint(session, contractor, early, "rhythm", "", expected_version=version, now=now)

    assert eased.profile.rhythm == 3
    assert count_fits(session, contractor, early, on=on).count == 6
    assert hints_for(session, contractor, early, on=on) == []
    with pytest.raises(Stale):
        apply_hint(session, contractor, early, "rhythm", "", expected_version=version, now=now)
    with pytest.raises(NotFound):
        apply_hint(session, contractor, early, "money", "", expected_version=version, now=now)


def test_hints_are_for_the_own_place_and_as_long_as_it_is_offered(
    session: Session, contractor: Viewer, rival: Viewer, early: int, now: datetime
) -> None:
    with pytest.raises(NotFound):
        hints_for(session, rival, early, on=now.date())
    with pytest.raises(NotFound):
        apply_hint(session, rival, early, "rhythm", "", expected_version=2, now=now)
    version = get_vacancy(session, contractor, early).version
    fill_vacancy(session, contractor, early, expected_version=version, now=now)
    assert hints_for(session, contractor, early, on=now.date()) == []
