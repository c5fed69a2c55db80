"""One job: how far it is while it runs, and what came of it when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.errors import NotFound
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.models.states import JobState
from matcher.repositories.jobs import JobRecord
from matcher.services import (
    jobs,
    region_matches,
    upload_checks,
    upload_jobs,
    uploads,
    weekly,
    weekly_views,
)
from matcher.services.job_kinds import KINDS
from matcher.web.forms import MatcherForm
from matcher.web.jobs import region_match, words
from matcher.web.jobs.blueprint import HOME, asking, blueprint
from matcher.web.jobs.overview import StartForm
from matcher.web.navigation import belongs_to
from matcher.web.weekly import words as weekly_words


@blueprint.get("/rekenen/<int:job_id>")
@asking
@belongs_to(HOME)
def job(job_id: int) -> ResponseReturnValue:
    """How far a job is, or what came of it."""
    viewer, moment = the_viewer(), now()
    found = jobs.get_job(current_session(), viewer, job_id)
    kind = words.kind_words(found.kind)
    may_start = found.kind in words.KINDS and viewer.has(*KINDS[found.kind].rights)
    context: dict[str, Any] = {
        "job": found,
        "kind": kind,
        "words": words,
        "now": moment,
        "form": None,
        "stop_form": MatcherForm(formdata=None),
        "start_form": StartForm(formdata=None) if may_start else None,
    }
    if not found.has_ended:
        return render_template("jobs/running.html", progress=progress_of(found), **context)
    if found.state is not JobState.DONE:
        refused = weekly_words.refused_floor(found) if may_start else None
        return render_template("jobs/stopped.html", refused=refused, **context)
    elsewhere = _RESULT_PAGES.get(found.kind)
    address = None if elsewhere is None else elsewhere(found)
    if address is not None:
        return redirect(address, 303)
    result = _RESULTS.get(found.kind)
    if kind.template is None or result is None or not may_start:
        return render_template("jobs/done.html", headline=_("Het is uitgerekend."), **context)
    return render_template(kind.template, **context, **result(found, request.args.get("vanaf")))


def _allocation_page(found: JobRecord) -> str | None:
    viewer = the_viewer()
    if not viewer.has(*weekly.CENTRE):
        return None
    number = weekly_views.allocation_of_job(current_session(), viewer, found.id)
    return None if number is None else url_for("weekly.allocation", allocation_id=number)


def _upload_page(found: JobRecord) -> str | None:
    viewer, number = the_viewer(), found.arguments["upload"]
    if not viewer.has(*KINDS[found.kind].rights):
        return None
    try:
        uploads.get_upload(current_session(), viewer, number)
    except NotFound:
        return None
    return url_for("imports.one", upload_id=number)


_RESULT_PAGES: Mapping[str, Callable[[JobRecord], str | None]] = {
    weekly.NAME: _allocation_page,
    upload_checks.NAME: _upload_page,
    upload_jobs.NAME: _upload_page,
}
"""Where the result of a kind is read, as long as it is kept."""
_RESULTS: Mapping[str, Callable[[JobRecord, str | None], dict[str, Any]]] = {
    region_matches.NAME: region_match.result_of,
}
"""What the template of a kind that shows its result here needs."""


@blueprint.get("/rekenen/<int:job_id>/stand")
@asking
def progress(job_id: int) -> ResponseReturnValue:
    """How far a job is, for the script of its page."""
    return jsonify(progress_of(jobs.get_job(current_session(), the_viewer(), job_id)))


def progress_of(found: JobRecord) -> dict[str, Any]:
    """What the page shows while a job runs; `total` is None until it was planned."""
    moment = now()
    return {
        "ended": found.has_ended,
        "done": found.done,
        "total": found.total,
        "words": words.progress_words(found, moment),
        "stuck": words.is_unattended(found, moment) or found.is_silent(moment),
    }
