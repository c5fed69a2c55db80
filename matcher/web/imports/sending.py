"""Sending a file, and how it stands: waiting, at work, done."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.fields import SelectChoice

from matcher.domain.errors import InvalidInput
from matcher.files.source import format_of, source_of
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import ImportKind, UploadState
from matcher.reference.retention import load_retention
from matcher.repositories.uploads import UploadRecord
from matcher.services import doubles, uploads
from matcher.services.upload_results import result_csv, result_xlsx
from matcher.services.visibility import Kind, show
from matcher.web.forms import CHOOSE_ONE, MatcherForm, Required
from matcher.web.imports.blueprint import RIGHTS, blueprint
from matcher.web.imports.words import file_problems, kind_words
from matcher.web.navigation import belongs_to

_LIMIT = 10
_OVERVIEW = "imports.overview"
_CSV, _XLSX = "csv", "xlsx"
_TYPES = {
    _CSV: "text/csv; charset=utf-8",
    _XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class UploadForm(MatcherForm):
    """Which file, and what stands in it."""

    kind = RadioField(
        _l("Wat staat erin?"), [Required(_l("Kies wat erin staat"))],
        default=ImportKind.CANDIDATES.value, invalid_choice_message=CHOOSE_ONE,
    )  # fmt: skip
    file = FileField(_l("Bestand"), [FileRequired(_l("Kies een bestand"))])


@blueprint.route("/inlezen", methods=["GET", "POST"])
@requires(*RIGHTS)
def overview() -> Any:
    """The form, and what came in these days."""
    session, viewer = current_session(), the_viewer()
    form = UploadForm()
    form.kind.choices = [SelectChoice(kind.value, words) for kind, words in kind_words().items()]
    if form.validate_on_submit():
        received = _received(form)
        if received is not None:
            if received.is_known:
                flash(_("Dit bestand was al binnen. Er is niets veranderd."))
            return redirect(step_of(received.upload), 303)
    page = uploads.list_uploads(session, viewer, limit=_LIMIT)
    shown = render_template(
        "imports/overview.html",
        form=form,
        lines=[shown_upload(upload) for upload in page.items],
        kinds=kind_words(),
        step_of=lambda line: url_for("imports.one", upload_id=line["id"]),
        doubles=doubles.count_open(session, viewer),
        days=_days_kept(),
    )
    return shown, 400 if form.errors else 200


def _received(form: UploadForm) -> uploads.Received | None:
    sent = form.file.data
    try:
        data = sent.stream.read()
        source = source_of(sent.filename, data, format_of(sent.filename), detect_vum=True)
        kind = ImportKind(form.kind.data)
        return uploads.receive(current_session(), the_viewer(), kind, source, now=now())
    except InvalidInput as error:
        form.file.errors = file_problems(error)
        return None


def _days_kept() -> int:
    [rule] = [rule for rule in load_retention(now().date()) if rule.name == "uploads"]
    return rule.days or 0


def shown_upload(upload: UploadRecord) -> dict[str, Any]:
    """What the viewer may see of an upload."""
    return show(Kind.UPLOAD, upload.as_mapping(), the_viewer().rights)


def step_of(upload: UploadRecord) -> str:
    """The page on which an upload goes on."""
    pages = {UploadState.COLUMNS: "imports.columns", UploadState.CHECKED: "imports.check"}
    return url_for(pages.get(upload.state, "imports.one"), upload_id=upload.id)


@blueprint.get("/inlezen/<int:upload_id>")
@requires(*RIGHTS)
@belongs_to(_OVERVIEW)
def one(upload_id: int) -> Any:
    """How far an import is, or what became of it."""
    session, viewer = current_session(), the_viewer()
    upload = uploads.get_upload(session, viewer, upload_id)
    if upload.state in (UploadState.COLUMNS, UploadState.CHECKED):
        return redirect(step_of(upload), 303)
    done, total = uploads.progress(session, upload) or (0, None)
    rows = min(upload.row_count, done * uploads.ROWS_A_BLOCK)
    return render_template(
        "imports/one.html",
        upload=shown_upload(upload),
        kind=kind_words()[upload.kind],
        is_done=upload.state is UploadState.DONE,
        is_check=upload.state is UploadState.CHECKING,
        is_waiting=total is None,
        rows=rows,
        form=MatcherForm(formdata=None),
        days=_days_kept(),
        people_url=url_for("talent_centre.people")
        if upload.kind is ImportKind.CANDIDATES
        else None,
    )


@blueprint.get("/inlezen/<int:upload_id>/uitkomst.<any(csv, xlsx):form>")
@requires(*RIGHTS)
@belongs_to(_OVERVIEW)
def result(upload_id: int, form: str) -> Any:
    """The same rows in the same order, with what became of each."""
    session, viewer, lang = current_session(), the_viewer(), current_language()
    if form == _CSV:
        content: Any = b"".join(result_csv(session, viewer, upload_id, lang))
    else:
        content = result_xlsx(session, viewer, upload_id, lang)
    name = _("uitkomst-%(number)s", number=upload_id)
    headers = {
        "Content-Type": _TYPES[form],
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
    }
    return content, 200, headers


@blueprint.post("/inlezen/<int:upload_id>/weg")
@requires(*RIGHTS)
@belongs_to(_OVERVIEW)
def forget(upload_id: int) -> Any:
    """Deletes the file; what was imported stays."""
    if not MatcherForm().validate():
        abort(400)
    uploads.forget(current_session(), the_viewer(), upload_id)
    flash(_("Het bestand is weg. Wat al is ingelezen, blijft."))
    return redirect(url_for(_OVERVIEW), 303)
