"""Files of senders: received, their columns named, their proposals decided on, and confirmed.

What stands in a file is kept sealed until its time is over. The rows of a file that was imported
before change nothing: the same bytes lead to the earlier upload.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.files.import_cells import cells_of, keep_row, read_row, shown_cell
from matcher.files.import_check import Finding
from matcher.files.import_mapping import (
    ColumnChoice,
    Why,
    header_hash,
    is_swapped_or_doubted,
    never_asked,
    suggest,
)
from matcher.files.import_table import ImportTable, read_import_table
from matcher.files.import_targets import targets_of
from matcher.files.source import Source
from matcher.models import Upload
from matcher.models.states import ImportKind, UploadState
from matcher.reference.import_columns import load_import_columns
from matcher.repositories import uploads as rows
from matcher.repositories.records import Page
from matcher.repositories.uploads import UploadRecord
from matcher.services import jobs
from matcher.services.transactions import unit_of_work
from matcher.services.upload_checks import CHECK_UPLOAD, check_now
from matcher.services.upload_jobs import IMPORT_UPLOAD

ROWS_A_BLOCK: Final = 100
"""A block is short enough that pages wait for it next to nothing: SQLite has one writer."""
CHECKED_AT_ONCE: Final = 5_000
"""Rows that are checked while the sender waits; of a larger file a job checks them."""
NAME_MAXIMUM: Final = 120
KINDS: Final = (ImportKind.CANDIDATES, ImportKind.VACANCIES, ImportKind.PROGRAMMES)
RIGHTS: Final = (Right.TRIAGER, Right.LEAD)


@dataclass(frozen=True, slots=True)
class Received:
    """An upload, and whether the same file was here before: then nothing was added."""

    upload: UploadRecord
    is_known: bool


def receive(
    session: Session, viewer: Viewer, kind: ImportKind, source: Source, *, now: datetime
) -> Received:
    """Takes a file in; InvalidInput says why it cannot be read, or that nothing stands in it.

    Columns that nobody may ask for are left out by name and their cells are not kept. With headers
    that were seen before the rows are checked at once, by what was chosen then.
    """
    _allowed(viewer)
    if kind not in KINDS:
        raise InvalidInput([Problem("kind", f"must be one of {', '.join(KINDS)}")])
    file_hash = hashlib.sha256(source.data).hexdigest()
    known = _known(session, viewer, kind, file_hash)
    if known is not None:
        return known
    # Read and packed before anything is written, so that nobody waits for it.
    table = read_import_table(kind, source, viewer.region or "", viewer.language)
    blocks = _packed(kind, source, table)
    with unit_of_work(session):
        known = _known(session, viewer, kind, file_hash)
        if known is not None:
            return known
        row = _kept(session, viewer, kind, source, blocks, file_hash, now)
        _go_on(session, viewer, row, table, now)
        session.flush()
        return Received(rows.to_record(row), is_known=False)


def _known(session: Session, viewer: Viewer, kind: ImportKind, file_hash: str) -> Received | None:
    earlier = rows.same_file(session, viewer, kind, file_hash)
    return None if earlier is None else Received(rows.to_record(earlier), is_known=True)


def _packed(kind: ImportKind, source: Source, table: ImportTable) -> list[rows.RowsToKeep]:
    names = [None if never_asked(kind, header) else header for header in table.headers]
    kept = (keep_row(each, names) for each in table.rows)
    blocks = []
    while block := list(islice(kept, ROWS_A_BLOCK)):
        blocks.append(rows.RowsToKeep.of(block))
    if not blocks:
        raise source.refused("holds no rows under its header; export it again")
    return blocks


def _allowed(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(*RIGHTS):
        raise Forbidden("none of your rights may import a file")


def _kept(
    session: Session,
    viewer: Viewer,
    kind: ImportKind,
    source: Source,
    blocks: Sequence[rows.RowsToKeep],
    file_hash: str,
    now: datetime,
) -> Upload:
    row = Upload(
        kind=kind,
        region=viewer.region,
        account_id=viewer.account_id,
        name=source.name[:NAME_MAXIMUM],
        format=source.format,
        file_hash=file_hash,
        row_count=sum(block.count for block in blocks),
        state=UploadState.COLUMNS,
        columns=[],
        choices={},
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    for number, block in enumerate(blocks):
        rows.add_block(session, row, number, block)
    return row


def _go_on(
    session: Session, viewer: Viewer, row: Upload, table: ImportTable, now: datetime
) -> None:
    """Proposes what each column fills, and checks the rows when nobody has to look at it."""
    hashed = header_hash(row.kind, table.headers)
    known = None if table.is_vum else rows.remembered(session, viewer, row.kind, hashed)
    sample = rows.rows_of(session, row.id, 0)[: load_import_columns().sample_rows]
    first = [read_row(kept) for kept in sample]
    earlier = None if known is None else known.mapping
    choices = suggest(row.kind, table.headers, first, earlier)
    row.columns = _columns(choices)
    if (table.is_vum or known is not None) and not is_swapped_or_doubted(choices):
        if known is not None:
            known.used_at = now
        _check(session, viewer, row, now)


def _columns(choices: Sequence[ColumnChoice]) -> list[Any]:
    return [asdict(choice) for choice in choices]


def _check(session: Session, viewer: Viewer, row: Upload, now: datetime) -> None:
    row.choices = {}
    row.report = row.outcome = None
    row.updated_at = now
    if row.row_count <= CHECKED_AT_ONCE:
        check_now(session, viewer, row, now)
        return
    row.state = UploadState.CHECKING
    session.flush()
    row.job_id = jobs.submit(session, viewer, CHECK_UPLOAD, {"upload": row.id}, now=now).id


def list_uploads(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[UploadRecord]:
    """Uploads in reach whose content is still kept, the newest first."""
    _allowed(viewer)
    return rows.page(session, viewer, cursor=cursor, limit=limit)


def get_upload(session: Session, viewer: Viewer, upload_id: int) -> UploadRecord:
    """One upload in reach; NotFound for any other, and for one whose time is over."""
    return rows.to_record(rows.get_row(session, viewer, upload_id))


def _locked(
    session: Session, viewer: Viewer, upload_id: int, expected: int | None, *states: UploadState
) -> Upload:
    row = rows.get_row(session, viewer, upload_id, for_update=True)
    if expected is not None and row.version != expected:
        raise Stale("import", row.version)
    if row.state not in states:
        raise Conflict(f"this import is {row.state} now; look how it stands")
    return row


def choose_columns(
    session: Session,
    viewer: Viewer,
    upload_id: int,
    mapping: Mapping[str, str | None],
    *,
    expected_version: int | None = None,
    now: datetime,
) -> UploadRecord:
    """Says what columns fill (None leaves one out; one not named stays as proposed), and checks.

    The choice is remembered for files with the same headers. Of an import that is done this begins
    anew. InvalidInput names a column that is not there, that fills nothing, or that nobody may ask.
    """
    with unit_of_work(session):
        allowed = (UploadState.COLUMNS, UploadState.CHECKED, UploadState.DONE)
        row = _locked(session, viewer, upload_id, expected_version, *allowed)
        row.columns = _chosen(row, mapping)
        session.flush()
        headers = [column["header"] for column in row.columns]
        chosen = {column["header"]: column["target"] for column in row.columns}
        hashed = header_hash(row.kind, headers)
        rows.remember(session, viewer, row.kind, hashed, chosen, now)
        _check(session, viewer, row, now)
        session.flush()
        return rows.to_record(row)


def _chosen(row: Upload, mapping: Mapping[str, str | None]) -> list[Any]:
    targets = targets_of(row.kind)
    columns = {column["header"]: dict(column) for column in row.columns}
    problems = [Problem(name, "is no column of this file") for name in set(mapping) - set(columns)]
    for header, target in mapping.items():
        column = columns.get(header)
        if column is None or target == column["target"]:
            continue
        if column["why"] == Why.NEVER:
            problems.append(Problem(header, "is never asked; its cells were not kept"))
        elif target is not None and target not in targets:
            problems.append(Problem(header, f"cannot fill {target}"))
        column.update(target=target, why=Why.CHOSEN.value, other=None)
    filled: dict[str, str] = {}
    for header, column in columns.items():
        if column["target"] is not None:
            first = filled.setdefault(column["target"], header)
            if first != header:
                problems.append(Problem(header, f"fills the same as {first}; leave one out"))
    if not filled and not problems:
        problems.append(Problem("columns", "none fills anything; say what at least one is"))
    if problems:
        raise InvalidInput(problems)
    return list(columns.values())


def decide(
    session: Session,
    viewer: Viewer,
    upload_id: int,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    *,
    expected_version: int | None = None,
    now: datetime,
) -> UploadRecord:
    """Changes which proposals are taken over; `change` gives the new choices from the old ones.

    Choices are ``off``, groups of proposals that are not taken over, and ``rows_off``, single rows
    by group. A row with a proposal that is not taken over stays out.
    """
    with unit_of_work(session):
        row = _locked(session, viewer, upload_id, expected_version, UploadState.CHECKED)
        row.choices = _known_choices(row, change(row.choices))
        row.updated_at = now
        session.flush()
        return rows.to_record(row)


def _known_choices(row: Upload, choices: Mapping[str, Any]) -> dict[str, Any]:
    groups = {group["group"] for group in (row.report or {}).get("groups", ())}
    off = sorted(set(choices.get("off", ())))
    rows_off = {name: sorted(set(found)) for name, found in choices.get("rows_off", {}).items()}
    unknown = sorted({*off, *rows_off} - groups)
    if unknown:
        raise InvalidInput([Problem(name, "is no group of proposals here") for name in unknown])
    return {"off": off, "rows_off": {name: found for name, found in rows_off.items() if found}}


def confirm(
    session: Session,
    viewer: Viewer,
    upload_id: int,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> UploadRecord:
    """Has the rows imported by a job; Conflict while another import of the region is at work.

    Confirming what was confirmed already changes nothing.
    """
    with unit_of_work(session):
        allowed = (UploadState.CHECKED, UploadState.IMPORTING, UploadState.DONE)
        row = _locked(session, viewer, upload_id, None, *allowed)
        if row.state is not UploadState.CHECKED:
            return rows.to_record(row)
        if expected_version is not None and row.version != expected_version:
            raise Stale("import", row.version)
        row.state = UploadState.IMPORTING
        row.updated_at = now
        session.flush()
        row.job_id = jobs.submit(session, viewer, IMPORT_UPLOAD, {"upload": row.id}, now=now).id
        session.flush()
        return rows.to_record(row)


def forget(
    session: Session, viewer: Viewer, upload_id: int, *, expected_version: int | None = None
) -> None:
    """Deletes an upload with its content; what was imported stays. Conflict while it is at work."""
    with unit_of_work(session):
        allowed = (UploadState.COLUMNS, UploadState.CHECKED, UploadState.DONE)
        session.delete(_locked(session, viewer, upload_id, expected_version, *allowed))


def progress(session: Session, upload: UploadRecord) -> tuple[int, int | None] | None:
    """Blocks that are done, and how many there are, of an upload at work."""
    return rows.progress(session, upload)


def pages_of_findings(
    session: Session, upload: UploadRecord, group: str, first_row: int, limit: int
) -> tuple[list[Finding], int | None]:
    """The findings of one group from row `first_row` on, and the row of the next page.

    A row that is refused for another reason is no part of a group of proposals.
    """
    found: list[Finding] = []
    for of_row in _findings_by_row(session, upload):
        is_refused = any(finding.fix is None for finding in of_row)
        for finding in of_row:
            if finding.group != group or finding.row < first_row:
                continue
            if finding.fix is not None and is_refused:
                continue
            if len(found) == limit:
                return found, finding.row
            found.append(finding)
    return found, None


def _findings_by_row(session: Session, upload: UploadRecord) -> Iterator[list[Finding]]:
    for block in rows.findings_of(session, upload.id):
        found = map(Finding.from_json, block.get("findings", ()))
        for _row, of_row in groupby(found, lambda finding: finding.row):
            yield list(of_row)


def decided_counts(session: Session, upload: UploadRecord) -> dict[str, int]:
    """Rows that are fine, that go in with proposals, that are left out by choice, and refused."""
    report = upload.report or {"counts": {}, "combinations": []}
    off = set(upload.choices.get("off", ()))
    left = sum(count for names, count in report["combinations"] if off.intersection(names))
    rows_off = upload.choices.get("rows_off", {})
    if rows_off:
        for of_row in _findings_by_row(session, upload):
            is_open = all(f.fix is not None and f.group not in off for f in of_row)
            left += is_open and any(f.row in rows_off.get(f.group, ()) for f in of_row)
    counts = report["counts"]
    return {
        "fine": counts.get("fine", 0),
        "fixable": counts.get("fixable", 0) - left,
        "left_out": left,
        "refused": counts.get("refused", 0),
    }


def samples(session: Session, upload: UploadRecord, count: int) -> list[list[str]]:
    """For each column the first `count` different cells that say something."""
    first = [read_row(kept) for kept in rows.rows_of(session, upload.id, 0)]
    found = []
    for index in range(len(upload.columns)):
        texts = (shown_cell(cell) for cell in cells_of(first, index))
        found.append([text[:30] for text in islice(dict.fromkeys(filter(None, texts)), count)])
    return found


def job_state(session: Session, upload: UploadRecord) -> str | None:
    """How the last job of an upload in reach stands."""
    return rows.job_state(session, upload)
