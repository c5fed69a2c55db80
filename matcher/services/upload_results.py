"""What became of each row: the sender's own rows in their order, with an outcome and why.

What was never kept stays out: a number of a person is not given back either.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict
from matcher.files.guards import guard_formula
from matcher.files.import_cells import read_row, shown_cell
from matcher.files.import_check import Finding
from matcher.files.import_targets import targets_of
from matcher.files.messages import say
from matcher.files.writing import table_bytes
from matcher.models.states import AuditAction, UploadState
from matcher.repositories import uploads
from matcher.repositories.uploads import UploadRecord
from matcher.services.audit import note_list
from matcher.services.visibility import Kind

HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "nl": ("uitkomst", "toelichting"),
    "en": ("outcome", "explanation"),
}
STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "created": {"nl": "nieuw", "en": "new"},
    "changed": {"nl": "gewijzigd", "en": "changed"},
    "unchanged": {"nl": "ongewijzigd", "en": "unchanged"},
    "left_out": {"nl": "overgeslagen", "en": "left out"},
    "refused": {"nl": "niet ingelezen", "en": "not imported"},
}
_TAKEN_OUT: Final = {"nl": "(weggehaald)", "en": "(taken out)"}
_REFERENCE: Final = {"nl": "kreeg kenmerk {}", "en": "was given reference {}"}
_ANSWER: Final = {"nl": "{}: gelezen als {}", "en": "{}: read as {}"}
_EMPTY: Final = {"nl": "{}: leeg gelaten", "en": "{}: left empty"}
_NOT_TAKEN: Final = {
    "nl": "het voorstel hiervoor is niet overgenomen",
    "en": "the proposal for this was not taken over",
}


def sentence(finding: Finding, kind: Any, lang: str) -> str:
    """What is wrong, in one sentence that begins with the column."""
    target = targets_of(kind).get(finding.target)
    label = finding.where if target is None else target.known.label(lang)
    return f"{label} {say(finding.code, lang, **finding.facts)}"


def _lines(
    session: Session, viewer: Viewer, upload_id: int, lang: str
) -> tuple[UploadRecord, list[str], Iterator[list[str]]]:
    upload = uploads.to_record(uploads.get_row(session, viewer, upload_id))
    if upload.state is not UploadState.DONE:
        raise Conflict(f"this import is {upload.state} now; its result is there once it is done")
    note_list(session, viewer, Kind.CANDIDATE, action=AuditAction.EXPORT, count=upload.row_count)
    headers = [column["header"] for column in upload.columns]
    return upload, [*headers, *HEADS[lang]], _rows(session, upload, lang)


def _rows(session: Session, upload: UploadRecord, lang: str) -> Iterator[list[str]]:
    for kept, outcomes in uploads.contents(session, upload.id):
        by_row = {outcome[0]: outcome for outcome in outcomes}
        for each in kept:
            row = read_row(each)
            cells = [shown_cell(cell, _TAKEN_OUT[lang]) for cell in row.cells]
            yield [*cells, *_outcome(by_row[row.number], upload.kind, lang)]


def _outcome(outcome: Sequence[Any], kind: Any, lang: str) -> tuple[str, str]:
    _, state, reference, findings, taken_over = outcome
    why = [sentence(Finding.from_json(kept), kind, lang) for kept in findings]
    if state == "left_out":
        why.append(_NOT_TAKEN[lang])
    if reference is not None:
        why.append(_REFERENCE[lang].format(reference))
    for where, _kind, cell in taken_over:
        why.append((_EMPTY if cell is None else _ANSWER)[lang].format(where, cell))
    return STATES[state][lang], "; ".join(why)


def result_csv(session: Session, viewer: Viewer, upload_id: int, lang: str) -> Iterator[bytes]:
    """The result as CSV with semicolons, piece by piece; no cell can become a formula.

    Conflict while the import is not done.
    """
    _, header, rows = _lines(session, viewer, upload_id, lang)
    return _csv(header, rows)


def _csv(header: Sequence[str], rows: Iterator[list[str]]) -> Iterator[bytes]:
    # A mark in front: spreadsheets take the file for Windows-1252 without it.
    yield codecs.BOM_UTF8
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([guard_formula(name) for name in header])
    for row in rows:
        writer.writerow([guard_formula(cell) for cell in row])
        if stream.tell() > 65_536:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()


def result_xlsx(session: Session, viewer: Viewer, upload_id: int, lang: str) -> bytes:
    """The result as a workbook, every cell as text."""
    _, header, rows = _lines(session, viewer, upload_id, lang)
    names = [f"{index}" for index in range(len(header))]
    found = [dict(zip(names, header, strict=True))]
    found += [dict(zip(names, row, strict=True)) for row in rows]
    return table_bytes("xlsx", found, [(name, "text") for name in names], HEADS[lang][0])
