"""The page of a provider: who came today, without an account, by the link of the group.

The secret leaves the address bar at once and stays in the visitor's session. First names and
nothing else; the page says what it is for, and what not.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for

from matcher.domain.attendance import Mark
from matcher.domain.errors import InvalidInput, NotFound
from matcher.extensions import limiter
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.permissions import public
from matcher.http.translate import gettext as _
from matcher.services import attendance
from matcher.services.attendance import Line
from matcher.web.account.own_door import without_referrer
from matcher.web.forms import MatcherForm
from matcher.web.programmes.blueprint import blueprint
from matcher.web.programmes.group import asked_day
from matcher.web.seat_words import mark_words

_SECRET = "attendance_secret"  # noqa: S105  the name of a place in the session, not a secret


def _limit() -> str:
    limit: str = current_app.config["ATTENDANCE_LIMIT"]
    return limit


@blueprint.get("/aanwezig/<string:secret>")
@public
@limiter.shared_limit(_limit, scope="attendance")
def open_attendance(secret: str) -> Any:
    """Keeps the secret and goes on without it in the address."""
    session[_SECRET] = secret[:100]
    return without_referrer(redirect(url_for("programmes.attendance_by_link")))


@blueprint.route("/aanwezig", methods=["GET", "POST"])
@public
@limiter.shared_limit(_limit, scope="attendance")
def attendance_by_link() -> Any:
    """First names of a group with three tiles each; marking again changes the mark."""
    db, secret = current_session(), session.get(_SECRET, "")
    shown = attendance.group_day(db, secret, None, now=now())
    if shown is None:
        return without_referrer(render_template("programmes/no_link.html"), 404)
    on = asked_day(shown.days) if shown.days else shown.on
    if on != shown.on:
        shown = attendance.group_day(db, secret, on, now=now()) or shown
    form = MatcherForm()
    if form.validate_on_submit():
        marks = {
            line.seat_id: mark
            for line in shown.lines
            if (mark := request.form.get(f"mark-{line.seat_id}", "")) in set(Mark)
        }
        try:
            attendance.mark_by_link(db, secret, on, marks, now=now())
        except (InvalidInput, NotFound):
            flash(_("De groep is veranderd. Kijk nog eens en sla opnieuw op."), "near")
        else:
            flash(_("Opgeslagen. Dank u wel."))
        return without_referrer(
            redirect(url_for("programmes.attendance_by_link", dag=on.isoformat()), 303)
        )
    page = render_template(
        "programmes/by_link.html",
        group=shown,
        lines=[(line.seat_id, _called(line), line.mark) for line in shown.lines],
        mark_words=mark_words(),
        form=form,
    )
    return without_referrer(page)


def _called(line: Line) -> str:
    """The first name, with a number for who shares it."""
    if line.name is None:
        return _("Deelnemer %(number)s", number=line.number)
    return line.name if line.number is None else f"{line.name} {line.number}"
