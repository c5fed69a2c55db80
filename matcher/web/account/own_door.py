"""The door of a candidate's own view: a link, a code, and a way out in one tap.

Nothing here tells whose view it is or what it is about: a phone is often shared. The secret of the
link leaves the address bar at once, and no page of these sends where the visitor came from.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response, current_app, make_response, redirect, render_template, session, url_for
from flask_wtf.csrf import CSRFError

from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import sign_in, sign_out
from matcher.http.permissions import public
from matcher.http.security import require_form_token
from matcher.http.translate import gettext as _
from matcher.models.states import SignInMethod
from matcher.reference.sign_in_terms import load_sign_in_terms
from matcher.services import accounts, links
from matcher.web.account.blueprint import blueprint
from matcher.web.account.forms import CodeForm

log = structlog.get_logger(__name__)

_DOOR = "own_door"


@blueprint.get("/open/<string:secret>")
@public
def open_link(secret: str) -> Any:
    """Keeps the secret of the link and goes on without it in the address."""
    session[_DOOR] = secret[:100]
    return without_referrer(redirect(url_for("account.open_own")))


@blueprint.route("/open", methods=["GET", "POST"])
@public
def open_own() -> Any:
    """Asks for the code, and lets in whoever gives the right one."""
    form: CodeForm | None = CodeForm()
    secret = session.get(_DOOR, "")
    if form is not None and form.validate_on_submit():
        account_id = links.open_candidate_link(
            current_session(), secret, form.code.data or "", now=now()
        )
        viewer = None if account_id is None else accounts.find_viewer(current_session(), account_id)
        if viewer is not None:
            sign_in(viewer, SignInMethod.LINK_AND_CODE)
            log.info("signed_in", account=viewer.account_id, method="link_and_code")
            return without_referrer(redirect(url_for("account.home")))
        log.info("sign_in_failed", method="link_and_code")
        form.code.errors = [_("Deze code klopt niet. Kijk nog eens goed en probeer het opnieuw.")]
    status = 400 if form is not None and form.errors else 200
    if not links.is_open(current_session(), secret, now=now()):
        form, status = None, 404
    digits = load_sign_in_terms(today()).candidate_code_digits
    page = render_template("account/open.html", form=form, digits=digits)
    return without_referrer(page, status)


@blueprint.post("/weg")
@public
def leave_quickly() -> Any:
    """Ends the session and leaves for a page that tells nothing.

    Without a good form token nothing is ended (the page stood open so long that nothing is left to
    end, or another site sent this), but whoever wants to leave, leaves.
    """
    status = 200
    try:
        require_form_token()
    except CSRFError:
        status = 403
    else:
        sign_out()
        session.clear()
    target = current_app.config["QUICK_EXIT_URL"]
    answer = make_response(render_template("account/leaving.html", target=target), status)
    # A redirect after a form would be stopped by the form-action of our policy.
    answer.headers["Refresh"] = f"0; url={target}"
    if status == 200:
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return without_referrer(answer)


def without_referrer(answer: Any, status: int | None = None) -> Response:
    """`answer` as a response after which no other site learns where the visitor came from."""
    response: Response = make_response(answer)
    if status is not None:
        response.status_code = status
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
