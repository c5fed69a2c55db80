"""What would become of the rows of an upload, before anything is imported.

A small file is checked while its sender waits, a large one as the job *check_upload*. Either way
each block keeps what was found in its rows; the upload keeps counts and some examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import InvalidInput, Problem
from matcher.files.import_cells import cells_of, read_row
from matcher.files.import_check import (
    CheckedRow,
    Finding,
    RowReader,
    RowState,
    Setting,
    date_columns,
)
from matcher.files.import_fixes import month_comes_first
from matcher.models import Upload
from matcher.models.keyring import keyring_of
from matcher.models.states import UploadState
from matcher.repositories import accounts, uploads
from matcher.repositories.jobs import JobRecord
from matcher.repositories.uploads import UploadRecord
from matcher.services.jobs import JobKind, Plan, no_arguments, packed, viewer_of

NAME: Final = "check_upload"
EXAMPLES: Final = 3
_USE: Final = "import_reference"
_COUNTED: Final = (*RowState, "derived")


@dataclass(slots=True)
class Report:
    """Counts over rows, groups of proposals with examples, and why rows are refused."""

    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(_COUNTED, 0)))
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    combinations: Counter[tuple[str, ...]] = field(default_factory=Counter)
    refusals: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, row: CheckedRow) -> None:
        """Counts one row."""
        self.counts[row.state] += 1
        self.counts["derived"] += row.is_derived and row.state is not RowState.REFUSED
        if row.state is RowState.REFUSED:
            for finding in row.findings:
                if finding.fix is None:
                    _count(self.refusals, finding)
            return
        for finding in row.findings:
            _count(self.groups, finding)
        if row.findings:
            self.combinations[tuple(sorted({f.group for f in row.findings}))] += 1

    def merge(self, other: Mapping[str, Any]) -> None:
        """Adds what another report counted."""
        self.counts.update(other["counts"])
        for groups, more in ((self.groups, other["groups"]), (self.refusals, other["refusals"])):
            for group in more:
                known = groups.setdefault(group["group"], {**group, "count": 0, "examples": []})
                known["count"] += group["count"]
                known["examples"] = (known["examples"] + group["examples"])[:EXAMPLES]
        for names, count in other["combinations"]:
            self.combinations[tuple(names)] += count

    def as_json(self) -> dict[str, Any]:
        """The report as it is kept: what happens most comes first."""
        return {
            "counts": dict(self.counts),
            "groups": _by_count(self.groups),
            "refusals": _by_count(self.refusals),
            "combinations": [[list(names), n] for names, n in sorted(self.combinations.items())],
        }


def _count(groups: dict[str, dict[str, Any]], finding: Finding) -> None:
    known = groups.setdefault(
        finding.group,
        {
            "group": finding.group,
            "target": finding.target,
            "where": finding.where,
            "code": finding.code,
            "fix": None if finding.fix is None else finding.fix.kind.value,
            "count": 0,
            "examples": [],
        },
    )
    known["count"] += 1
    if len(known["examples"]) < EXAMPLES:
        known["examples"].append(finding.as_json())


def _by_count(groups: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(groups.values(), key=lambda group: (-group["count"], group["group"]))


def mapping_of(upload: UploadRecord | Upload) -> list[str | None]:
    """What each column of an upload fills."""
    return [column["target"] for column in upload.columns]


def reader_for(session: Session, viewer: Viewer, upload: UploadRecord | Upload) -> RowReader:
    """A reader of the rows of an upload, by the columns that were chosen."""
    mapping = mapping_of(upload)
    headers = [column["header"] for column in upload.columns]
    first = [read_row(row) for row in uploads.rows_of(session, upload.id, 0)]
    return RowReader(
        Setting(
            kind=upload.kind,
            region=upload.region,
            headers=headers,
            mapping=mapping,
            key=keyring_of(session).derived_key(_USE),
            coaches=accounts.coaches_by_name(session, upload.region),
            month_first=frozenset(
                headers[index]
                for index in date_columns(upload.kind, mapping)
                if month_comes_first(cells_of(first, index))
            ),
        )
    )


def check_block(
    reader: RowReader, rows: Iterable[Any], seen: dict[str, int]
) -> tuple[dict[str, Any], Report]:
    """What is found in some rows. `seen` are the keys of earlier rows, which grow with these."""
    report = Report()
    findings: list[Any] = []
    keys: list[list[Any]] = []
    for kept in rows:
        row = reader.read(read_row(kept))
        if row.reference is not None:
            first = seen.setdefault(row.reference, row.number)
            keys.append([row.number, row.reference])
            if first != row.number:
                row.findings.append(_twice(row, first))
        report.add(row)
        findings += [finding.as_json() for finding in row.findings]
    return {"findings": findings, "keys": keys, "report": report.as_json()}, report


def _twice(row: CheckedRow, first: int) -> Finding:
    facts = {"first": first}
    return Finding(row.number, "reference", "reference", "duplicate_reference", facts, "", None)


def check_now(session: Session, viewer: Viewer, row: Upload, now: datetime) -> None:
    """Checks a small file in the caller's transaction."""
    reader = reader_for(session, viewer, row)
    seen: dict[str, int] = {}
    whole = Report()
    for number in range(uploads.count_blocks(session, row.id)):
        kept, _ = check_block(reader, uploads.rows_of(session, row.id, number), seen)
        uploads.keep_in_block(session, row.id, number, findings=kept, outcomes=None)
        whole.merge(kept["report"])
    _checked(row, whole, now)


