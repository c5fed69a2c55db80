"""The pages of an account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import current_app, redirect, render_template, request, session, url_for

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import current_viewer, sign_in, sign_out, the_viewer
from matcher.http.permissions import public, signed_in
from matcher.http.translate import gettext as _
from matcher.services import accounts
from matcher.services.demo import ROLES, demo_password
from matcher.web.account.blueprint import blueprint
from matcher.web.account.forms import SignInForm
from matcher.web.account.limits import check_limits, count_failure, forget_failures
from matcher.web.navigation import home_endpoint, right_names

log = structlog.get_logger(__name__)


@blueprint.get("/")
@public
def home() -> Any:
    """Where the viewer's work starts; a visitor sees what this is."""
    viewer = current_viewer()
    if viewer is None:
        return render_template("account/welcome.html")
    endpoint = home_endpoint(viewer.rights)
    if endpoint is None:
        return render_template("account/no_pages.html")
    return redirect(url_for(endpoint))


@blueprint.route("/aanmelden", methods=["GET", "POST"])
@public
def enter() -> Any:
    """Sign-in with name and password; every failure reads the same and takes as long."""
    form = SignInForm()
    target = local_address(request.args.get("next"))
    if form.validate_on_submit():
        name, password = form.name.data or "", form.password.data or ""
        check_limits(name)
        record = accounts.sign_in(current_session(), name, password, now=now())
        viewer = None if record is None else accounts.find_viewer(current_session(), record.id)
        if viewer is not None:
            forget_failures(name)
            sign_in(viewer)
            log.info("signed_in", account=viewer.account_id)
            return redirect(target or url_for("account.home"))
        count_failure(name)
        log.info("sign_in_failed")
        form.form_errors.append(_("Naam of wachtwoord klopt niet. Probeer het opnieuw."))
    form.password.data = None
    page = render_template("account/enter.html", form=form, sign_ins=_demo_sign_ins())
    return page, 400 if form.errors else 200


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
    """Ends the session."""
    sign_out()
    return redirect(url_for("account.home"))


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


def local_address(address: str | None) -> str | None:
    """`address` when it lies within this site; None for anything that leads elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc or any(c in address for c in "\r\n\\") else address
