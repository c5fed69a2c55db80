"""The demo region: invented people, work and programmes, the same for the same seed and day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from matcher.demo.contracts import Contract, Contractor
from matcher.demo.demanding import with_share
from matcher.demo.lessons import Lesson, lesson_cases
from matcher.demo.people import People, draw_people
from matcher.demo.spec import load_population, load_work
from matcher.demo.work import Arrangement, Work, draw_work
from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.places import Places
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.reference.catalogue import load_catalogue
from matcher.reference.places import load_places

REGION = "demo"
DEMO_SEED = 1
"""The seed of the demo that ships; its population passes the checks of practice.md section 6."""
SCALES = ("regional", "national")


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """Everything that a demo shows; all of it invented.

    `audit` holds benefit and year of birth under the same references, apart from the profiles.
    `not_reached` are candidates that three calls did not reach yet. `lessons` say what each of the
    hand-made cases at the end of `candidates` teaches.
    """

    candidates: tuple[CandidateProfile, ...]
    audit: tuple[AuditAttributes, ...]
    vacancies: tuple[VacancyProfile, ...]
    programmes: tuple[Programme, ...]
    contractors: tuple[Contractor, ...]
    contracts: tuple[Contract, ...]
    arrangements: tuple[Arrangement, ...]
    not_reached: frozenset[str]
    lessons: tuple[Lesson, ...]


def generate(
    seed: int,
    on: date,
    candidates: int = 300,
    vacancies: int = 60,
    programmes: int = 20,
    scale: str = "regional",
    places: Places | None = None,
    lang: str = "nl",
    lessons: bool = True,
    feasible: float | None = None,
) -> DemoRegion:
    """The demo region of `seed` on `on`, with this many drawn candidates and vacancies.

    Twelve hand-made teaching cases come on top of the drawn candidates, unless `lessons` is false
    or the scale is ``national``: that spreads people and work over every postcode of `places`, or
    of the shipped table when None. Another number of programmes than the catalogue's repeats it or
    cuts it off.
    """
    if scale not in SCALES:
        raise ValueError(f"scale must be one of {', '.join(SCALES)}")
    national = scale == "national"
    spots = sorted((places or load_places()).points) if national else None
    drawn: People = draw_people(load_population(), seed, on, candidates, REGION, spots)
    work: Work = draw_work(load_work(), load_population(), seed, on, vacancies, REGION, spots, lang)
    people, vacant = drawn.candidates, work.vacancies
    if feasible is not None:
        known = places or load_places()
        people, vacant = with_share(people, vacant, feasible, seed, on, known)
    taught = lesson_cases(on, REGION) if lessons and not national else ()
    catalogue = repeated(load_catalogue(on, lang), programmes)
    kinds = load_work()["arrangement"]["programme_kinds"]
    name = work.arrangements[0].name
    return DemoRegion(
        candidates=(*people, *(case.candidate for case, _ in taught)),
        audit=(*drawn.audit, *(case.audit for case, _ in taught)),
        vacancies=vacant,
        programmes=tuple(
            replace(p, region=REGION, arrangement=name if p.kind in kinds else None)
            for p in catalogue
        ),
        contractors=work.contractors,
        contracts=work.contracts,
        arrangements=work.arrangements,
        not_reached=drawn.not_reached,
        lessons=tuple(lesson for _, lesson in taught),
    )


def repeated(catalogue: tuple[Programme, ...], count: int) -> tuple[Programme, ...]:
    """The first `count` programmes, going round the catalogue with a number added each time."""
    rounds = []
    for index in range(count):
        turn, position = divmod(index, len(catalogue))
        programme = catalogue[position]
        if turn:
            programme = replace(programme, reference=f"{programme.reference}-{turn + 1}")
        rounds.append(programme)
    return tuple(rounds)
