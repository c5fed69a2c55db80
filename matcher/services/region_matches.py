"""The job *match_region*: the best places for everybody in a region, and who fits each place.

Vacancies, rules, places and the day are frozen when the job is planned; candidates are read when
their block is handed out, so that nobody's answers are kept a second time. People who are paused,
closed or left out of automatic advice at their own request take no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import NotFound
from matcher.engine.spread import Common, Work
from matcher.models.states import JobState
from matcher.repositories import region_matches as rows
from matcher.repositories import vacancies
from matcher.repositories.content import hash_of
from matcher.repositories.jobs import JobRecord
from matcher.repositories.paging import page_of_list
from matcher.repositories.records import Page
from matcher.repositories.region_matches import Line, PersonPlaces
from matcher.services.calendar import day_of
from matcher.services.inputs import keep_inputs, kept_advisor, region_inputs
from matcher.services.jobs import Apart, JobKind, Plan, get_job, unpacked, viewer_of
from matcher.services.transactions import unit_of_work

if TYPE_CHECKING:
    from matcher.engine.region_block import People

NAME = "match_region"
PEOPLE_A_BLOCK = 200
TOP = 10
"""Places kept for each person."""
SHOWN = 3
"""Places of one person in a list of people."""
_LANGUAGE = "nl"
"""Nothing of the texts gets into the result; an advisor just speaks some language."""


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What all blocks start from, by hash."""

    region: str
    on: date
    rules_hash: str
    vacancies_hash: str
    programmes_hash: str
    places_hash: str
    language: str = _LANGUAGE


_prepared: dict[str, Common] = {}
"""The vacancies of the job at hand, by hash: reading them costs more than a block."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One vacancy of the result: how many people fit, and for how many it is the best place."""

    place: rows.PlaceName
    fits: int
    first: int

    def as_mapping(self) -> dict[str, Any]:
        """The line as a flat row."""
        return {
            "vacancy_id": self.place.id,
            "vacancy": self.place.reference,
            "title": self.place.title,
            "contractor": self.place.contractor,
            "places": self.place.places,
            "fits": self.fits,
            "first": self.first,
        }


