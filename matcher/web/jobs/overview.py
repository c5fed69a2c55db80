"""*Rekenen*: what can be asked for, what is under way, what came of it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from matcher.domain.errors import Conflict
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import JobState
from matcher.repositories.jobs import JobRecord
from matcher.services import jobs
from matcher.services.job_kinds import KINDS
from matcher.web.forms import MatcherForm
from matcher.web.jobs import words
from matcher.web.jobs.blueprint import HOME, asking, blueprint

_A_PAGE = 25


class StartForm(MatcherForm):
    """What to begin with."""

    kind = HiddenField()


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of job that the viewer may ask for; `running` is the one under way, if in reach."""

    name: str
    words: words.KindWords
    running: JobRecord | None


@blueprint.get("/rekenen")
@asking
def overview() -> ResponseReturnValue:
    """What can be asked for, and every job in reach, the newest first."""
    session, viewer = current_session(), the_viewer()
    cursor = request.args.get("vanaf")
    page = jobs.list_jobs(session, viewer, cursor=cursor, limit=_A_PAGE)
    newest = page.items if cursor is None else jobs.list_jobs(session, viewer, limit=_A_PAGE).items
    running = {job.kind: job for job in newest if not job.has_ended}
    return render_template(
        "jobs/overview.html",
        headline=_headline(newest, len(running)),
        offers=[
            Offer(name, kind, running.get(name))
            for name, kind in words.KINDS.items()
            if viewer.has(*KINDS[name].rights)
        ],
        lines=[job for job in page.items if job.has_ended],
        next_url=None
        if page.next_cursor is None
        else url_for(HOME, vanaf=page.next_cursor, _anchor="eerder"),
        form=None,
        start_form=StartForm(formdata=None),
        now=now(),
        words=words,
    )


def _headline(newest: Sequence[JobRecord], running: int) -> str:
    if running:
        return ngettext("%(num)s berekening loopt.", "%(num)s berekeningen lopen.", running)
    done = next((job for job in newest if job.state is JobState.DONE), None)
    if done is None or done.finished_at is None:
        return _("Er wordt nu niets uitgerekend.")
    return _("Laatst uitgerekend op %(moment)s.", moment=words.moment(done.finished_at))


@blueprint.post("/rekenen")
@asking
@once_only
def start() -> ResponseReturnValue:
    """Asks for a job of a kind, and goes to its page."""
    form = StartForm()
    kind = form.kind.data
    if not form.validate() or kind not in words.KINDS:
        abort(400)
    try:
        job = jobs.submit(current_session(), the_viewer(), KINDS[kind], {}, now=now())
    except Conflict:
        flash(_("Dit wordt al uitgerekend voor uw regio. Wacht tot het klaar is."), "near")
        return redirect(url_for(HOME), 303)
    return redirect(url_for("jobs.job", job_id=job.id), 303)


@blueprint.post("/rekenen/<int:job_id>/stoppen")
@asking
def stop(job_id: int) -> ResponseReturnValue:
    """Stops a job: at once, or after the part at hand."""
    if not MatcherForm().validate():
        abort(400)
    try:
        jobs.cancel(current_session(), the_viewer(), job_id, KINDS, now=now())
    except Conflict:
        flash(_("Dit was al klaar. Er valt niets meer te stoppen."), "near")
    return redirect(url_for("jobs.job", job_id=job_id), 303)
