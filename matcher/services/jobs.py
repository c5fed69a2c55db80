"""Jobs: what may be asked for, by whom, and how it stands. `matcher.services.job_runs` does them.

A kind of job is five functions. ``plan`` says in how many blocks the work falls and freezes what
all of them start from; ``work`` computes one block and only reads; ``write``, where there are rows
to write, writes them in the transaction that also keeps the block, so that each block happens
exactly once; ``finish`` makes the whole visible in one transaction, and until then an earlier
result stays; ``clear`` takes back what blocks wrote when a job ends without a result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from matcher.engine.spread import Block, Common, Work
from matcher.models import Job, JobBlock
from matcher.models.states import JobState
from matcher.models.types import canonical_json
from matcher.models.wall import whole_database
from matcher.repositories import jobs as rows
from matcher.repositories.jobs import JobRecord
from matcher.repositories.records import Page
from matcher.services.idempotency import KeyReused
from matcher.services.transactions import unit_of_work

WHY = "keeping jobs"


@dataclass(frozen=True, slots=True)
class Plan:
    """In how many blocks a job falls, and what they all start from.

    `frozen` is plain JSON without anything about a person: numbers of rows, hashes, days. The
    blocks find it in ``JobRecord.frozen``.
    """

    blocks: int
    frozen: Any = None


def no_arguments(_session: Session, _viewer: Viewer, given: Mapping[str, Any]) -> dict[str, Any]:
    """For a kind that takes none; InvalidInput names each that was given."""
    if given:
        raise InvalidInput([Problem(name, "is not known here") for name in sorted(given)])
    return {}


@dataclass(frozen=True, slots=True)
class Apart:
    """Work in two: what reads the database here, and what may be computed on another machine.

    `common(session, job)` is what all blocks start from, `read(session, job, number)` what one
    does; both only read. `work()` gives the pure function of the two, loading it on first use.
    """

    common: Callable[[Session, JobRecord], Common]
    read: Callable[[Session, JobRecord, int], Any]
    work: Callable[[], Work]

    def block(self, session: Session, job: JobRecord, number: int) -> Block:
        """One block, read and ready to be handed out."""
        return Block(number, self.read(session, job, number))


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job.

    `rights` may ask for it. `accept(session, viewer, given)` checks the arguments and returns what
    is kept; InvalidInput names what is wrong. `plan` runs in a short transaction and depends on
    nothing but the arguments and the database. `work(session, job, number)` computes a block from
    ``job.frozen``, the database and earlier blocks (`earlier_blocks`); it may take long and must
    not write; with `apart` in its place the blocks may also be computed elsewhere.
    `write(session, job, number, content)`, `finish(session, job, contents)` and
    `clear(session, job)` run in a transaction that others wait for: they should be short. What
    `write` returns, if anything, is kept as the content of the block.
    `finish` returns counts to show; what it is given comes in the order of the blocks.
    """

    name: str
    rights: tuple[Right, ...]
    plan: Callable[[Session, JobRecord], Plan]
    finish: Callable[[Session, JobRecord, Iterable[bytes]], Mapping[str, Any]]
    work: Callable[[Session, JobRecord, int], bytes] | None = None
    apart: Apart | None = None
    accept: Callable[[Session, Viewer, Mapping[str, Any]], Mapping[str, Any]] = no_arguments
    write: Callable[[Session, JobRecord, int, bytes], bytes | None] | None = None
    clear: Callable[[Session, JobRecord], None] | None = None

    def content(self, session: Session, job: JobRecord, number: int) -> bytes:
        """What a block gives, computed here."""
        if self.work is not None:
            return self.work(session, job, number)
        if self.apart is None:
            raise ValueError(f"{self.name} says nowhere how a block is computed")
        block = self.apart.block(session, job, number)
        return self.apart.work()(self.apart.common(session, job), block)

    def slot(self, region: str) -> str:
        """What one job at a time may be at: by default one of a kind in a region."""
        return f"{self.name}:{region}"


def packed(value: Any) -> bytes:
    """`value` as the content of a block: equal values give equal bytes."""
    return canonical_json(value).encode()


def unpacked(content: bytes) -> Any:
    """The value that `packed` wrote."""
    return json.loads(content)


def viewer_of(job: JobRecord) -> Viewer:
    """Whom the work of a job reaches as: everything of its region, and nothing of another."""
    return operator(job.region)


def earlier_blocks(session: Session, job: JobRecord) -> Iterable[bytes]:
    """What the blocks gave that are done, in their order: for a block that builds on them."""
    return rows.block_contents(session, job.id, job.done)


