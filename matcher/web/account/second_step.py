"""The second step of signing in: setting it up, and showing a code.

Open to who has shown the first step and nothing more; to everybody else they are as closed as any
page (`NotSignedIn`).
"""

from __future__ import annotations

from typing import Any

import segno
import structlog
from flask import flash, get_flashed_messages, redirect, render_template, request, url_for
from markupsafe import Markup

from matcher.domain.access import Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import (
    NotSignedIn,
    browser_session,
    current_viewer,
    half_signed_in,
    sign_in,
)
from matcher.http.permissions import public
from matcher.http.translate import gettext as _
from matcher.services import second_factor
from matcher.web.account.blueprint import blueprint
from matcher.web.account.entering import even_answer, local_address
from matcher.web.account.forms import BeginForm, CodeForm
from matcher.web.account.limits import (
    SECOND_FACTOR,
    count_failure,
    forget_failures,
    seconds_to_wait,
)

log = structlog.get_logger(__name__)


@blueprint.route("/tweede-stap", methods=["GET", "POST"])
@public
def second_step() -> Any:
    """Asks for a code of the app, or a recovery code."""
    viewer = half_signed_in()
    if viewer is None:
        if current_viewer() is not None:
            return redirect(url_for("account.home"))
        raise NotSignedIn
    target = local_address(request.args.get("next"))
    account_id = _number(viewer)
    if not second_factor.has_second_factor(current_session(), account_id):
        return redirect(url_for("account.set_up_second_step", next=target))
    form = CodeForm()
    status = 200
    if form.validate_on_submit():
        wait = seconds_to_wait(SECOND_FACTOR, str(account_id))
        if not wait and second_factor.check_second_factor(
            current_session(), account_id, form.code.data or "", now=now()
        ):
            forget_failures(SECOND_FACTOR, str(account_id))
            _begin_whole_session(viewer)
            return redirect(target or url_for("account.home"))
        status = 429 if wait else 400
        with even_answer():
            count_failure(SECOND_FACTOR, str(account_id))
        log.info("second_factor_failed", account=account_id)
        form.code.errors = [_refusal(wait)]
    elif form.errors:
        status = 400
    return render_template("account/second_step.html", form=form), status


def _refusal(wait: int) -> str:
    if wait:
        return _("Er waren te veel verkeerde codes. Wacht een kwartier en probeer het opnieuw.")
    return _("Deze code klopt niet of is al gebruikt. Wacht op de volgende en vul die in.")


@blueprint.route("/tweede-stap/instellen", methods=["GET", "POST"])
@public
def set_up_second_step() -> Any:
    """Shows what to scan, and the recovery codes once a code shows that the app works."""
    viewer = half_signed_in() or current_viewer()
    if viewer is None or browser_session() is None:
        raise NotSignedIn
    account_id = _number(viewer)
    session = current_session()
    target = local_address(request.args.get("next"))
    if second_factor.has_second_factor(session, account_id):
        return redirect(url_for("account.second_step", next=target))
    begin, form = BeginForm(prefix="begin"), CodeForm()
    enrolment = second_factor.find_enrolment(session, account_id)
    status = 200
    if enrolment is None or begin.new.data:
        if begin.validate_on_submit():
            second_factor.begin_enrolment(session, account_id, now=now())
            return redirect(url_for("account.set_up_second_step", next=target))
    elif form.validate_on_submit():
        codes = second_factor.confirm_enrolment(
            session, account_id, form.code.data or "", now=now()
        )
        if codes is not None:
            _begin_whole_session(viewer)
            return render_template(
                "account/recovery_codes.html", codes=codes, target=target or url_for("account.home")
            )
        form.code.errors = [_refusal(0)]
        status = 400
    elif form.errors:
        status = 400
    page = render_template(
        "account/set_up_second_step.html",
        begin=begin,
        form=form,
        enrolment=enrolment,
        picture=None if enrolment is None else _picture(enrolment.uri),
        is_required=half_signed_in() is not None,
    )
    return page, status


def _picture(uri: str) -> Markup:
    code = segno.make(uri, error="m", micro=False)
    drawn = code.svg_inline(scale=6, border=2, light="#fff", omitsize=True, title=_("QR-code"))
    # Drawn from our own address; segno escapes what it writes.
    return Markup(drawn)  # noqa: S704  # nosec B704


def _begin_whole_session(viewer: Viewer) -> None:
    """A new session in which the second factor was shown; what was to be told is kept."""
    opened = browser_session()
    if opened is None:
        raise NotSignedIn
    notes: Any = get_flashed_messages(with_categories=True)
    sign_in(viewer, opened.method, second_factor=True)
    log.info("second_factor_shown", account=viewer.account_id)
    for category, message in notes:
        flash(message, category)


def _number(viewer: Viewer) -> int:
    if viewer.account_id is None:
        raise NotSignedIn
    return viewer.account_id
