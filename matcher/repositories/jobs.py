"""Jobs and what their blocks gave; who works on one is decided here, in single statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Job, JobBlock
from matcher.models.states import JobFailure, JobState
from matcher.repositories.paging import decode_cursor, read_page
from matcher.repositories.records import Page
from matcher.repositories.scope import numbered, scoped, unscoped

_BLOCKS_AT_ONCE = 16
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job as it stood when it was read; the columns of the table say what each means."""

    id: int
    kind: str
    region: str
    account_id: int | None
    arguments: Mapping[str, Any]
    frozen: Any
    state: JobState
    failure: JobFailure | None
    total: int | None
    done: int
    claims: int
    lease_until: datetime | None
    cancel_asked_at: datetime | None
    submitted_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: Any

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ENDED

    @property
    def version(self) -> int:
        """A number that grows with every change that can be seen."""
        held = self.state is JobState.RUNNING
        told = (self.total is not None) + (self.cancel_asked_at is not None) + self.has_ended
        return 1 + 2 * self.claims - held + self.done + told

    def is_silent(self, now: datetime) -> bool:
        """Whether its worker said nothing in time; whoever comes next goes on with it."""
        if self.state is not JobState.RUNNING:
            return False
        return self.lease_until is None or self.lease_until < now

    def as_mapping(self) -> dict[str, Any]:
        """Every column by its name."""
        return {name: getattr(self, name) for name in self.__slots__}


def to_record(row: Job) -> JobRecord:
    """The row as a frozen value."""
    return JobRecord(**{name: getattr(row, name) for name in JobRecord.__slots__})


# --- for people ---------------------------------------------------------------------------------


def find_row(session: Session, viewer: Viewer, job_id: int) -> Job | None:
    """The job in reach, locked for a change and read anew; None for any other."""
    statement = select(Job).where(numbered(Job, job_id))
    return session.scalar(
        scoped(statement, viewer, Job).with_for_update().execution_options(populate_existing=True)
    )


def find(session: Session, viewer: Viewer, job_id: int) -> JobRecord | None:
    """The job in reach as it stands now; None for any other."""
    statement = scoped(select(Job).where(numbered(Job, job_id)), viewer, Job)
    row = session.scalar(statement.execution_options(populate_existing=True))
    return None if row is None else to_record(row)


def page(
    session: Session, viewer: Viewer, *, kind: str | None, cursor: str | None, limit: int
) -> Page[JobRecord]:
    """Jobs in reach, the newest first."""
    statement: Select[Any] = scoped(select(Job), viewer, Job)
    if kind is not None:
        statement = statement.where(Job.kind == kind)
    if cursor is not None:
        statement = statement.where(Job.id < decode_cursor(cursor, (int,))[0])
    return read_page(
        session,
        statement.order_by(Job.id.desc()).execution_options(populate_existing=True),
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=lambda row: to_record(row[0]),
    )


def by_request(session: Session, request_hash: str) -> Job | None:
    """The job that was asked for with this key; the key itself belongs to one account."""
    return session.scalar(unscoped(select(Job).where(Job.request_hash == request_hash), Job))


def at_slot(session: Session, slot: str) -> int | None:
    """The number of the job that is at `slot` now."""
    return session.scalar(unscoped(select(Job.id).where(Job.slot == slot), Job))


# --- for workers, who serve every region --------------------------------------------------------


def claim(session: Session, worker: str, *, now: datetime, until: datetime) -> JobRecord | None:
    """Takes the oldest job that waits, or whose worker said nothing in time; None without any.

    One statement: on SQLite it has the database to itself, on PostgreSQL it skips what another
    worker is taking at this moment.
    """
    oldest = select(Job.id).where(_waits(now)).order_by(Job.id).limit(1)
    oldest = oldest.with_for_update(skip_locked=True)
    taken = (
        update(Job)
        .where(Job.id == oldest.scalar_subquery())
        .values(
            state=JobState.RUNNING,
            worker=worker,
            lease_until=until,
            claims=Job.claims + 1,
            fruitless_claims=Job.fruitless_claims + 1,
            started_at=func.coalesce(Job.started_at, now),
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    job_id = session.scalar(unscoped(taken, Job))
    return None if job_id is None else to_record(get_whole(session, job_id))


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether there is a job that `claim` would find."""
    statement = select(Job.id).where(_waits(now)).limit(1)
    return session.scalar(unscoped(statement, Job)) is not None


def _waits(now: datetime) -> ColumnElement[bool]:
    left_alone = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    return or_(Job.state == JobState.QUEUED, left_alone)


def get_whole(session: Session, job_id: int) -> Job:
    """The row, read anew, for its worker."""
    statement = unscoped(select(Job).where(Job.id == job_id), Job)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def hold(session: Session, job: JobRecord, **values: Any) -> bool:
    """Sets `values` on a job that is still held under the claim of `job`; whether it is.

    The row stays locked until the transaction ends, so nobody takes the job in between.
    """
    held = (
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.RUNNING, Job.claims == job.claims)
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(unscoped(held, Job)) is not None


def add_block(session: Session, job: JobRecord, number: int, content: bytes) -> None:
    """Keeps what a block gave; the database refuses a second one of the same number."""
    session.add(JobBlock(job_id=job.id, number=number, region=job.region, content=content))
    session.flush()


def block_contents(session: Session, job_id: int, count: int) -> Iterator[bytes]:
    """What the first `count` blocks gave, in their order, some of them in memory at a time."""
    for start in range(0, count, _BLOCKS_AT_ONCE):
        stop = min(start + _BLOCKS_AT_ONCE, count)
        statement = select(JobBlock.content).where(
            JobBlock.job_id == job_id, JobBlock.number >= start, JobBlock.number < stop
        )
        found = session.scalars(unscoped(statement.order_by(JobBlock.number), JobBlock)).all()
        if len(found) != stop - start:
            raise LookupError(f"blocks of job {job_id} are missing")
        yield from found


def delete_blocks(session: Session, job_id: int) -> None:
    """Forgets what the blocks of a job gave."""
    session.execute(
        unscoped(delete(JobBlock).where(JobBlock.job_id == job_id), JobBlock),
        execution_options={"synchronize_session": False},
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    """Jobs that have not ended, for whoever runs the service; moments are None without any."""

    queued: int
    running: int
    oldest_queued_at: datetime | None


def backlog(session: Session) -> Backlog:
    """How much waits, how much is being worked on, and since when the oldest one waits."""
    statement = (
        select(Job.state, func.count(), func.min(Job.submitted_at))
        .where(Job.state.not_in(ENDED))
        .group_by(Job.state)
    )
    found = {row[0]: (row[1], row[2]) for row in session.execute(unscoped(statement, Job))}
    queued, oldest = found.get(JobState.QUEUED, (0, None))
    return Backlog(queued, found.get(JobState.RUNNING, (0, None))[0], oldest)
