"""Signing in with a link by e-mail, and taking up an invitation.

The secret of a link leaves the address bar at once; only the button on the page uses it up, so that
a scanner that opens mail does not.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import current_app, redirect, render_template, request, session, url_for

from matcher.domain.errors import InvalidInput
from matcher.extensions import limiter
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.permissions import public
from matcher.http.translate import gettext as _
from matcher.models.states import LinkKind, SignInMethod
from matcher.services import accounts, mail_links
from matcher.web.account.blueprint import blueprint
from matcher.web.account.entering import even_answer, let_in
from matcher.web.account.forms import AskLinkForm, InvitationForm, UseLinkForm
from matcher.web.account.own_door import without_referrer

log = structlog.get_logger(__name__)

_LINK = "mail_link"
INVITATION = "invitation"
"""Where the session of a visitor keeps the secret of an invitation that was opened."""


def _limit() -> str:
    limit: str = current_app.config["MAIL_LINK_LIMIT"]
    return limit


@blueprint.route("/aanmelden/stuur-een-link", methods=["GET", "POST"])
@public
@limiter.limit(_limit, methods=["POST"])
def ask_link() -> Any:
    """Sends a link when there is an account; the answer is the same when there is none."""
    form = AskLinkForm()
    if form.validate_on_submit():
        with even_answer():
            mail_links.ask_mail_link(current_session(), form.name.data or "", now=now())
        return redirect(url_for("account.link_asked"))
    return render_template("account/ask_link.html", form=form), 400 if form.errors else 200


@blueprint.get("/aanmelden/link-gevraagd")
@public
def link_asked() -> Any:
    """What to do next, whether there is an account or not."""
    return render_template("account/link_asked.html")


@blueprint.get("/aanmelden/link/<string:secret>")
@public
def open_mail_link(secret: str) -> Any:
    """Keeps the secret and goes on without it in the address."""
    session[_LINK] = secret[:100]
    return without_referrer(redirect(url_for("account.use_mail_link")))


@blueprint.route("/aanmelden/link", methods=["GET", "POST"])
@public
def use_mail_link() -> Any:
    """Shows whose link it is; the button uses it up."""
    form = UseLinkForm()
    secret = session.get(_LINK, "")
    if form.validate_on_submit():
        account_id = mail_links.use_mail_link(current_session(), secret, now=now())
        if account_id is not None:
            return without_referrer(_let_in(account_id))
        log.info("sign_in_failed", method=SignInMethod.MAIL_LINK.value)
    found = mail_links.find_link(current_session(), secret, LinkKind.SIGN_IN, now=now())
    page = render_template("account/use_link.html", form=form, link=found)
    return without_referrer(page, 200 if found else 404)


@blueprint.get("/uitnodiging/<string:secret>")
@public
def open_invitation(secret: str) -> Any:
    """Keeps the secret and goes on without it in the address."""
    session[INVITATION] = secret[:100]
    return without_referrer(redirect(url_for("account.accept_invitation")))


@blueprint.route("/uitnodiging", methods=["GET", "POST"])
@public
def accept_invitation() -> Any:
    """Lets somebody choose a password, or for contractors none, and signs them in."""
    form = InvitationForm()
    secret = session.get(INVITATION, "")
    found = mail_links.find_link(current_session(), secret, LinkKind.INVITATION, now=now())
    if found is not None and form.validate_on_submit():
        without = "without" in request.form and not found.needs_password
        try:
            account_id = mail_links.accept_invitation(
                current_session(),
                secret,
                password=None if without else form.password.data or "",
                now=now(),
            )
        except InvalidInput:
            form.password.errors = [_("Kies een wachtwoord van 12 tot 200 tekens")]
        else:
            if account_id is not None:
                return without_referrer(_let_in(account_id))
            found = None
    form.password.data = None
    page = render_template("account/invitation.html", form=form, link=found)
    status = 404 if found is None else 400 if form.errors else 200
    return without_referrer(page, status)


def _let_in(account_id: int) -> Any:
    viewer = accounts.find_viewer(current_session(), account_id)
    if viewer is None:
        return redirect(url_for("account.enter"))
    before = accounts.note_sign_in(current_session(), account_id, now=now())
    return let_in(viewer, before, SignInMethod.MAIL_LINK)
