"""“Bel mij” and “Neem dit van mij over”: both become a request to be called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import InvalidInput
from matcher.extensions import limiter
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import current_viewer, the_viewer, viewer_or_nobody
from matcher.http.permissions import public, requires
from matcher.services.call_requests import file_call_request, list_call_requests
from matcher.web.calls_words import TAKE_OVER, promise, promise_of
from matcher.web.contractor.blueprint import blueprint
from matcher.web.contractor.forms import CallMeForm, TakeOverForm


def _call_me_limit() -> str:
    limit: str = current_app.config["CALL_ME_LIMIT"]
    return limit


@blueprint.route("/bel-mij", methods=["GET", "POST"])
@public
@limiter.limit(
    _call_me_limit, methods=["POST"], deduct_when=lambda answer: answer.status_code < 400
)
@once_only
def call_me() -> Any:
    """Five questions; open to everybody, and to a contractor with name and number filled in."""
    form = CallMeForm(data=_known_caller())
    if form.validate_on_submit():
        asked = {
            "work": form.work.data,
            "people": int(form.people.data),
            "wanted_when": form.wanted_when.data,
        }
        if _file(form, viewer_or_nobody(), **asked):
            return redirect(url_for("contractor.called"), 303)
    status = 400 if form.errors else 200
    return render_template("contractor/call_me.html", form=form, promise=promise(now())), status


@blueprint.get("/bel-mij/gelukt")
@public
def called() -> Any:
    """The promise that was made: the day and the hour before which somebody calls."""
    if "promised" not in session:
        return redirect(url_for("contractor.call_me"))
    due_at = datetime.fromisoformat(session["promised"])
    return render_template("contractor/called.html", promise=promise_of(due_at))


@blueprint.route("/neem-over", methods=["GET", "POST"])
@requires(Right.CONTRACTOR)
@once_only
def take_over() -> Any:
    """Hands the present matter to the service point, which calls and completes it together."""
    about = request.args.get("over", "")[:80]
    form = TakeOverForm(data={**_known_caller(), "about": about})
    if form.validate_on_submit():
        about = f"{TAKE_OVER}{form.about.data or ''}"
        if _file(form, the_viewer(), work=about, people=None, wanted_when=None):
            return redirect(url_for("contractor.called"), 303)
    status = 400 if form.errors else 200
    return render_template("contractor/take_over.html", form=form, promise=promise(now())), status


def _file(form: CallMeForm | TakeOverForm, viewer: Viewer, **asked: Any) -> bool:
    """Files the request and remembers what was promised; problems go to their fields."""
    try:
        record = file_call_request(
            current_session(),
            viewer,
            region=viewer.region or current_app.config["REGION"],
            name=form.name.data or "",
            phone=form.phone.data or "",
            **asked,
            now=now(),
        )
    except InvalidInput as error:
        form.add_problems(error.problems)
        return False
    session["promised"] = record.due_at.isoformat()
    return True


def _known_caller() -> dict[str, str]:
    """Name and number of this firm's last request, so that a second one needs no typing."""
    viewer = current_viewer()
    if viewer is None or not viewer.has(Right.CONTRACTOR):
        return {}
    for record in list_call_requests(current_session(), viewer, limit=1).items:
        return {"name": record.name, "phone": record.phone}
    return {}
