"""The blueprint of the candidate's own pages, and whether the fold about money and home is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response

from matcher.domain.access import Right
from matcher.http.clock import now
from matcher.http.identity import browser_session, session_terms, viewer_or_nobody
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.services.calendar import day_of

blueprint = Blueprint("candidate", __name__, url_prefix="/mijn")

own = requires(Right.CANDIDATE)
"""Pages for the candidate alone; the services narrow them to the own file."""


@blueprint.after_request
def keep_out_of_indexes(response: Response) -> Response:
    """No search engine, archive or preview takes these pages; links on them say nothing of it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.app_template_filter("day_of_moment")
def day_of_moment(moment: datetime) -> str:
    """The day of a moment as people say it."""
    return day(day_of(moment))


def session_ends_seconds() -> int:
    """Seconds without a request after which nothing may be left on the screen."""
    return int(session_terms().idle_of(viewer_or_nobody().rights).total_seconds())


@blueprint.app_context_processor
def _session_end() -> dict[str, Callable[[], int]]:
    return {"session_ends_seconds": session_ends_seconds}


def fold_open_until() -> datetime | None:
    """Until when the answers about money and home are unfolded; None while they are folded."""
    opened = browser_session()
    until = None if opened is None else opened.money_open_until
    return until if until is not None and until > now() else None


def is_fold_open() -> bool:
    """Whether money and home may be shown in this session at this moment."""
    return fold_open_until() is not None
