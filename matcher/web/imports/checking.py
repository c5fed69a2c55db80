"""The dry run: what can go in, what can with a proposal, what cannot; and the yes."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.errors import Conflict
from matcher.files.import_check import Finding
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import ImportKind, JobState, UploadState
from matcher.repositories.uploads import UploadRecord
from matcher.services import uploads
from matcher.web.forms import MatcherForm
from matcher.web.imports.blueprint import RIGHTS, blueprint
from matcher.web.imports.sending import shown_upload, step_of
from matcher.web.imports.words import (
    fix_words,
    group_words,
    problem_words,
    rule_for_references,
)
from matcher.web.navigation import belongs_to

_OVERVIEW = "imports.overview"
_LIMIT = 50
_CHECK = "imports.check"


@blueprint.route("/inlezen/<int:upload_id>/controle", methods=["GET", "POST"])
@requires(*RIGHTS)
@belongs_to(_OVERVIEW)
def check(upload_id: int) -> Any:
    """What was found; boxes say which proposals are taken over, and the button imports."""
    session, viewer = current_session(), the_viewer()
    upload = uploads.get_upload(session, viewer, upload_id)
    if upload.state is not UploadState.CHECKED:
        return redirect(step_of(upload), 303)
    form = MatcherForm()
    if form.validate_on_submit():
        groups = [group["group"] for group in (upload.report or {})["groups"]]
        taken = set(request.form.getlist("groep"))
        uploads.decide(
            session,
            viewer,
            upload_id,
            lambda old: {**old, "off": [name for name in groups if name not in taken]},
            now=now(),
        )
        try:
            upload = uploads.confirm(session, viewer, upload_id, now=now())
            return redirect(step_of(upload), 303)
        except Conflict:
            flash(_("Er loopt al een ander bestand in uw regio. Probeer het zo nog eens."), "near")
            return redirect(url_for(_CHECK, upload_id=upload_id), 303)
    report = upload.report or {}
    counts = uploads.decided_counts(session, upload)
    return render_template(
        "imports/check.html",
        form=form,
        upload=shown_upload(upload),
        counts=counts,
        headline=_headline(upload, counts),
        lead=_lead(counts),
        groups=[_group(upload, group) for group in report["groups"]],
        refusals=[_group(upload, group) for group in report["refusals"]],
        derived=report["counts"].get("derived", 0),
        rule=rule_for_references(upload.kind),
        is_stopped=uploads.job_state(session, upload) in (JobState.FAILED, JobState.CANCELLED),
    )


def _headline(upload: UploadRecord, counts: dict[str, int]) -> str:
    going = counts["fine"] + counts["fixable"]
    if upload.kind is ImportKind.CANDIDATES:
        return ngettext("%(num)s mens kan erin.", "%(num)s mensen kunnen erin.", going)
    return ngettext("%(num)s rij kan erin.", "%(num)s rijen kunnen erin.", going)


def _lead(counts: dict[str, int]) -> str:
    parts = [ngettext("%(num)s is meteen goed.", "%(num)s zijn meteen goed.", counts["fine"])]
    if counts["fixable"]:
        parts.append(
            ngettext(
                "%(num)s kan mee met een voorstel.",
                "%(num)s kunnen mee met een voorstel.",
                counts["fixable"],
            )
        )
    if counts["left_out"]:
        parts.append(ngettext("%(num)s laat u weg.", "%(num)s laat u weg.", counts["left_out"]))
    if counts["refused"]:
        parts.append(
            ngettext("%(num)s kan niet mee.", "%(num)s kunnen niet mee.", counts["refused"])
        )
    return " ".join(parts)


def _group(upload: UploadRecord, group: dict[str, Any]) -> dict[str, Any]:
    sentence, times = group_words(group, upload.kind)
    return {
        "name": group["group"],
        "sentence": sentence,
        "times": times,
        "examples": [_line(upload, Finding.from_json(kept)) for kept in group["examples"]],
        "is_off": group["group"] in upload.choices.get("off", ()),
        "single": len(upload.choices.get("rows_off", {}).get(group["group"], ())),
    }


def _line(upload: UploadRecord, finding: Finding) -> dict[str, Any]:
    return {
        "row": finding.row,
        "where": finding.where,
        "shown": finding.shown,
        "why": problem_words(finding, upload.kind),
        "fix": fix_words(finding, upload.kind),
    }


@blueprint.route("/inlezen/<int:upload_id>/controle/rijen", methods=["GET", "POST"])
@requires(*RIGHTS)
@belongs_to(_OVERVIEW)
def rows(upload_id: int) -> Any:
    """One kind of proposal row by row, each with its own box."""
    session, viewer = current_session(), the_viewer()
    upload = uploads.get_upload(session, viewer, upload_id)
    if upload.state is not UploadState.CHECKED:
        return redirect(step_of(upload), 303)
    name = request.args.get("voorstel", "")
    groups = (upload.report or {})["groups"] + (upload.report or {})["refusals"]
    group = next((each for each in groups if each["group"] == name), None)
    if group is None:
        abort(404)
    first = request.args.get("vanaf", 0, type=int)
    found, following = uploads.pages_of_findings(session, upload, name, first, _LIMIT)
    form = MatcherForm()
    off = set(upload.choices.get("rows_off", {}).get(name, ()))
    if form.validate_on_submit():
        taken = {int(n) for n in request.form.getlist("rij") if n.isdecimal()}
        shown = {finding.row for finding in found}
        kept = sorted((off - shown) | (shown - taken))
        uploads.decide(
            session,
            viewer,
            upload_id,
            lambda old: {**old, "rows_off": {**old.get("rows_off", {}), name: kept}},
            now=now(),
        )
        target = (
            url_for(_CHECK, upload_id=upload_id)
            if following is None
            else url_for("imports.rows", upload_id=upload_id, voorstel=name, vanaf=following)
        )
        return redirect(target, 303)
    return render_template(
        "imports/rows.html",
        form=form,
        upload=shown_upload(upload),
        group=_group(upload, group),
        lines=[{**_line(upload, f), "is_off": f.row in off} for f in found],
        can_choose=group["fix"] is not None,
        is_last=following is None,
    )
