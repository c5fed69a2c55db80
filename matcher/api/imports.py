"""Imports: a file in, its columns, its dry run, the yes, and its rows with what became of each.

The file is the body itself, with its own kind of content, or the part ``file`` of a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request, url_for
from werkzeug.exceptions import UnsupportedMediaType

from matcher.api.blueprint import KEY, Resource, creates, produces, takes_file, versioned
from matcher.api.schemas.imports import (
    FindingPage,
    FindingQuery,
    Import,
    ImportChange,
    ImportListQuery,
    ImportPage,
    ImportQuery,
    ResultQuery,
)
from matcher.domain.access import Viewer
from matcher.domain.errors import InvalidInput, Problem
from matcher.files.import_check import Finding
from matcher.files.messages import say
from matcher.files.source import Source, format_of, source_of
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.permissions import requires
from matcher.models.states import ImportKind
from matcher.repositories.uploads import UploadRecord
from matcher.services import uploads
from matcher.services.upload_results import result_csv, result_xlsx
from matcher.services.uploads import RIGHTS
from matcher.services.visibility import Kind, show

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM: Final = "multipart/form-data"
_FORMATS: Final[Mapping[str, str]] = {
    CSV: "csv",
    "text/plain": "csv",
    "text/tab-separated-values": "csv",
    XLSX: "xlsx",
    "application/json": "json",
}
_FINDINGS: Final = 100

blp = Resource("imports", __name__, description="Files with people, places and programmes.")
Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*RIGHTS)
@blp.arguments(ImportListQuery, location="query")
@blp.response(200, ImportPage)
def list_imports(query: Mapping[str, Any]) -> dict[str, Any]:
    """Files in reach whose content is still kept, the newest first

    A triager reaches the own ones, a team lead those of the region.
    """
    viewer = the_viewer()
    page = uploads.list_uploads(
        current_session(), viewer, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [shown(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*RIGHTS)
@creates
@versioned
@takes_file(*_FORMATS)
@blp.arguments(ImportQuery, location="query")
@blp.response(201, Import)
def create_import(query: Mapping[str, Any]) -> Answer:
    """Send a file

    Nothing is imported yet. With headers that were seen before the rows are checked at once, else
    its state is `columns`. The same bytes again give the import that is there. A citizen service
    number or bank account number is never kept, nor a column that nobody may ask for.
    """
    viewer = the_viewer()
    source = _source(query["name"])
    kind = ImportKind(query["kind"])
    record = uploads.receive(current_session(), viewer, kind, source, now=now()).upload
    headers = {
        "ETag": etag_of(record.version),
        "Location": url_for("api-imports.get_import", import_id=record.id),
    }
    return shown(record, viewer), 201, headers


def _source(name: str | None) -> Source:
    if request.mimetype == FORM:
        sent = request.files.get("file")
        if sent is None:
            raise InvalidInput([Problem("file", "is missing; send the file as this part")])
        named = sent.filename or "file"
        return source_of(named, sent.stream.read(), format_of(named), detect_vum=True)
    found = _FORMATS.get(request.mimetype)
    if found is None:
        kinds = ", ".join([*_FORMATS, FORM])
        raise UnsupportedMediaType(f"Send one of {kinds}.")
    return source_of(name or f"file.{found}", request.get_data(cache=True), found, detect_vum=True)


@blp.get(f"/<{KEY}:import_id>")
@requires(*RIGHTS)
@versioned
@blp.response(200, Import)
def get_import(import_id: int) -> Answer:
    """One import and how it stands"""
    viewer = the_viewer()
    record = uploads.get_upload(current_session(), viewer, import_id)
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.patch(f"/<{KEY}:import_id>")
@requires(*RIGHTS)
@versioned
@blp.arguments(ImportChange)
@blp.response(200, Import)
def change_import(values: Mapping[str, Any], import_id: int) -> Answer:
    """Say what columns fill, or which proposals are not taken over

    Columns start the dry run again and are remembered for the same headers. Every proposal is taken
    over but those left out here, by group or by row.
    """
    viewer, session = the_viewer(), current_session()
    version = expected_version()
    is_decision = "leave_out_groups" in values or "leave_out_rows" in values
    if "columns" in values and is_decision:
        raise InvalidInput([Problem("columns", "go first; decide about proposals after the check")])
    if is_decision:
        record = uploads.decide(
            session,
            viewer,
            import_id,
            lambda old: {
                "off": values.get("leave_out_groups", old.get("off", [])),
                "rows_off": values.get("leave_out_rows", old.get("rows_off", {})),
            },
            expected_version=version,
            now=now(),
        )
    else:
        columns = values.get("columns", {})
        record = uploads.choose_columns(
            session, viewer, import_id, columns, expected_version=version, now=now()
        )
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.get(f"/<{KEY}:import_id>/findings")
@requires(*RIGHTS)
@blp.arguments(FindingQuery, location="query")
@blp.response(200, FindingPage)
def list_findings(query: Mapping[str, Any], import_id: int) -> dict[str, Any]:
    """What the dry run found in single rows, a group at a time"""
    viewer, session = the_viewer(), current_session()
    upload = uploads.get_upload(session, viewer, import_id)
    found, following = uploads.pages_of_findings(
        session, upload, query["group"], query["from_row"], _FINDINGS
    )
    return {"items": [_row(finding) for finding in found], "next_row": following}


def _row(finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    return {
        "row": finding.row,
        "column": finding.where,
        "target": finding.target,
        "code": finding.code,
        "why": say(finding.code, current_language(), **finding.facts),
        "shown": finding.shown,
        "fix": None if fix is None else fix.kind.value,
        "proposed": None if fix is None else fix.cell,
        "group": finding.group,
    }


@blp.post(f"/<{KEY}:import_id>/confirmation")
@requires(*RIGHTS)
@creates
@versioned
@blp.response(202, Import)
def confirm_import(import_id: int) -> Answer:
    """Have the rows imported

    A job does it; `job_id` names it. Confirming again changes nothing. 409 while the dry run is not
    done, or while another import of the region is at work.
    """
    viewer = the_viewer()
    record = uploads.confirm(current_session(), viewer, import_id, now=now())
    return shown(record, viewer), 202, {"ETag": etag_of(record.version)}


@blp.get(f"/<{KEY}:import_id>/result")
@requires(*RIGHTS)
@produces(CSV, XLSX)
@blp.arguments(ResultQuery, location="query")
@blp.response(
    200,
    {"type": "string", "format": "binary"},
    content_type=CSV,
    description="The file of the sender with two columns more.",
)
@blp.alt_response(409, "CONFLICT")
def get_import_result(query: Mapping[str, Any], import_id: int) -> Response:
    """The same rows in the same order, each with what became of it and why

    No cell can become a formula. 409 while the import is not done.
    """
    session, viewer, lang = current_session(), the_viewer(), current_language()
    if query["format"] == "xlsx":
        return Response(result_xlsx(session, viewer, import_id, lang), content_type=XLSX)
    content = b"".join(result_csv(session, viewer, import_id, lang))
    return Response(content, content_type=f"{CSV}; charset=utf-8")


def shown(record: UploadRecord, viewer: Viewer) -> dict[str, Any]:
    """What `viewer` may see of an import."""
    found = show(Kind.UPLOAD, record.as_mapping(), viewer.rights)
    found.pop("choices", None)
    report = found.pop("report", None)
    counts = uploads.decided_counts(current_session(), record) if report else None
    names = ("group", "target", "code", "fix", "count")
    groups = [
        {name: group[name] for name in names}
        for group in [*(report or {}).get("groups", ()), *(report or {}).get("refusals", ())]
    ]
    return {**found, "counts": counts, "groups": groups}
