"""Random candidates, vacancies and programmes within the ranges of the contract."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting
from matcher.domain.places import Places
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import (
    LEVEL_MAXIMUM,
    LOADS,
    MODES,
    NEED_LEVELS,
    SHIFTS,
    WINDOWS,
)
from matcher.reference.rules import load_rule_set

ON = date(2026, 11, 23)
PLACES = Places(
    {
        3311: (51.81, 4.66),
        3312: (51.81, 4.68),
        3331: (51.82, 4.63),
        3351: (51.83, 4.69),
        2951: (51.86, 4.66),
        3371: (51.82, 4.83),
    }
)
RULES = load_rule_set("national")
SETTING = Setting(RULES, PLACES, ON)

SECTORS = ("F", "F41", "F42", "F43", "N81", "H49", "Q87", "E38", "C25", "A01")
PAPERS = ("vca_basic", "vca_full", "forklift", "hygiene")
LICENCES = ("AM", "B", "BE", "C", "CE", "T")
POSTCODES = (*PLACES.points, 9999)


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    """The value, or unknown about one time in four."""
    return st.one_of(strategy, strategy, strategy, st.none())


def sets_of(values, most: int = 4) -> st.SearchStrategy:
    return st.frozensets(st.sampled_from(values), max_size=most)


def dates(first: int = -20, last: int = 200) -> st.SearchStrategy:
    return st.integers(first, last).map(lambda days: ON + timedelta(days=days))


hours = st.integers(1, 40)


@st.composite
def candidates(draw, reference: str = "K1") -> CandidateProfile:
    bounds = sorted(draw(st.tuples(hours, hours)))
    values = {name: draw(maybe(st.integers(0, top))) for name, top in LEVEL_MAXIMUM.items()}
    values |= {load: draw(maybe(st.sampled_from([2, 2, 1, 0]))) for load in LOADS}
    wishes = draw(st.lists(st.sampled_from(SECTORS), unique=True, max_size=3))
    return CandidateProfile(
        reference=reference,
        region="demo",
        pc4=draw(maybe(st.sampled_from(POSTCODES))),
        travel_max_minutes=draw(maybe(st.integers(0, 180))),
        travel_modes=draw(maybe(st.frozensets(st.sampled_from(MODES), min_size=1))),
        licences=draw(sets_of(LICENCES, 2)),
        sectors=tuple(wishes),
        sectors_never=draw(sets_of(SECTORS, 1)),
        current_hours=draw(maybe(st.integers(0, 40))),
        hours_min=draw(maybe(st.just(bounds[0]))),
        hours_max=draw(maybe(st.just(bounds[1]))),
        blocked=draw(sets_of(WINDOWS, 6)),
        start_from=draw(maybe(dates(-20, 60))),
        credentials=draw(sets_of(PAPERS, 2)),
        education=draw(maybe(st.integers(1, 6))),
        occupations=draw(
            st.sampled_from([(), (("9312", 2.0),), (("9313", None),), (("8342", 3.0),)])
        ),
        guidance_need=draw(maybe(st.integers(0, 14))),
        observed_on=draw(maybe(dates(-300, 0))),
        waiting_since=draw(maybe(dates(-300, 0))),
        **values,
    )


@st.composite
def vacancies(draw, reference: str = "V1") -> VacancyProfile:
    bounds = sorted(draw(st.tuples(hours, hours)))
    values = {
        name: draw(maybe(st.integers(0, LEVEL_MAXIMUM[name] - (name != "digital"))))
        for name in NEED_LEVELS
    }
    values |= {load: draw(maybe(st.sampled_from([0, 0, 0, 1, 2]))) for load in LOADS}
    return VacancyProfile(
        reference=reference,
        contractor="Aannemer",
        region="demo",
        sector=draw(st.sampled_from(SECTORS)),
        places=draw(st.integers(1, 5)),
        employer_size=draw(maybe(st.sampled_from([5, 9.5, 10, 30, 49.5, 50, 500]))),
        occupation=draw(maybe(st.sampled_from(["9312", "9313", "8342"]))),
        hours_min=draw(maybe(st.just(bounds[0]))),
        hours_max=draw(maybe(st.just(bounds[1]))),
        shifts=tuple(draw(st.lists(st.sampled_from(SHIFTS), min_size=1, max_size=2, unique=True))),
        day_starts_at=draw(maybe(st.sampled_from([time(6, 15), time(6, 30), time(7), time(23)]))),
        site_pc4=draw(maybe(st.sampled_from(POSTCODES))),
        reachable_by=draw(sets_of(MODES, 3)),
        adaptable=draw(sets_of(LOADS, 3)),
        education=draw(maybe(st.sampled_from([1, 1, 2, 4]))),
        licences=draw(sets_of(LICENCES, 1)),
        credentials=draw(sets_of(PAPERS, 1)),
        guidance_hours=draw(maybe(st.sampled_from([2, 4, 7, 12, 20]))),
        start_on=draw(maybe(dates(-20, 120))),
        flex_weeks=draw(st.sampled_from([0, 2, 8])),
        **values,
    )


RAISES = ("rhythm", "work_skills", "language_speak", "language_read", "lift", "home_base", "money")


@st.composite
def programmes(draw, reference: str = "P1") -> Programme:
    raises = draw(
        st.lists(
            st.tuples(st.sampled_from(RAISES), st.integers(1, 2)),
            max_size=2,
            unique_by=lambda item: item[0],
        )
    )
    needs = draw(
        st.lists(
            st.tuples(st.sampled_from(["language_read", "rhythm", "work_skills"]), st.just(1)),
            max_size=1,
        )
    )
    starts = draw(st.lists(dates(-10, 200), max_size=4, unique=True))
    return Programme(
        reference=reference,
        kind="course",
        raises=tuple(raises),
        gives=draw(sets_of((*PAPERS, "B", "ebike"), 1)),
        needs=tuple(needs),
        weeks=draw(st.sampled_from([1, 4, 8, 12, 20])),
        hours_a_week=draw(st.sampled_from([1, 6, 8, 16, 20, 32])),
        starts_on=tuple(sorted(starts)),
        seats=draw(maybe(st.integers(0, 12))),
    )


def several(strategy, most: int) -> st.SearchStrategy:
    """Up to `most` of `strategy`, with references of their own."""
    return st.integers(0, most).flatmap(
        lambda count: st.tuples(*(strategy(reference=f"{i:02d}") for i in range(count)))
    )
