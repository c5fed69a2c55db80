"""The language of an answer: Dutch unless the visitor chose English."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import has_request_context, request, session
from flask_babel import format_date, get_locale

from matcher.http.clock import today
from matcher.http.identity import current_viewer

LANGUAGES = ("nl", "en")
LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}
"""Each in its own words."""


def select_language() -> str:
    """The language chosen on the page, else the account's, else the browser's, else Dutch.

    Bearers of a token choose with ``Accept-Language`` alone: they hold no session.
    """
    if not has_request_context():
        return "nl"
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return cast(str, chosen)
    asked = request.accept_languages.best_match(LANGUAGES)
    viewer = current_viewer()
    if viewer is not None and viewer.language in LANGUAGES and not _is_api():
        return viewer.language
    return asked or "nl"


def _is_api() -> bool:
    return request.path.startswith("/api/")


def current_language() -> str:
    """``nl`` or ``en``."""
    locale = get_locale()
    return "nl" if locale is None else locale.language


def day(value: date) -> str:
    """A day as people say it: “4 januari”, with the year when it is not this one."""
    return str(format_date(value, "d MMMM" if value.year == today().year else "d MMMM y"))


def day_with_weekday(value: date) -> str:
    """“maandag 4 januari”, with the year when it is not this one."""
    is_this_year = value.year == today().year
    return str(format_date(value, "EEEE d MMMM" if is_this_year else "EEEE d MMMM y"))
