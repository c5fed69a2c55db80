"""The agenda of who guides people: making and withdrawing its link, and what programs read."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, make_response, redirect, request, url_for

from matcher.extensions import limiter
from matcher.files.calendars import DayEvent, write_calendar
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import public
from matcher.http.translate import gettext as _
from matcher.services import calendar_feed
from matcher.services.calendar_feed import CONTACT, QUESTION, FeedDay
from matcher.web.follow_up.blueprint import OVERVIEW, blueprint, placing
from matcher.web.follow_up.overview import overview_page
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to


def _limit() -> str:
    limit: str = current_app.config["AGENDA_LIMIT"]
    return limit


@blueprint.post("/nazorg/agenda")
@placing
@belongs_to(OVERVIEW)
def give_agenda() -> Any:
    """Makes a link, shown once, or withdraws the one that works."""
    if not MatcherForm().validate():
        abort(400)
    session, viewer = current_session(), the_viewer()
    if "stop" in request.form:
        calendar_feed.withdraw_link(session, viewer, now=now())
        flash(_("De link werkt niet meer."))
        return redirect(url_for(OVERVIEW, _anchor="agenda"), 303)
    given = calendar_feed.give_link(session, viewer, now=now())
    return overview_page(request.host_url.rstrip("/") + given.address_path)


@blueprint.get("/agenda/<string:secret>.ics")
@public
@limiter.shared_limit(_limit, scope="agenda")
def agenda(secret: str) -> Any:
    """What there is on which day, for a calendar program; kept by nobody on the way."""
    feed = calendar_feed.read_feed(current_session(), secret[:100], now=now())
    if feed is None:
        abort(404)
    url = url_for(OVERVIEW, _external=True)
    events = [DayEvent(day.uid, day.on, _summary(day, feed.language), url) for day in feed.days]
    answer = make_response(write_calendar(events, name="matcher", made_at=now()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


_SUMMARIES = {
    # (kind, one): words in Dutch and English; a program has no language of its own to ask for.
    CONTACT: (("contactmoment", "contactmomenten"), ("contact", "contacts")),
    QUESTION: (
        ("vraag over werk", "vragen over werk"),
        ("question about work", "questions about work"),
    ),
}
_REVIEW = (("keer opnieuw kijken", "keer opnieuw kijken"), ("review", "reviews"))


def _summary(day: FeedDay, language: str) -> str:
    """So many of a kind, and nothing of anybody."""
    dutch, english = _SUMMARIES.get(day.kind, _REVIEW)
    one, more = dutch if language == "nl" else english
    return f"{day.count} {one if day.count == 1 else more}"
