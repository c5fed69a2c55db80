"""The checks of practice.md section 6 on the region that ships, and its twelve lessons."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import median

import numpy as np
import pytest

from matcher.demo.region import DEMO_SEED, DemoRegion, generate
from matcher.domain.assessment import current, lane_of
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Pair, Setting, assess_pair
from matcher.domain.pathways import Pathways
from matcher.domain.plans import openings, plan_for
from matcher.domain.readiness import assess_readiness
from matcher.domain.table import VacancyTable
from matcher.domain.vocabulary import BLOCKERS, LEVEL_MAXIMUM, LOADS, Lane, covers
from tests.demo.conftest import ON

ASKED = {
    Lane.READY_NOW: 4,
    Lane.READY_WITH_SUPPORT: 28,
    Lane.PRE_PLACEMENT: 40,
    Lane.NOT_ENOUGH_KNOWN: 28,
}
INFRA = "F42"
WITHIN = 5
"""Points that a lane may differ from practice.md section 4."""


def drawn(region: DemoRegion) -> list[CandidateProfile]:
    lessons = {lesson.reference for lesson in region.lessons}
    return [c for c in region.candidates if c.reference not in lessons]


def lane(candidate: CandidateProfile, pathways: Pathways) -> Lane:
    seen = current(candidate, pathways.setting)
    return lane_of(seen, assess_readiness(seen, pathways.setting.rules), pathways).lane


def infra_lanes(region: DemoRegion, pathways: Pathways) -> dict[Lane, float]:
    """Percent of the drawn people in each lane, all measured against the infra profile."""
    people = drawn(region)
    counts = Counter(
        lane(replace(c, sectors=(INFRA,), sectors_never=frozenset()), pathways) for c in people
    )
    return {found: 100 * counts[found] / len(people) for found in Lane}


def test_lanes_of_the_shipped_region_are_within_five_points(
    region: DemoRegion, pathways: Pathways
) -> None:
    found = infra_lanes(region, pathways)

    for name, asked in ASKED.items():
        assert found[name] == pytest.approx(asked, abs=WITHIN), name
    assert found[Lane.OTHER_ROUTE] < 1


def test_lanes_of_a_large_population_are_within_five_points(setting: Setting) -> None:
    region = generate(DEMO_SEED + 1, ON, candidates=3000, lessons=False)
    found = infra_lanes(region, Pathways(region.programmes, setting))

    for name, asked in ASKED.items():
        assert found[name] == pytest.approx(asked, abs=WITHIN), name
    assert found[Lane.OTHER_ROUTE] < 1


def fits_and_wants(
    candidate: CandidateProfile, region: DemoRegion, table: VacancyTable
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Per vacancy: nothing blocks, nothing must be asked first, and the sector is wanted."""
    scores = table.score(current(candidate, table.setting))
    wanted = np.array(
        [
            not candidate.sectors or any(covers(w, v.sector) for w in candidate.sectors)
            for v in region.vacancies
        ]
    )
    return scores.eligible & ~scores.ask_first & wanted


def available(region: DemoRegion) -> list[CandidateProfile]:
    return [
        c for c in drawn(region) if not c.is_paused(ON) and c.reference not in region.not_reached
    ]


def test_a_quarter_to_two_fifths_of_vacancies_have_few_fits_small_firms_first(
    region: DemoRegion, pathways: Pathways
) -> None:
    table = VacancyTable(region.vacancies, pathways.setting)
    near = [
        fits_and_wants(c, region, table)
        for c in available(region)
        if lane(c, pathways) in (Lane.READY_NOW, Lane.READY_WITH_SUPPORT)
    ]
    few = np.sum(near, axis=0) < 3
    smallest = np.array([(v.employer_size or 0) < 10 for v in region.vacancies])

    assert 0.25 <= few.mean() <= 0.40
    assert few[smallest].mean() > few[~smallest].mean()


def test_a_ready_person_fits_and_wants_six_to_fourteen_vacancies(
    region: DemoRegion, pathways: Pathways
) -> None:
    table = VacancyTable(region.vacancies, pathways.setting)
    fits = [
        int(fits_and_wants(c, region, table).sum())
        for c in available(region)
        if lane(c, pathways) is Lane.READY_NOW
    ]

    assert len(fits) >= 6
    assert 6 <= median(fits) <= 14


