"""The form itself, and the page that says that a report came in."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_limiter.util import get_remote_address

from matcher.domain.errors import InvalidInput, NotFound
from matcher.extensions import limiter
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.language import current_language
from matcher.http.permissions import unnamed
from matcher.reference.codes import load_codes
from matcher.reference.displacement import load_displacement_terms
from matcher.services.displacement_reports import days_kept, file_report
from matcher.web.codes import label_of
from matcher.web.reporting.blueprint import blueprint
from matcher.web.reporting.form import ReportForm


def _limit() -> str:
    limit: str = current_app.config["REPORT_LIMIT"]
    return limit


def _counted_as() -> str:
    """What reports of one address are counted by: nobody can tell the address from it."""
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"report {get_remote_address()}".encode(), hashlib.sha256).hexdigest()


@blueprint.route("/melden", methods=["GET", "POST"])
@unnamed
@limiter.limit(
    _limit,
    key_func=_counted_as,
    methods=["POST"],
    deduct_when=lambda answer: answer.status_code < 400,
)
@once_only
def report() -> Any:
    """Five questions; whatever is sent, the answer tells nothing about firms or places."""
    form = ReportForm()
    if form.validate_on_submit() and (form.is_of_a_program or _is_filed(form)):
        return redirect(url_for("reporting.received"), 303)
    page = render_template(
        "reporting/report.html",
        form=form,
        region=label_of("regions", _region()),
        terms=load_displacement_terms(today()),
        kept_days=days_kept(today()),
    )
    return page, 400 if form.errors else 200


@blueprint.get("/melden/gelukt")
@unnamed
def received() -> Any:
    """The same page for everybody: who looks at a report, by when, and what is kept."""
    return render_template(
        "reporting/received.html",
        terms=load_displacement_terms(today()),
        kept_days=days_kept(today()),
    )


def _region() -> str:
    """The region that is asked for, else that of this installation."""
    asked = request.args.get("regio")
    if asked is not None and asked not in load_codes().list("regions"):
        raise NotFound("region")
    return asked or str(current_app.config["REGION"])


def _is_filed(form: ReportForm) -> bool:
    try:
        file_report(
            current_session(),
            region=_region(),
            work=form.work.data,
            place=form.place.data,
            signs=form.signs.data,
            happened=form.happened.data,
            reach=form.reach.data,
            language=current_language(),
            now=now(),
        )
    except InvalidInput as error:
        form.add_problems(error.problems)
        return False
    return True