def _plan(session: Session, job: JobRecord) -> Plan:
    viewer = viewer_of(job)
    on = day_of(job.submitted_at)
    inputs = region_inputs(session, job.region, on=on, language=_LANGUAGE)
    keep_inputs(session, inputs, now=job.submitted_at)
    people = rows.people(session, viewer)
    numbers = vacancies.ids_by_reference(session, viewer)
    frozen = {
        "on": on.isoformat(),
        "rules_hash": inputs.rules_hash,
        "vacancies_hash": inputs.vacancies_hash,
        "programmes_hash": inputs.programmes_hash,
        "places_hash": inputs.places_hash,
        "people": people,
        "vacancies": [numbers[vacancy.reference] for vacancy in inputs.advisor.vacancies],
    }
    return Plan(-(-len(people) // PEOPLE_A_BLOCK), frozen)


def _common(session: Session, job: JobRecord) -> Common:
    frozen = {name: value for name, value in job.frozen.items() if name != "people"}
    key = hash_of([NAME, job.region, frozen])
    if key not in _prepared:
        # Compiled code takes seconds to load: only a worker that has such a job needs it.
        from matcher.engine.region_block import RegionWork

        advisor = kept_advisor(session, _kept(job))
        setting = advisor.setting(CandidateProfile("", job.region))
        work = RegionWork(tuple(advisor.vacancies), tuple(frozen["vacancies"]), setting, TOP)
        _prepared.clear()
        _prepared[key] = Common(key, work)
    return _prepared[key]


def _kept(job: JobRecord) -> _Frozen:
    frozen = job.frozen
    return _Frozen(
        region=job.region,
        on=date.fromisoformat(frozen["on"]),
        rules_hash=frozen["rules_hash"],
        vacancies_hash=frozen["vacancies_hash"],
        programmes_hash=frozen["programmes_hash"],
        places_hash=frozen["places_hash"],
    )


def _read(session: Session, job: JobRecord, number: int) -> People:
    from matcher.engine.region_block import taking_part

    start = number * PEOPLE_A_BLOCK
    numbers = job.frozen["people"][start : start + PEOPLE_A_BLOCK]
    found = rows.profiles(session, viewer_of(job), numbers)
    return taking_part(found, len(numbers), _common(session, job).value.setting)


def _work() -> Work:
    from matcher.engine.region_block import match_block

    return match_block


def _write(session: Session, job: JobRecord, _number: int, content: bytes) -> None:
    rows.keep(session, viewer_of(job), job.id, unpacked(content)["lines"])


def _finish(session: Session, job: JobRecord, contents: Iterable[bytes]) -> Mapping[str, Any]:
    numbers: list[int] = job.frozen["vacancies"]
    counts: Counter[str] = Counter()
    fits: Counter[int] = Counter()
    first: Counter[int] = Counter()
    for content in contents:
        block = unpacked(content)
        counts.update({name: block[name] for name in ("people", "left_out", "without")})
        fits.update(dict(zip(numbers, block["fits"], strict=True)))
        first.update(vacancy for _, vacancy, rank, _ in block["lines"] if rank == 1)
    rows.delete_all_but(session, viewer_of(job), job.id)
    return {
        "on": job.frozen["on"],
        "people": counts["people"],
        "without": counts["without"],
        "left_out": counts["left_out"],
        "places": [[number, fits[number], first[number]] for number in numbers],
    }


def _clear(session: Session, job: JobRecord) -> None:
    rows.delete_of(session, viewer_of(job), job.id)


MATCH_REGION = JobKind(
    name=NAME,
    rights=(Right.TRIAGER, Right.LEAD),
    plan=_plan,
    apart=Apart(_common, _read, _work),
    write=_write,
    finish=_finish,
    clear=_clear,
)


def list_matches(
    session: Session, viewer: Viewer, job_id: int, *, cursor: str | None = None, limit: int = 50
) -> Page[Line]:
    """What a job that is done wrote, by person; empty once a later one took its place.

    NotFound for a job out of reach, of another kind, or not done.
    """
    _done_job(session, viewer, job_id)
    with unit_of_work(session):
        return rows.page(session, viewer, job_id, cursor=cursor, limit=limit)


def list_people(
    session: Session, viewer: Viewer, job_id: int, *, cursor: str | None = None, limit: int = 50
) -> Page[PersonPlaces]:
    """What a job that is done wrote, person by person with at most `SHOWN` places.

    As `list_matches`, in the order in which people came.
    """
    _done_job(session, viewer, job_id)
    with unit_of_work(session):
        return rows.people_page(session, viewer, job_id, cursor=cursor, limit=limit, shown=SHOWN)


def list_places(
    session: Session, viewer: Viewer, job_id: int, *, cursor: str | None = None, limit: int = 50
) -> Page[PlaceLine]:
    """Each vacancy of a result that is still in reach, those that nobody fits on top.

    NotFound as in `list_matches`; these counts stay when a later job took the place of the rest.
    """
    job = _done_job(session, viewer, job_id)
    names = rows.place_names(session, viewer)
    lines = [
        PlaceLine(names[number], fits, first)
        for number, fits, first in job.result["places"]
        if number in names
    ]
    return page_of_list(
        sorted(lines, key=_order_of), cursor=cursor, limit=limit, kinds=(int, int), key_of=_order_of
    )


def _order_of(line: PlaceLine) -> tuple[int, int]:
    return line.fits, line.place.id


def later_result(session: Session, viewer: Viewer, job: JobRecord) -> int | None:
    """The number of the job in reach whose result stands in place of that of `job`, if any."""
    newest = rows.newest_done(session, viewer, NAME)
    return None if newest is None or newest <= job.id else newest


def _done_job(session: Session, viewer: Viewer, job_id: int) -> JobRecord:
    job = get_job(session, viewer, job_id)
    if job.kind != NAME or job.state is not JobState.DONE:
        raise NotFound("result")
    return job