def test_every_lane_occurs(region: DemoRegion, pathways: Pathways) -> None:
    found = Counter(lane(c, pathways) for c in region.candidates)

    assert set(found) == set(Lane)
    assert found[Lane.OTHER_ROUTE] == 1


def test_every_blocker_occurs(region: DemoRegion, setting: Setting) -> None:
    found = {
        blocker.code
        for candidate in region.candidates
        for vacancy in region.vacancies
        for blocker in assess_pair(current(candidate, setting), vacancy, setting).blockers
    }

    assert found == set(BLOCKERS)


def test_every_programme_has_somebody_or_some_place_to_be_of_use_to(region: DemoRegion) -> None:
    papers = {
        code
        for vacancy in region.vacancies
        for code in vacancy.credentials | vacancy.licences | vacancy.credentials_taught
    }
    for programme in region.programmes:
        raised = [name for name, _ in programme.raises if name in LEVEL_MAXIMUM or name in LOADS]
        lifts_somebody = any(
            (level := candidate.level(name)) is not None and level < 2
            for name in raised
            for candidate in region.candidates
        )
        opens_something = bool(programme.gives & papers) or bool(programme.gives & {"ebike"})
        names = dict(programme.raises)
        guides = "guidance_hours" in names or "direction" in names
        assert lifts_somebody or opens_something or guides, programme.reference


def test_most_programmes_open_a_way_or_are_suggested(
    region: DemoRegion, pathways: Pathways
) -> None:
    used = set()
    for candidate in region.candidates:
        seen = current(candidate, pathways.setting)
        for opening in openings(seen, region.vacancies, pathways).values():
            used |= {step.programme.reference for step in opening.steps}
        sector = lane_of(seen, assess_readiness(seen, pathways.setting.rules), pathways).sector
        used |= {programme.reference for programme in pathways.suggested(seen, sector)}

    assert len(used) >= 15
    assert {"buddy-training", "ebike-or-van", "orientation-infra", "money-calm"} <= used


def test_no_month_of_the_coming_year_is_without_a_start(region: DemoRegion) -> None:
    starts = {day for programme in region.programmes for day in programme.starts_on}
    starts |= {vacancy.start_on for vacancy in region.vacancies if vacancy.start_on}
    months = {day.year * 12 + day.month for day in starts if day >= ON}

    first = ON.year * 12 + ON.month
    assert set(range(first + 1, first + 13)) <= months


class Lessons:
    """The shipped region seen from one lesson."""

    def __init__(self, region: DemoRegion, pathways: Pathways) -> None:
        self.region = region
        self.pathways = pathways
        self.by_reference = {c.reference: c for c in region.candidates}

    def person(self, number: int) -> CandidateProfile:
        return self.by_reference[f"demo-les-{number:02d}"]

    def lane(self, number: int) -> Lane:
        return lane(self.person(number), self.pathways)

    def pairs(self, number: int) -> list[Pair]:
        seen = current(self.person(number), self.pathways.setting)
        return [assess_pair(seen, v, self.pathways.setting) for v in self.region.vacancies]

    def blocked_by(self, number: int) -> list[set[str]]:
        return [{b.code for b in pair.blockers} for pair in self.pairs(number)]

    def fits(self, number: int) -> list[str]:
        return [pair.vacancy.reference for pair in self.pairs(number) if not pair.blockers]


@pytest.fixture(scope="module")
def lessons(region: DemoRegion, pathways: Pathways) -> Lessons:
    return Lessons(region, pathways)


def test_there_are_twelve_lessons_in_two_languages(region: DemoRegion) -> None:
    assert [lesson.reference for lesson in region.lessons] == [
        f"demo-les-{number:02d}" for number in range(1, 13)
    ]
    assert all(lesson.nl and lesson.en for lesson in region.lessons)
    assert [c.reference for c in region.candidates[-12:]] == [
        lesson.reference for lesson in region.lessons
    ]


def test_money_worries_alone_add_help_and_take_no_place(lessons: Lessons) -> None:
    calm = replace(lessons.person(1), money=4)
    setting = lessons.pathways.setting

    assert lessons.lane(1) is Lane.READY_WITH_SUPPORT
    assert lane(calm, lessons.pathways) is Lane.READY_NOW
    assert lessons.fits(1) == [
        v.reference for v in lessons.region.vacancies if not assess_pair(calm, v, setting).blockers
    ]


