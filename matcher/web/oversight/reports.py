"""What anybody reported about displacement: an officer says what came of each report."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import ReportState
from matcher.services import displacement_reports as service
from matcher.web.navigation import belongs_to
from matcher.web.oversight.blueprint import HOME, blueprint
from matcher.web.oversight.inbox import INBOX, JudgementForm, inbox


@blueprint.post("/toezicht/verdringing/meldingen/<int:report_id>")
@requires(Right.OFFICER)
@belongs_to(HOME)
def judge_report(report_id: int) -> Any:
    """Asked, founded, unfounded or for somebody else; always with a reason."""
    form = JudgementForm()
    state = request.form.get("state", "")
    if state not in (ReportState.ASKED, *service.JUDGED):
        abort(400)
    if not form.validate():
        return inbox(report=(report_id, form))
    try:
        service.judge_report(
            current_session(),
            the_viewer(),
            report_id,
            state,
            why=form.why.data,
            expected_version=form.read_version,
            now=now(),
        )
        flash(_("Opgeslagen. Wat er met de melding gebeurde, staat erbij."))
    except InvalidInput as error:
        form.add_problems(error.problems)
        return inbox(report=(report_id, form))
    except (Conflict, Stale):
        flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
    return redirect(url_for(INBOX), 303)
