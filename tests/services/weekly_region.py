"""A region to allocate in as a job: few people, few places, one course that opens a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import Right, Viewer
from matcher.models import Base
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.models.wall import whole_database
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.jobs import JobRecord
from matcher.repositories.weekly import AllocationRecord
from matcher.repositories.weekly_lines import LineRecord
from matcher.services import jobs, weekly_views
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from matcher.services.programmes import create_programme
from matcher.services.weekly import ALLOCATE_REGION
from tests.services.conftest import NOW, TODAY, account_of
from tests.services.introducing import open_place, person_of

COURSE: dict[str, Any] = {
    "reference": "VCA", "kind": "safety", "title": "VCA basis", "weeks": 1.0, "hours_a_week": 8.0,
    "starts_on": (date(2027, 3, 9),), "seats": 1, "gives": frozenset({"vca_basic"}),
}  # fmt: skip
WERKFIT: dict[str, Any] = {
    "reference": "FIT", "kind": "werkfit", "weeks": 8.0, "hours_a_week": 20.0, "seats": 1,
    "starts_on": (date(2027, 3, 8),), "raises": (("rhythm", 2), ("work_skills", 1)),
}  # fmt: skip
LEVELS: tuple[dict[str, Any], ...] = (
    {}, {"rhythm": 3}, {"work_skills": 3}, {"language_speak": 3}, {"hours_max": 28},
    {"rhythm": 0, "work_skills": 1}, {"rhythm": 0, "work_skills": 1},
)  # fmt: skip
PLACES: tuple[dict[str, Any], ...] = (
    {"reference": "V-A", "places": 1, "guidance_hours": 20},
    {"reference": "V-B", "places": 1, "guidance_hours": 20, "rhythm": 4},
    {"reference": "V-VCA", "places": 2, "guidance_hours": 20,
     "credentials": frozenset({"vca_basic"})},
)  # fmt: skip


@dataclass
class WeeklyRegion:
    """People at work, candidates in the order of coming, and open places."""

    factory: sessionmaker[Session]
    viewers: dict[Right, Viewer]
    people: list[int]
    places: dict[str, int]
    courses: dict[str, int] = field(default_factory=dict)
    now: datetime = NOW

    def session(self, right: Right = Right.LEAD) -> Session:
        session = self.factory()
        act_as(session, Actor(self.viewers[right], self.now))
        return session

    @property
    def lead(self) -> Viewer:
        return self.viewers[Right.LEAD]

    def ask(self, **arguments: Any) -> JobRecord:
        with self.session() as session:
            return jobs.submit(session, self.lead, ALLOCATE_REGION, arguments, now=self.now)

    def run(self, **arguments: Any) -> AllocationRecord:
        """The scenario of a job that was asked for and done."""
        job = self.ask(**arguments)
        assert run_one(self.factory, "w", lambda: self.now, KINDS) is JobState.DONE
        with self.session() as session:
            number = weekly_views.allocation_of_job(session, self.lead, job.id)
            assert number is not None
            return weekly_views.get_allocation(session, self.lead, number)

    def lines(self, made: AllocationRecord, **which: Any) -> list[LineRecord]:
        with self.session() as session:
            found = weekly_views.list_lines(session, self.lead, made.id, limit=200, **which)
            return list(found.items)

    def count(self, table: type[Base]) -> int:
        """How many rows a table holds, whoever may see them."""
        with self.session() as session, whole_database(session, "a test counts"):
            statement = select(func.count()).select_from(table.__table__)
            return session.connection().scalar(statement) or 0

    def proposed(self, made: AllocationRecord) -> dict[int, tuple[int | None, int | None]]:
        """By candidate, the vacancy and the programme that are proposed."""
        lines = self.lines(made)
        return {line.candidate_id: (line.vacancy_id, line.programme_id) for line in lines}


def weekly_region(url: str, *, courses: bool = True) -> WeeklyRegion:
    """A region in the database at `url`; whoever asks disposes of its engine."""
    factory = session_factory(make_engine(url))
    rights = (*(Right.LEAD, Right.TRIAGER, Right.OFFICER, Right.SERVICE_POINT), Right.COACH)
    with factory() as session:
        firm = account_of(session, "firm", Right.CONTRACTOR, firm="Firma")
        viewers = {right: account_of(session, right.value, right) for right in rights}
        viewers[Right.CONTRACTOR] = firm
        people = [
            person_of(
                session,
                viewers[Right.COACH],
                NOW,
                reference=f"K-{number}",
                waiting_since=TODAY - timedelta(days=100 - number),
                guidance_need=2,
                **level,
            )
            for number, level in enumerate(LEVELS)
        ]
        places = {place["reference"]: open_place(session, firm, place, NOW) for place in PLACES}
        made = {}
        if courses:
            for values in (COURSE, WERKFIT):
                course = create_programme(session, viewers[Right.LEAD], values, now=NOW)
                made[values["reference"]] = course.id
        session.commit()
    numbers = [person.candidate_id or 0 for person in people]
    return WeeklyRegion(factory, viewers, numbers, places, made)
