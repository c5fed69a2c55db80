"""What firms answered about displacement and somebody has to look at: soonest due first."""

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
from matcher.services import displacement as service
from matcher.web.navigation import belongs_to
from matcher.web.oversight.blueprint import HOME, blueprint
from matcher.web.oversight.inbox import INBOX, VerdictForm, inbox

APPROVE, HOLD = "approve", "hold"


@blueprint.get("/toezicht/verdringing")
@requires(Right.OFFICER)
@belongs_to(HOME)
def displacement() -> Any:
    """Everything that waits for an officer of the region, and reports that were judged."""
    return inbox()


@blueprint.post("/toezicht/verdringing/<int:check_id>")
@requires(Right.OFFICER)
@belongs_to(HOME)
def decide_displacement(check_id: int) -> Any:
    """The firm may open the place, or not as it stands; the firm reads why."""
    form = VerdictForm()
    verdict = request.form.get("verdict")
    if verdict not in (APPROVE, HOLD):
        abort(400)
    if not form.validate():
        return inbox(check=(check_id, form))
    try:
        service.decide_check(
            current_session(),
            the_viewer(),
            check_id,
            approve=verdict == APPROVE,
            why=form.why.data,
            expected_version=form.read_version,
            now=now(),
        )
        flash(_("Opgeslagen. Het bedrijf ziet uw antwoord."))
    except InvalidInput as error:
        form.add_problems(error.problems)
        return inbox(check=(check_id, form))
    except (Conflict, Stale):
        flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
    return redirect(url_for(INBOX), 303)
