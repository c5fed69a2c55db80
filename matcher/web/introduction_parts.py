"""Introductions beside a person and beside a place, on the pages of the coach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.services import introduction_lists as lists
from matcher.services import introductions
from matcher.web.forms import MatcherForm
from matcher.web.introduction_words import (
    MEANING,
    places_words,
    status_words,
    title_of,
    until_words,
    why_not_words,
)


@dataclass(frozen=True, slots=True)
class Proposing:
    """Whether somebody can be proposed for a place: the address of the page, or why not."""

    url: str | None
    why_not: str


def proposing_of(candidate_id: int, vacancy_id: int) -> Proposing:
    """For the page of a place: the way to propose somebody for it, or what stands in the way."""
    why = introductions.why_not_invite(
        current_session(), the_viewer(), candidate_id, vacancy_id, now=now()
    )
    if why is not None:
        return Proposing(None, why_not_words(why))
    url = url_for("introductions.propose", candidate_id=candidate_id, vacancy_id=vacancy_id)
    return Proposing(url, "")


def rows_of(candidate_id: int) -> dict[str, Any]:
    """For the page of a person: their introductions, newest first, with the words for them."""
    lines = lists.for_staff(current_session(), the_viewer(), candidate_id, now=now())
    return {"introductions": lines, **row_words()}


def row_words() -> dict[str, Any]:
    """What templates say about lines of introductions, and whether the viewer may end one."""
    return {
        "meaning": MEANING,
        "status_words": status_words,
        "until_words": until_words,
        "places_words": places_words,
        "title_of": title_of,
        "may_end": the_viewer().has(*introductions.ENDERS),
        "row_form": MatcherForm(formdata=None),
    }
