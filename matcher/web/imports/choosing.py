"""Which column fills what: proposed, looked at by a person, and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request

from matcher.domain.errors import InvalidInput
from matcher.files.import_mapping import Why
from matcher.files.import_targets import CONTACT, targets_of
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import UploadState
from matcher.repositories.uploads import UploadRecord
from matcher.services import uploads
from matcher.web.forms import MatcherForm
from matcher.web.imports.blueprint import RIGHTS, blueprint
from matcher.web.imports.sending import shown_upload, step_of
from matcher.web.imports.words import never_words, why_words
from matcher.web.navigation import belongs_to

_SAMPLES = 2


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of the file as the page shows it."""

    name: str
    header: str
    target: str | None
    meaning: str
    why: str
    way_out: str
    samples: str
    can_choose: bool
    is_swapped: bool
    error: str | None = None


@blueprint.route("/inlezen/<int:upload_id>/kolommen", methods=["GET", "POST"])
@requires(*RIGHTS)
@belongs_to("imports.overview")
def columns(upload_id: int) -> Any:
    """Shows what each column fills; saying yes checks the rows."""
    session, viewer = current_session(), the_viewer()
    upload = uploads.get_upload(session, viewer, upload_id)
    if upload.state in (UploadState.CHECKING, UploadState.IMPORTING):
        return redirect(step_of(upload), 303)
    form = MatcherForm()
    errors: dict[str, str] = {}
    chosen: dict[str, str | None] = {}
    if form.validate_on_submit():
        chosen = {
            column["header"]: request.form.get(f"kolom-{index}") or None
            for index, column in enumerate(upload.columns)
            if f"kolom-{index}" in request.form
        }
        try:
            upload = uploads.choose_columns(session, viewer, upload_id, chosen, now=now())
            return redirect(step_of(upload), 303)
        except InvalidInput as error:
            errors = {problem.where: _problem(problem.why) for problem in error.problems}
    lines = _lines(upload, chosen, errors)
    page = render_template(
        "imports/columns.html",
        form=form,
        upload=shown_upload(upload),
        headline=_headline(lines),
        lines=lines,
        targets=[
            (name, target.known.label(current_language()))
            for name, target in targets_of(upload.kind).items()
        ],
        errors=errors,
        swapped=[line for line in lines if line.target and line.is_swapped],
    )
    return page, 400 if errors else 200


def _problem(why: str) -> str:
    if why.startswith("fills the same"):
        return _("Deze kolom en een andere vullen hetzelfde in. Laat er één weg.")
    return _("Kies ten minste één kolom.") if why.startswith("none") else _("Dit kan niet.")


def _headline(lines: list[ColumnLine]) -> str:
    known = sum(line.target is not None for line in lines)
    return ngettext(
        "%(known)s van de %(num)s kolom herkend.",
        "%(known)s van de %(num)s kolommen herkend.",
        len(lines),
        known=known,
    )


def _lines(
    upload: UploadRecord, chosen: dict[str, str | None], errors: dict[str, str]
) -> list[ColumnLine]:
    samples = uploads.samples(current_session(), upload, _SAMPLES)
    found = []
    for index, column in enumerate(upload.columns):
        meaning, why = why_words(column)
        is_never = column["why"] == Why.NEVER
        target = chosen.get(column["header"], column["target"])
        found.append(
            ColumnLine(
                name=f"kolom-{index}",
                header=column["header"],
                target=target,
                meaning=meaning,
                why=why,
                way_out=never_words(column["other"])[1] if is_never else "",
                samples="" if target in CONTACT else ", ".join(samples[index]),
                can_choose=not is_never,
                is_swapped=column["why"] == Why.SWAPPED,
                error=errors.get(column["header"]),
            )
        )
    return found
