"""The pages bound to an application: their areas, the error page, and what every template knows."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, redirect, render_template, request, url_for

from matcher.domain.access import Right
from matcher.http.errors import Answer, init_errors
from matcher.http.identity import (
    NotSignedIn,
    current_viewer,
    half_signed_in,
    session_terms,
    viewer_or_nobody,
)
from matcher.http.language import (
    LANGUAGE_NAMES,
    LANGUAGES,
    current_language,
    day,
    day_with_weekday,
)
from matcher.http.single_sign_on import has_single_sign_on
from matcher.web import (
    account,
    admin,
    agreeing,
    artefacts,
    candidate,
    coach,
    contractor,
    follow_up,
    imports,
    inflow,
    introductions,
    jobs,
    oversight,
    programmes,
    reporting,
    rules,
    shortlist,
    social_return,
    talent,
    talent_centre,
    team,
    weekly,
)
from matcher.web.codes import label_of
from matcher.web.forms import is_group
from matcher.web.navigation import navigation, right_names
from matcher.web.translations import ensure_catalogues

# The page warns this long before an idle session ends, but not before three quarters of it.
_WARN_BEFORE = timedelta(minutes=5)


def init_app(app: Flask) -> None:
    """Registers every area of pages and what their templates use."""
    ensure_catalogues()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=day, day_with_weekday=day_with_weekday, groups=groups)
    app.jinja_env.globals.update(
        current_language=current_language,
        current_viewer=current_viewer,
        half_signed_in=half_signed_in,
        has_single_sign_on=has_single_sign_on,
        here=here,
        is_group=is_group,
        navigation=navigation,
        other_languages=other_languages,
        own_account_url=own_account_url,
        own_address=own_address,
        session_warning_seconds=session_warning_seconds,
        static_url=static_url,
        viewer_words=viewer_words,
    )
    for area in (
        account,
        admin,
        agreeing,
        artefacts,
        candidate,
        coach,
        contractor,
        follow_up,
        imports,
        inflow,
        introductions,
        jobs,
        oversight,
        programmes,
        rules,
        shortlist,
        reporting,
        social_return,
        talent,
        talent_centre,
        team,
        weekly,
    ):
        app.register_blueprint(area.blueprint)
    init_errors(app, error_page)


def error_page(answer: Answer, error: Exception) -> Any:
    """One calm page for every error; a visitor who must sign in is taken there and back."""
    if candidate.is_own_page():
        return candidate.own_error(answer, error)
    if isinstance(error, NotSignedIn) and request.method == "GET":
        step = "account.enter" if half_signed_in() is None else "account.second_step"
        return redirect(url_for(step, next=here()))
    page = render_template("error.html", answer=answer, request_id=g.get("request_id"))
    return page, answer.status


def here() -> str:
    """The address of this page within the site, for coming back to it."""
    if request.method != "GET" or request.endpoint is None:
        return url_for("account.home")
    return request.full_path.rstrip("?")


def own_address() -> str:
    """Where a form of this page is sent: the same address again, also after a mistake in it."""
    return request.full_path.rstrip("?")


def other_languages() -> list[tuple[str, str]]:
    """(code, name in that language) of the languages that the visitor is not reading."""
    current = current_language()
    return [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES if code != current]


def session_warning_seconds() -> int:
    """Seconds without a request after which the page warns that the session will end."""
    lifetime = session_terms().idle_of(viewer_or_nobody().rights)
    return max(1, int((lifetime - min(_WARN_BEFORE, lifetime / 4)).total_seconds()))


def own_account_url() -> str | None:
    """Where the viewer changes the own account; None for candidates, who have their own pages."""
    viewer = current_viewer()
    if viewer is None or viewer.has(Right.CANDIDATE):
        return None
    return url_for("account.own_account")


def viewer_words() -> str:
    """Who is signed in, in words for the head of the page: “demo · jobcoach, talentcentrum”."""
    viewer = current_viewer()
    if viewer is None:
        return ""
    names = right_names()
    words = ", ".join(names[right] for right in Right if right in viewer.rights)
    return f"{label_of('regions', viewer.region)} · {words}" if viewer.region else words


def groups(text: str) -> str:
    """`text` in groups of four, for somebody who types it over."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def static_url(filename: str) -> str:
    """The address of a static file with a hash of its content, so that it may be kept long."""
    return url_for("static", filename=filename, v=_content_hash(filename))


@cache
def _content_hash(filename: str) -> str:
    content = (Path(__file__).parent / "static" / filename).read_bytes()
    return hashlib.sha256(content).hexdigest()[:10]
