"""Uploads, their rows, and what was chosen for the headers of earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Job, RememberedColumns, Upload, UploadBlock
from matcher.models.sealing import PackedRows
from matcher.models.states import ImportKind, UploadState
from matcher.models.wall import whole_database
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered, scoped, unscoped

WHY = "rows of an upload that was found in reach"


@dataclass(frozen=True, slots=True)
class UploadRecord(Record):
    """One upload as it stood when it was read; the columns of the table say what each means."""

    id: int
    version: int
    kind: ImportKind
    region: str
    account_id: int | None
    name: str
    format: str
    file_hash: str
    row_count: int
    state: UploadState
    columns: list[Any]
    report: dict[str, Any] | None
    choices: dict[str, Any]
    outcome: dict[str, Any] | None
    job_id: int | None
    finished_at: datetime | None
    created_at: datetime
    updated_at: datetime


def to_record(row: Upload) -> UploadRecord:
    """The row as a frozen value."""
    return UploadRecord(**{name: getattr(row, name) for name in UploadRecord.__slots__})


def find_row(
    session: Session, viewer: Viewer, upload_id: int, *, for_update: bool = False
) -> Upload | None:
    """The upload in reach of `viewer`, None for any other."""
    statement = scoped(select(Upload).where(numbered(Upload, upload_id)), viewer, Upload)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


def get_row(
    session: Session, viewer: Viewer, upload_id: int, *, for_update: bool = False
) -> Upload:
    """Likewise; NotFound for one out of reach, or one whose time is over."""
    found = find_row(session, viewer, upload_id, for_update=for_update)
    if found is None:
        raise NotFound("import")
    return found


def page(session: Session, viewer: Viewer, *, cursor: str | None, limit: int) -> Page[UploadRecord]:
    """Uploads in reach, the newest first."""
    statement = scoped(select(Upload).order_by(Upload.id.desc()), viewer, Upload)
    if cursor is not None:
        statement = statement.where(after((-Upload.id,), decode_cursor(cursor, (int,))))
    return read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (-row[0].id,),
        make=lambda row: to_record(row[0]),
    )


def same_file(session: Session, viewer: Viewer, kind: ImportKind, file_hash: str) -> Upload | None:
    """The last upload of the same bytes that was imported or is on its way."""
    statement = (
        select(Upload)
        .where(Upload.region == viewer.region, Upload.kind == kind, Upload.file_hash == file_hash)
        .order_by(Upload.id.desc())
        .limit(1)
    )
    return session.scalar(scoped(statement, viewer, Upload))


# --- rows ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowsToKeep:
    """Some rows of a file in their order, packed: numbers of the first and the last, how many."""

    first: int
    last: int
    count: int
    packed: PackedRows

    @classmethod
    def of(cls, rows: Sequence[Any]) -> RowsToKeep:
        """`rows` begin with their number."""
        return cls(rows[0][0], rows[-1][0], len(rows), PackedRows.of(rows))


def add_block(session: Session, upload: Upload, number: int, rows: RowsToKeep) -> None:
    """Keeps some rows; nothing of them stays in memory."""
    block = UploadBlock(
        upload_id=upload.id,
        number=number,
        region=upload.region,
        first_row=rows.first,
        last_row=rows.last,
        rows=rows.packed,
    )
    with whole_database(session, WHY, UploadBlock):
        session.add(block)
        session.flush()
    session.expunge(block)


def count_blocks(session: Session, upload_id: int) -> int:
    """How many blocks an upload has."""
    statement = select(func.count(UploadBlock.id)).where(UploadBlock.upload_id == upload_id)
    return session.scalar(unscoped(statement, UploadBlock)) or 0


def block(session: Session, upload_id: int, number: int) -> UploadBlock:
    """One block by its number; NotFound when the content is gone."""
    statement = select(UploadBlock).where(
        UploadBlock.upload_id == upload_id, UploadBlock.number == number
    )
    found = session.scalar(unscoped(statement, UploadBlock))
    if found is None:
        raise NotFound("content of this import")
    return found


def rows_of(session: Session, upload_id: int, number: int) -> list[Any]:
    """The kept rows of one block."""
    found = block(session, upload_id, number)
    rows: list[Any] = found.rows
    session.expunge(found)
    return rows


def findings_of(session: Session, upload_id: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """What was found in each block, in order, from block `first` on."""
    number = first
    while True:
        statement = select(UploadBlock.findings).where(
            UploadBlock.upload_id == upload_id, UploadBlock.number == number
        )
        found = session.execute(unscoped(statement, UploadBlock)).first()
        if found is None:
            return
        yield found[0] or {}
        number += 1


def contents(session: Session, upload_id: int) -> Iterator[tuple[list[Any], list[Any]]]:
    """Rows and what became of them, block after block."""
    number = 0
    while True:
        statement = select(UploadBlock.rows, UploadBlock.outcomes).where(
            UploadBlock.upload_id == upload_id, UploadBlock.number == number
        )
        found = session.execute(unscoped(statement, UploadBlock)).first()
        if found is None:
            return
        yield found[0], found[1] or []
        number += 1


def keep_in_block(session: Session, upload_id: int, number: int, **values: Any) -> None:
    """Sets findings or outcomes of a block, in the caller's transaction."""
    with whole_database(session, WHY, UploadBlock):
        found = block(session, upload_id, number)
        for name, value in values.items():
            setattr(found, name, value)
        session.flush()
    session.expunge(found)