def test_unknown_lifting_asks_first_at_the_smallest_firms_only(lessons: Lessons) -> None:
    ask = [p for p in lessons.pairs(2) if any(g.code == "ask_first" for g in p.gaps)]

    assert ask
    assert all((p.vacancy.employer_size or 0) < 10 for p in ask)
    assert any(
        (p.vacancy.employer_size or 0) >= 10 and not p.blockers and p.vacancy.demand("lift")
        for p in lessons.pairs(2)
    )


def test_care_in_the_afternoon_blocks_on_the_parts_of_the_week(lessons: Lessons) -> None:
    assert {"windows"} in lessons.blocked_by(3)
    assert lessons.fits(3)


def test_only_vca_stands_between_and_one_day_opens_those_places(lessons: Lessons) -> None:
    closed = [codes for codes in lessons.blocked_by(4) if codes == {"credential"}]
    seen = current(lessons.person(4), lessons.pathways.setting)
    ways = openings(seen, lessons.region.vacancies, lessons.pathways)

    assert len(closed) >= 4
    by_vca = [
        way
        for way in ways.values()
        if [step.programme.reference for step in way.steps] == ["vca-basic"]
    ]
    assert len(by_vca) >= 4


def test_one_step_from_four_places_and_more(lessons: Lessons) -> None:
    plan = plan_for(lessons.person(5), lessons.region.vacancies, lessons.pathways)
    opened = set(plan.steps[0].unlocks)

    assert [step.programme.reference for step in plan.steps] == ["ebike-or-van"]
    assert sum(v.places for v in lessons.region.vacancies if v.reference in opened) >= 4
    assert sum(codes == {"travel"} for codes in lessons.blocked_by(5)) >= 4


def test_work_out_of_reach_within_a_year_asks_for_a_talk(lessons: Lessons) -> None:
    assert lessons.lane(6) is Lane.OTHER_ROUTE
    assert lessons.fits(6)


def test_twins_with_and_without_money_worries_get_the_same_places_and_days(
    lessons: Lessons,
) -> None:
    with_worries, without = lessons.person(7), lessons.person(8)
    plans = [
        plan_for(c, lessons.region.vacancies, lessons.pathways) for c in (with_worries, without)
    ]

    assert replace(with_worries, reference="", money=None) == replace(
        without, reference="", money=None
    )
    assert [(p.vacancy.reference, p.fit) for p in lessons.pairs(7)] == [
        (p.vacancy.reference, p.fit) for p in lessons.pairs(8)
    ]
    assert lessons.fits(7) == lessons.fits(8)
    assert plans[0].place_on == plans[1].place_on
    assert plans[0].vacancy == plans[1].vacancy
    assert [s for s in plans[0].steps if not s.alongside] == list(plans[1].steps)


def test_partly_lifting_is_too_much_for_the_smallest_firms_only(lessons: Lessons) -> None:
    blocked = [p for p in lessons.pairs(9) if "small_employer" in {b.code for b in p.blockers}]

    assert blocked
    assert all((p.vacancy.employer_size or 0) < 50 for p in blocked)
    assert any((p.vacancy.employer_size or 0) < 10 for p in blocked)
    assert any(g.code == "job_coach" for p in lessons.pairs(9) for g in p.gaps)


def test_someone_away_is_assessed_as_usual(lessons: Lessons) -> None:
    assert lessons.person(10).is_paused(ON)
    assert lessons.lane(10) is Lane.READY_NOW


def test_nine_weeks_without_being_seen_makes_rhythm_unknown(lessons: Lessons) -> None:
    assert lessons.person(11).rhythm == 4
    assert current(lessons.person(11), lessons.pathways.setting).rhythm is None
    assert lessons.lane(11) is Lane.NOT_ENOUGH_KNOWN


def test_no_wish_known_is_no_disadvantage_and_gets_a_try_out(lessons: Lessons) -> None:
    seen = current(lessons.person(12), lessons.pathways.setting)
    readiness = assess_readiness(seen, lessons.pathways.setting.rules)
    sector = lane_of(seen, readiness, lessons.pathways).sector

    assert lessons.lane(12) is Lane.READY_NOW
    assert "orientation-infra" in {p.reference for p in lessons.pathways.suggested(seen, sector)}
