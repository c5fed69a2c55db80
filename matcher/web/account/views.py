"""The first pages: start, sign-in and out, and the language of the pages."""

from __future__ import annotations

from typing import Any

import structlog
from flask import current_app, make_response, redirect, render_template, request, session, url_for

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import current_viewer, half_signed_in, sign_out, the_viewer
from matcher.http.permissions import public, signed_in
from matcher.http.translate import gettext as _
from matcher.models.states import SignInMethod
from matcher.services import accounts
from matcher.services.demo import ROLES, demo_password
from matcher.web.account.blueprint import blueprint
from matcher.web.account.entering import even_answer, let_in, local_address
from matcher.web.account.forms import SignInForm
from matcher.web.account.limits import (
    PASSWORD,
    count_failure,
    forget_failures,
    seconds_to_wait,
)
from matcher.web.navigation import home_endpoint, right_names

log = structlog.get_logger(__name__)


@blueprint.get("/")
@public
def home() -> Any:
    """Where the viewer's work starts; a visitor sees what this is."""
    viewer = current_viewer()
    if viewer is None:
        if half_signed_in() is not None:
            return redirect(url_for("account.second_step"))
        return render_template("account/welcome.html")
    return redirect(url_for(home_endpoint(viewer.rights) or "account.own_account"))


@blueprint.route("/aanmelden", methods=["GET", "POST"])
@public
def enter() -> Any:
    """Sign-in with name and password; every failure reads the same and takes as long."""
    form = SignInForm()
    target = local_address(request.args.get("next"))
    status, wait = 200, 0
    if form.validate_on_submit():
        name = form.name.data or ""
        wait = seconds_to_wait(PASSWORD, name)
        answer = None if wait else _try_password(name, form.password.data or "", target)
        if answer is not None:
            return answer
        form.form_errors.append(_refusal(wait))
        status = 429 if wait else 400
    elif form.errors:
        status = 400
    form.password.data = None
    page = render_template("account/enter.html", form=form, sign_ins=_demo_sign_ins())
    response = make_response(page, status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _try_password(name: str, password: str, target: str | None) -> Any:
    """The answer to who is let in; None, after a while, for everybody else."""
    record = accounts.sign_in(current_session(), name, password, now=now())
    viewer = None if record is None else accounts.find_viewer(current_session(), record.id)
    if record is not None and viewer is not None:
        forget_failures(PASSWORD, name)
        return let_in(viewer, record, SignInMethod.PASSWORD, target=target)
    with even_answer():
        count_failure(PASSWORD, name)
        log.info("sign_in_failed", method=SignInMethod.PASSWORD.value)
    return None


def _refusal(wait: int) -> str:
    if not wait:
        return _("Naam of wachtwoord klopt niet. Probeer het opnieuw.")
    minutes = -(-wait // 60)
    return _(
        "Er waren te veel mislukte pogingen. Probeer het over %(minutes)s minuten opnieuw, of "
        "vraag hieronder om een link per e-mail.",
        minutes=minutes,
    )


def _demo_sign_ins() -> list[dict[str, str]]:
    """One sign-in a role in demo mode, where nothing is real; nothing anywhere else."""
    if not current_app.config["DEMO"]:
        return []
    names = right_names()
    return [
        {"words": names[role], "name": role.value, "password": demo_password(role)}
        for role in ROLES
    ]


@blueprint.post("/afmelden")
@public
def leave() -> Any:
    """Ends the session; the browser forgets what it kept of this site."""
    sign_out()
    answer = redirect(url_for("account.home"))
    # Cookies stay: the device stays known, and the session behind the cookie is ended.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/blijf-aangemeld")
@signed_in
def stay() -> Any:
    """Renews the session without loading a page."""
    the_viewer()
    return "", 204


@blueprint.get("/taal/<any(nl, en):code>")
@public
def choose_language(code: str) -> Any:
    """Keeps the language for the session and goes back to where the visitor was."""
    session["language"] = code
    return redirect(local_address(request.args.get("back")) or url_for("account.home"))
