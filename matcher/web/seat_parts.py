"""The seats of a person on the pages about them, with the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.domain.access import Right
from matcher.domain.programme import Programme
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.models.states import SeatState
from matcher.reference.codes import load_codes
from matcher.repositories.records import CandidateRecord
from matcher.repositories.seats import SeatRecord
from matcher.services import attendance, cohorts, seat_releases, seats
from matcher.services.attendance import Suggestion
from matcher.services.seat_releases import BOOKERS
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.seat_words import (
    MEANING,
    count_words,
    euros,
    free_words,
    mark_words,
    state_words,
    suggestion_words,
    title_of,
    when_words,
)

FreeSeats = Mapping[tuple[str, date | None], int | None]


def member_words() -> dict[str, Any]:
    """What templates say about seats and days."""
    return {
        "seat_meaning": MEANING,
        "seat_state": lambda seat: state_words(seat, today()),
        "seat_when": when_words,
        "seat_title": title_of,
        "mark_words": mark_words(),
        "count_words": count_words,
        "suggestion_words": suggestion_words,
        "seat_endings": [
            (code, label_of("seat_endings", code)) for code in seat_releases.ending_codes()
        ],
        "euros": euros,
    }


def seats_of(candidate_id: int) -> tuple[list[SeatRecord], dict[int, Suggestion]]:
    """The seats of one person in reach, newest first, and what their days suggest."""
    session, viewer = current_session(), the_viewer()
    found = seats.for_candidate(session, viewer, candidate_id)
    return found, attendance.suggest(session, viewer, found, on=today())


def suggested_rhythm(suggestions: dict[int, Suggestion]) -> int | None:
    """The level of rhythm that the days suggest, None when they say too little."""
    known = [one.rhythm for one in suggestions.values() if one.rhythm is not None]
    return known[0] if known else None


def seats_card(record: CandidateRecord) -> dict[str, Any]:
    """For the page of a person: their seats with words, and a level of rhythm to confirm."""
    viewer = the_viewer()
    if not viewer.has(*BOOKERS):
        return {}
    session = current_session()
    found, suggestions = seats_of(record.id)
    suggested = suggested_rhythm(suggestions)
    is_new = suggested is not None and suggested != record.profile.rhythm
    return {
        **member_words(),
        "seats": found,
        "seat_form": MatcherForm(formdata=None, data={"version": record.version}),
        "seat_suggestions": suggestions,
        "in_line": {
            seat.id: seats.place_in_line(session, seat, on=today())
            for seat in found
            if seat.state is SeatState.WAITING
        },
        "new_rhythm": suggested if is_new and viewer.has(Right.COACH, Right.LEAD) else None,
        "new_rhythm_words": _rhythm_words(suggested),
    }


def _rhythm_words(level: int | None) -> str:
    """A level of rhythm as the tiles of the quick start say it: “op de meeste dagen”."""
    tiles = load_codes().list("attendance_tiles").codes.values()
    found = [tile for tile in tiles if tile.attributes["value"] == level]
    return found[0].label(current_language()).lower() if found else ""


def seat_note(step: Mapping[str, Any], programme: Programme | None, free: FreeSeats) -> str:
    """Whether there is a seat for a step of a plan: “3 plekken vrij”, “vol: wachtlijst”."""
    key = (str(step["programme"]), _as_day(step["starts_on"]))
    left = free.get(key, None if programme is None else programme.seats)
    if left is not None and left <= 0:
        return _("vol, er is een wachtlijst")
    return free_words(left)


def free_seats() -> FreeSeats:
    """Free seats by reference of the programme and first day, for groups that were opened."""
    found = cohorts.list_cohorts(current_session(), the_viewer(), on=today())
    return {(group.programme, group.starts_on): group.free for group in found}


def _as_day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