def _checked(row: Upload, report: Report, now: datetime) -> None:
    row.report = report.as_json()
    row.state = UploadState.CHECKED
    row.updated_at = now


# --- as a job -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Bench:
    """What one job has at hand between its blocks; another process makes its own."""

    reader: RowReader
    seen: dict[str, int]
    next_block: int
    found: dict[str, Any] = field(default_factory=dict)


_benches: dict[int, _Bench] = {}


def accepting(
    state: UploadState,
) -> Callable[[Session, Viewer, Mapping[str, Any]], Mapping[str, Any]]:
    """Takes the number of an upload in reach that was brought in `state` for this job.

    A job of an upload is asked for by naming its columns, or by confirming it.
    """

    def accept(session: Session, viewer: Viewer, given: Mapping[str, Any]) -> Mapping[str, Any]:
        found = no_arguments(session, viewer, {k: v for k, v in given.items() if k != "upload"})
        number = given.get("upload")
        if not isinstance(number, int) or isinstance(number, bool):
            raise InvalidInput([Problem("upload", "must be the number of an import")])
        row = uploads.find_row(session, viewer, number)
        if row is None or row.state is not state:
            why = "is none that waits for this; name its columns or confirm it under imports"
            raise InvalidInput([Problem("upload", why)])
        return {**found, "upload": number}

    return accept


def _plan(session: Session, job: JobRecord) -> Plan:
    upload = uploads.get_row(session, viewer_of(job), job.arguments["upload"])
    return Plan(uploads.count_blocks(session, upload.id))


def _work(session: Session, job: JobRecord, number: int) -> bytes:
    viewer = viewer_of(job)
    upload_id = job.arguments["upload"]
    bench = _benches.get(job.id)
    if bench is None or bench.next_block != number:
        row = uploads.to_record(uploads.get_row(session, viewer, upload_id))
        seen: dict[str, int] = {}
        for index, found in enumerate(uploads.findings_of(session, upload_id)):
            if index >= number:
                break
            for row_number, reference in found["keys"]:
                seen.setdefault(reference, row_number)
        _benches.clear()
        bench = _benches[job.id] = _Bench(reader_for(session, viewer, row), seen, number)
    bench.found, _ = check_block(
        bench.reader, uploads.rows_of(session, upload_id, number), bench.seen
    )
    bench.next_block = number + 1
    # What was found speaks of people: it goes sealed into the block of the upload, not in here.
    return packed({"findings": len(bench.found["findings"])})


def _write(session: Session, job: JobRecord, number: int, _content: bytes) -> None:
    bench = _benches[job.id]
    uploads.keep_in_block(
        session, job.arguments["upload"], number, findings=bench.found, outcomes=None
    )


def _finish(session: Session, job: JobRecord, _contents: Iterable[bytes]) -> Mapping[str, Any]:
    _benches.pop(job.id, None)
    row = uploads.get_row(session, viewer_of(job), job.arguments["upload"])
    whole = Report()
    for found in uploads.findings_of(session, row.id):
        whole.merge(found["report"])
    _checked(row, whole, job.submitted_at)
    return dict(whole.counts)


def _clear(session: Session, job: JobRecord) -> None:
    _benches.pop(job.id, None)
    row = uploads.find_row(session, viewer_of(job), job.arguments["upload"])
    if row is not None and row.state is UploadState.CHECKING:
        row.state = UploadState.COLUMNS


CHECK_UPLOAD = JobKind(
    name=NAME,
    rights=(Right.TRIAGER, Right.LEAD),
    accept=accepting(UploadState.CHECKING),
    plan=_plan,
    work=_work,
    write=_write,
    finish=_finish,
    clear=_clear,
)
