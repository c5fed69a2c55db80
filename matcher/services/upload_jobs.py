"""The job *import_upload*: the rows of a confirmed upload into the tables, block after block.

The rows of a block are written in the transaction that keeps the block, so each of them is in
exactly once whatever happens to a worker; those of later blocks stand as they stood before. What
became of each row is kept, sealed, beside it for the result file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.files.import_cells import read_row
from matcher.files.import_check import (
    CheckedRow,
    Finding,
    RowReader,
    candidate_parts,
    programme_of,
    vacancy_of,
)
from matcher.models import ImportRun
from matcher.models.states import ContactKind, ImportKind, UploadState
from matcher.repositories import doubles, own_say, uploads
from matcher.repositories.jobs import JobRecord
from matcher.repositories.uploads import UploadRecord
from matcher.services.import_rows import (
    Outcome,
    Row,
    write_candidates,
    write_programmes,
    write_vacancies,
)
from matcher.services.jobs import JobKind, Plan, packed, unpacked, viewer_of
from matcher.services.upload_checks import accepting, reader_for

NAME: Final = "import_upload"
LEFT_OUT: Final = "left_out"
REFUSED: Final = "refused"
_COUNTED: Final = ("created", "changed", "unchanged", LEFT_OUT, REFUSED)


@dataclass(slots=True)
class _Block:
    """One block as read: good rows, and what becomes of the others."""

    number: int
    upload: UploadRecord
    fields: frozenset[str] = frozenset()
    rows: list[CheckedRow] = field(default_factory=list)
    outcomes: dict[int, list[Any]] = field(default_factory=dict)
    taken_over: dict[int, list[list[Any]]] = field(default_factory=dict)


_readers: dict[tuple[int, int], RowReader] = {}
"""By job and version of the upload: its reader has understood many cells already."""
_blocks: dict[int, _Block] = {}
"""By job: the block that was just computed and is about to be written."""


def accepts(choices: Mapping[str, Any]) -> Callable[[Finding], bool]:
    """Whether a proposal is taken over, by what was decided."""
    off = frozenset(choices.get("off", ()))
    rows_off = {name: frozenset(found) for name, found in choices.get("rows_off", {}).items()}

    def decide(finding: Finding) -> bool:
        group = finding.group
        return group not in off and finding.row not in rows_off.get(group, frozenset())

    return decide


def _plan(session: Session, job: JobRecord) -> Plan:
    upload = uploads.get_row(session, viewer_of(job), job.arguments["upload"])
    frozen = {"last_candidate": doubles.last_candidate(session, viewer_of(job))}
    return Plan(uploads.count_blocks(session, upload.id), frozen)


def _work(session: Session, job: JobRecord, number: int) -> bytes:
    viewer = viewer_of(job)
    upload = uploads.to_record(uploads.get_row(session, viewer, job.arguments["upload"]))
    key = (job.id, upload.version)
    reader = _readers.get(key)
    if reader is None:
        _readers.clear()
        reader = _readers[key] = reader_for(session, viewer, upload)
    stored = uploads.block(session, upload.id, number)
    block = _read_block(reader, upload, number, stored.rows, stored.findings or {})
    session.expunge(stored)
    _blocks.clear()
    _blocks[job.id] = block
    # What stands in the rows is about people: it is written sealed, and never in here.
    return packed({"rows": len(block.rows), "others": len(block.outcomes)})


def _read_block(
    reader: RowReader,
    upload: UploadRecord,
    number: int,
    rows: Sequence[Any],
    findings: Mapping[str, Any],
) -> _Block:
    block = _Block(number, upload, reader.fields)
    twice = {
        finding.row: finding
        for finding in map(Finding.from_json, findings.get("findings", ()))
        if finding.code == "duplicate_reference"
    }
    decide = accepts(upload.choices)

    def taken(finding: Finding) -> bool:
        is_taken = decide(finding)
        if is_taken and finding.fix is not None:
            kept = [finding.where, finding.fix.kind.value, finding.fix.cell]
            block.taken_over.setdefault(finding.row, []).append(kept)
        return is_taken

    for kept in rows:
        row = reader.read(read_row(kept), taken)
        if row.number in twice:
            row.findings.append(twice[row.number])
        if row.findings:
            is_refused = any(finding.fix is None for finding in row.findings)
            state = REFUSED if is_refused else LEFT_OUT
            found = [each.as_json() for each in row.findings]
            block.outcomes[row.number] = [row.number, state, None, found, []]
        else:
            block.rows.append(row)
    return block


def _write(session: Session, job: JobRecord, number: int, _content: bytes) -> bytes:
    block = _blocks.pop(job.id)
    outcome = Outcome()
    if block.rows:
        _WRITERS[block.upload.kind](session, job, block, outcome)
    session.flush()
    for row in block.rows:
        reference = row.reference if row.is_derived else None
        if row.number in outcome.rows:
            state = outcome.rows[row.number]
            taken = block.taken_over.get(row.number, [])
            block.outcomes[row.number] = [row.number, state, reference, [], taken]
    for problem in outcome.problems:
        if problem.row is not None:
            why = _REFUSED[block.upload.kind]
            found = Finding(problem.row, problem.where, problem.where, why, {}, "", None)
            block.outcomes[problem.row] = [problem.row, REFUSED, None, [found.as_json()], []]
    kept = [block.outcomes[row] for row in sorted(block.outcomes)]
    uploads.keep_in_block(session, block.upload.id, number, outcomes=kept)
    # Counts and places, never what stands in a row: for the end, which then reads no rows.
    states = Counter(state for _, state, *_ in kept)
    refused = [
        {"row": row, "where": found[0][2]} for row, state, _, found, _ in kept if state == REFUSED
    ]
    return packed({"counts": states, "refused": refused})


def _candidates(session: Session, job: JobRecord, block: _Block, outcome: Outcome) -> None:
    viewer = viewer_of(job)
    now = job.submitted_at
    references = [row.reference or "" for row in block.rows]
    merged = doubles.kept_references(session, viewer, references)
    coaches = _coaches(block, job)
    rows = []
    notes: dict[str, str] = {}
    for checked in block.rows:
        profile, audit = candidate_parts(checked.values)
        reference = merged.get(profile.reference, profile.reference)
        if reference != profile.reference:
            profile, audit = (
                replace(profile, reference=reference),
                replace(audit, reference=reference),
            )
        if checked.values.get("note"):
            notes[reference] = checked.values["note"]
        beside = _beside(checked.values, coaches)
        rows.append(Row(checked.number, profile.region, (profile, audit), beside))
    numbers = write_candidates(session, viewer, rows, block.fields, now, outcome)
    session.flush()
    texts = {numbers[reference]: text for reference, text in notes.items() if reference in numbers}
    own_say.add_notes(session, viewer, texts, account_id=job.account_id, now=now)


def _coaches(block: _Block, job: JobRecord) -> Mapping[str, int]:
    return _readers[(job.id, block.upload.version)].setting.coaches


def _beside(values: Mapping[str, Any], coaches: Mapping[str, int]) -> dict[str, Any]:
    """What a row says beside the profile: only what is given, so that nothing known is lost."""
    found: dict[str, Any] = {}
    if values.get("first_name"):
        found["first_name"] = values["first_name"]
    if values.get("phone"):
        found |= {"contact_kind": ContactKind.CALL, "contact_value": values["phone"]}
    elif values.get("email"):
        found |= {"contact_kind": ContactKind.MAIL, "contact_value": values["email"]}
    if values.get("coach") in coaches:
        found["owner_account_id"] = coaches[values["coach"]]
    return found


def _vacancies(session: Session, job: JobRecord, block: _Block, outcome: Outcome) -> None:
    rows = [Row(row.number, row.values["region"], vacancy_of(row.values)) for row in block.rows]
    write_vacancies(session, viewer_of(job), rows, block.fields, job.submitted_at, outcome)


def _programmes(session: Session, job: JobRecord, block: _Block, outcome: Outcome) -> None:
    rows = [Row(row.number, row.values["region"], programme_of(row.values)) for row in block.rows]
    write_programmes(session, viewer_of(job), rows, block.fields, job.submitted_at, outcome)


_WRITERS: Mapping[ImportKind, Callable[[Session, JobRecord, _Block, Outcome], None]] = {
    ImportKind.CANDIDATES: _candidates,
    ImportKind.VACANCIES: _vacancies,
    ImportKind.PROGRAMMES: _programmes,
}


_REFUSED: Mapping[ImportKind, str] = {
    ImportKind.CANDIDATES: "erased",
    ImportKind.VACANCIES: "demands_stand",
}
"""Why a row that is good by itself is not written: the code of a message."""


def _finish(session: Session, job: JobRecord, contents: Iterable[bytes]) -> Mapping[str, Any]:
    _readers.clear()
    viewer = viewer_of(job)
    row = uploads.get_row(session, viewer, job.arguments["upload"])
    counts = Counter(dict.fromkeys(_COUNTED, 0))
    refused: list[dict[str, Any]] = []
    for content in contents:
        block = unpacked(content)
        counts.update(block["counts"])
        refused += block["refused"]
    if row.kind is ImportKind.CANDIDATES:
        after = job.frozen["last_candidate"]
        counts["doubles"] = doubles.note_new(session, viewer, after=after, now=job.submitted_at)
    row.outcome = dict(counts)
    row.state = UploadState.DONE
    row.finished_at = row.updated_at = job.submitted_at
    session.add(_run_of(row.kind, viewer, job, row.file_hash, counts, refused))
    return dict(counts)


def _run_of(
    kind: ImportKind,
    viewer: Viewer,
    job: JobRecord,
    file_hash: str,
    counts: Mapping[str, int],
    refused: list[dict[str, Any]],
) -> ImportRun:
    return ImportRun(
        kind=kind,
        region=viewer.region,
        account_id=job.account_id,
        file_hash=file_hash,
        created=counts["created"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        refused=counts[REFUSED] + counts[LEFT_OUT],
        problems=refused,
        finished_at=job.submitted_at,
    )


def _clear(session: Session, job: JobRecord) -> None:
    """Rows that are in stay in: they are whole, and a next confirmation leaves them as they are."""
    _readers.clear()
    row = uploads.find_row(session, viewer_of(job), job.arguments["upload"])
    if row is not None and row.state is UploadState.IMPORTING:
        row.state = UploadState.CHECKED
        row.updated_at = job.submitted_at


IMPORT_UPLOAD = JobKind(
    name=NAME,
    rights=(Right.TRIAGER, Right.LEAD),
    accept=accepting(UploadState.IMPORTING),
    plan=_plan,
    work=_work,
    write=_write,
    finish=_finish,
    clear=_clear,
)
