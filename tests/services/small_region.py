"""A region of few people and places, matched as a job."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import Right, Viewer
from matcher.engine.spread import Executor
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.jobs import JobRecord
from matcher.services import job_runs, jobs
from matcher.services.job_kinds import ASKERS, KINDS
from matcher.services.region_matches import MATCH_REGION
from tests.services.conftest import NOW, account_of
from tests.services.introducing import open_place, person_of

LEVELS: tuple[dict[str, Any], ...] = (
    {}, {"rhythm": 3}, {"hours_max": 28}, {"work_skills": None}, {"rhythm": 0},
)  # fmt: skip
WANTED: tuple[dict[str, Any], ...] = (
    {}, {"rhythm": 4, "hours_min": 32}, {"guidance_hours": 4}, {"site_pc4": 9999},
    {"credentials": frozenset({"vca_full"}), "title": "Zonder iemand"},
)  # fmt: skip


@dataclass
class Region:
    """People at work, candidates, and places: one of them asks for what nobody has."""

    factory: sessionmaker[Session]
    viewers: dict[Right, Viewer]
    people: list[int]
    places: list[int]

    def as_viewer(self, right: Right) -> Session:
        session = self.factory()
        act_as(session, Actor(self.viewers[right], NOW))
        return session

    def asked(self, right: Right = Right.LEAD) -> JobRecord:
        with self.as_viewer(right) as session:
            return jobs.submit(session, self.viewers[right], MATCH_REGION, {}, now=NOW)

    def stands(self, job: JobRecord, right: Right = Right.LEAD) -> JobRecord:
        with self.as_viewer(right) as session:
            return jobs.get_job(session, self.viewers[right], job.id)

    def run(self, executor: Executor | None = None) -> JobState | None:
        return job_runs.run_one(self.factory, "w", lambda: NOW, KINDS, executor=executor)

    def matched(self, right: Right = Right.LEAD, executor: Executor | None = None) -> JobRecord:
        job = self.asked(right)
        assert self.run(executor) is JobState.DONE
        return self.stands(job, right)


def small_region(url: str, people: int = len(LEVELS)) -> Region:
    """A region in the database at `url`; whoever asks disposes of its engine."""
    factory = session_factory(make_engine(url))
    with factory() as session:
        coach = account_of(session, "coach", Right.COACH)
        firm = account_of(session, "firm", Right.CONTRACTOR, firm="Firma")
        viewers = {right: account_of(session, right.value, right) for right in ASKERS}
        viewers |= {Right.COACH: coach, Right.CONTRACTOR: firm}
        made = [person_of(session, coach, NOW, **level) for level in islice(cycle(LEVELS), people)]
        places = [
            open_place(session, firm, {"reference": f"V-{n}", **change}, NOW)
            for n, change in enumerate(WANTED)
        ]
        session.commit()
    return Region(factory, viewers, [person.candidate_id or 0 for person in made], places)