def submit(
    session: Session,
    viewer: Viewer,
    kind: JobKind,
    arguments: Mapping[str, Any],
    *,
    now: datetime,
    idempotency_key: str | None = None,
) -> JobRecord:
    """Asks for a job in the viewer's region; a worker takes it up.

    The same `idempotency_key` again gives the same job, KeyReused with other arguments. Forbidden
    without a right for this kind; Conflict while one of its kind is under way in the region.
    """
    if viewer.region is None or not viewer.has(*kind.rights):
        raise Forbidden(f"none of your rights may ask for {kind.name}")
    accepted = dict(kind.accept(session, viewer, arguments))
    asked = None if idempotency_key is None else _request_hash(viewer, kind, idempotency_key)
    slot = kind.slot(viewer.region)
    try:
        with unit_of_work(session), whole_database(session, WHY, Job):
            earlier = None if asked is None else rows.by_request(session, asked)
            if earlier is not None:
                return _again(earlier, accepted)
            if rows.at_slot(session, slot) is not None:
                raise _under_way()
            row = Job(
                kind=kind.name,
                region=viewer.region,
                account_id=viewer.account_id,
                arguments=accepted,
                state=JobState.QUEUED,
                done=0,
                slot=slot,
                request_hash=asked,
                claims=0,
                fruitless_claims=0,
                submitted_at=now,
            )
            session.add(row)
            session.flush()
            return rows.to_record(row)
    except IntegrityError as error:
        # Two at the same moment: the other one was first.
        raise _under_way() from error


def was_asked(session: Session, viewer: Viewer, kind: JobKind, idempotency_key: str) -> bool:
    """Whether a job was asked for with this key, without asking for it."""
    return rows.by_request(session, _request_hash(viewer, kind, idempotency_key)) is not None


def _under_way() -> Conflict:
    return Conflict("one of this kind is under way in your region; wait for it or stop it")


def _request_hash(viewer: Viewer, kind: JobKind, key: str) -> str:
    parts = (viewer.account_id, viewer.region, kind.name, key)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _again(row: Job, accepted: Mapping[str, Any]) -> JobRecord:
    if canonical_json(row.arguments) != canonical_json(accepted):
        raise KeyReused("this key was used for another request; draw a new one")
    return rows.to_record(row)


def get_job(session: Session, viewer: Viewer, job_id: int) -> JobRecord:
    """A job that the viewer asked for, or leads the region of; NotFound for any other."""
    found = rows.find(session, viewer, job_id)
    if found is None:
        raise NotFound("job")
    return found


def list_jobs(
    session: Session,
    viewer: Viewer,
    *,
    kind: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[JobRecord]:
    """Jobs in reach, the newest first."""
    return rows.page(session, viewer, kind=kind, cursor=cursor, limit=limit)


def cancel(
    session: Session,
    viewer: Viewer,
    job_id: int,
    kinds: Mapping[str, JobKind],
    *,
    now: datetime,
    expected_version: int | None = None,
) -> JobRecord:
    """Stops a job in reach: at once if nobody works on it, else after the block at hand.

    Asking again changes nothing; Conflict for one that ended before. With an `expected_version`,
    Stale when the job ended after that one was read: that it got further makes no wish stale.
    """
    with unit_of_work(session):
        row = rows.find_row(session, viewer, job_id)
        if row is None:
            raise NotFound("job")
        current = rows.to_record(row)
        if expected_version is not None and _is_stale(current, expected_version):
            raise Stale("job", current.version)
        if row.state is JobState.CANCELLED:
            return rows.to_record(row)
        if row.state in rows.ENDED:
            raise Conflict("this job has ended; nothing is left to stop")
        if row.cancel_asked_at is None:
            row.cancel_asked_at = now
        if row.lease_until is None or row.lease_until < now:
            with whole_database(session, WHY, Job, JobBlock):
                take_back(session, rows.to_record(row), kinds.get(row.kind))
                end(session, row, JobState.CANCELLED, now)
        session.flush()
        return rows.to_record(row)


def _is_stale(job: JobRecord, version: int) -> bool:
    was_given = 1 <= version <= job.version
    return not was_given or (job.has_ended and version != job.version)


def take_back(session: Session, job: JobRecord, kind: JobKind | None) -> None:
    """Undoes what the blocks of a job wrote; its kind may be one of an earlier version."""
    if kind is not None and kind.clear is not None:
        kind.clear(session, job)
    rows.delete_blocks(session, job.id)


def end(session: Session, row: Job, state: JobState, now: datetime) -> None:
    """Puts a job in one of its last states; nobody holds it any more."""
    row.state = state
    row.finished_at = now
    row.frozen = row.slot = row.worker = row.lease_until = None
    session.flush()
