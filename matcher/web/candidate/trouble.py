"""What a candidate sees when something goes wrong: neutral, and never a page for staff."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from matcher.domain.access import Right
from matcher.http.errors import Answer
from matcher.http.identity import NotSignedIn, current_viewer
from matcher.web.candidate.blueprint import blueprint


def is_own_page() -> bool:
    """Whether something went wrong for a candidate, or for who was one until just now."""
    viewer = current_viewer()
    if viewer is None:
        return request.blueprint == blueprint.name
    return viewer.has(Right.CANDIDATE)


def own_error(answer: Answer, error: Exception) -> Any:
    """The page for an error: the way back in when the session ended, else what to do."""
    if isinstance(error, NotSignedIn) or current_viewer() is None:
        return render_template("candidate/closed.html"), answer.status
    page = render_template("candidate/error.html", answer=answer, request_id=g.get("request_id"))
    return page, answer.status
