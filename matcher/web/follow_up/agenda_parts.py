"""What the page *Nazorg* says about the agenda."""

from __future__ import annotations

from typing import Any

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.services import calendar_feed
from matcher.web.forms import MatcherForm


def agenda_parts(given_link: str | None) -> dict[str, Any]:
    """Whether a link works now, and the one just made."""
    return {
        "given_link": given_link,
        "has_link": calendar_feed.has_link(current_session(), the_viewer(), now=now()),
        "agenda_form": MatcherForm(formdata=None),
    }