# --- remembered headers -------------------------------------------------------------------------


def remembered(
    session: Session, viewer: Viewer, kind: ImportKind, header_hash: str
) -> RememberedColumns | None:
    """What was chosen for these headers in the viewer's region before."""
    statement = select(RememberedColumns).where(
        RememberedColumns.region == viewer.region,
        RememberedColumns.kind == kind,
        RememberedColumns.header_hash == header_hash,
    )
    return session.scalar(scoped(statement, viewer, RememberedColumns))


def remember(
    session: Session,
    viewer: Viewer,
    kind: ImportKind,
    header_hash: str,
    mapping: Mapping[str, str | None],
    now: datetime,
) -> None:
    """Keeps what was chosen for these headers."""
    found = remembered(session, viewer, kind, header_hash)
    if found is None:
        found = RememberedColumns(region=viewer.region, kind=kind, header_hash=header_hash)
        session.add(found)
    found.mapping = dict(mapping)
    found.used_at = now
    session.flush()


def progress(session: Session, upload: UploadRecord) -> tuple[int, int | None] | None:
    """Blocks done, and in all (None until planned), of the job of an upload in reach."""
    if upload.job_id is None:
        return None
    statement = select(Job.done, Job.total).where(Job.id == upload.job_id)
    found = session.execute(unscoped(statement, Job)).first()
    return None if found is None else (found.done, found.total)


def job_state(session: Session, upload: UploadRecord) -> str | None:
    """The state of the job of an upload in reach."""
    if upload.job_id is None:
        return None
    state = session.scalar(unscoped(select(Job.state).where(Job.id == upload.job_id), Job))
    return None if state is None else str(state)


# --- somebody who is erased ---------------------------------------------------------------------


def forget_person(session: Session, region: str, reference: str) -> None:
    """Empties the rows about somebody in every upload of the region, for an erasure.

    Runs where the whole database stands open. A row is known by its key, or by a cell that holds
    the reference while nobody said yet which column is the key.
    """
    found = select(Upload).where(Upload.region == region).order_by(Upload.id)
    for upload in session.scalars(unscoped(found, Upload)).all():
        numbers: set[int] = set()
        for number in range(count_blocks(session, upload.id)):
            numbers |= _empty_rows(block(session, upload.id, number), reference)
        if numbers and upload.report is not None:
            upload.report = _without_rows(upload.report, numbers)
    session.flush()


def _empty_rows(of: UploadBlock, reference: str) -> set[int]:
    findings = of.findings or {}
    by_key = {number for number, key in findings.get("keys", ()) if key == reference}
    numbers = {row[0] for row in of.rows if row[0] in by_key or reference in row[1]}
    if not numbers:
        return numbers
    of.rows = [
        [row[0], [None] * len(row[1]), *row[2:]] if row[0] in numbers else row for row in of.rows
    ]
    if findings:
        of.findings = {
            **findings,
            "keys": [key for key in findings["keys"] if key[0] not in numbers],
            "findings": [each for each in findings["findings"] if each[0] not in numbers],
        }
    if of.outcomes is not None:
        of.outcomes = [
            [each[0], each[1], None, [], []] if each[0] in numbers else each for each in of.outcomes
        ]
    return numbers


def _without_rows(report: dict[str, Any], numbers: set[int]) -> dict[str, Any]:
    found = dict(report)
    for name in ("groups", "refusals"):
        found[name] = [
            {**group, "examples": [each for each in group["examples"] if each[0] not in numbers]}
            for group in report[name]
        ]
    return found
