"""Open places as the tab “Aanvragen” shows them: who fits, what helps, and who calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from matcher.domain.inflow import Stand
from matcher.http.clock import today
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import CallOutcome
from matcher.reference.place_calls import load_place_call_terms
from matcher.services.calendar import day_of
from matcher.services.inflow import CENTRE
from matcher.services.place_calls import PlacesToCall, PlaceToCall
from matcher.services.visibility import Kind, show
from matcher.web.calls_words import due_words
from matcher.web.coach.places_view import title_or_sector
from matcher.web.inflow.words import shut_words
from matcher.web.weekly.words import fill_words


@dataclass(frozen=True, slots=True)
class Number:
    """How many people; `url` opens them, for those who may see who they are."""

    label: str
    people: int
    url: str | None


def place_outcome_words() -> dict[CallOutcome, str]:
    """What a call about a place can lead to, as the buttons and the log say it."""
    return {
        CallOutcome.VACANCY_FILED: _("Plek besproken"),
        CallOutcome.CALL_AGAIN: _("Bel later terug"),
        CallOutcome.NO_ANSWER: _("Nam niet op"),
        CallOutcome.NO_NEED: _("Niet meer nodig"),
    }


def places_shown(found: PlacesToCall) -> list[dict[str, Any]]:
    """The places of one page, in the words of the tab."""
    return [_shown(line, found) for line in found.page.items]


def _shown(line: PlaceToCall, found: PlacesToCall) -> dict[str, Any]:
    place = line.place
    free = ngettext("%(num)s plek", "%(num)s plekken", place.places)
    return {
        "id": place.id,
        "title": title_or_sector(place.title, place.sector),
        "about": " · ".join((place.contractor, place.reference, free, _open_for(line.days_open))),
        "numbers": _numbers(line, found),
        "also": 0 if line.fits is None else max(0, (line.all_fit or 0) - line.fits[0]),
        "hints": _hints(line),
        "promised": None if line.call_by is None else due_words(line.call_by),
        "is_late": line.is_late,
        "is_taken": line.is_taken,
        "call": _call(line),
    }


def _open_for(days: int | None) -> str:
    if days is None:
        return _("onbekend hoe lang open")
    if days == 0:
        return _("vandaag geopend")
    return ngettext("%(num)s dag open", "%(num)s dagen open", days)


def _numbers(line: PlaceToCall, found: PlacesToCall) -> list[Number]:
    if line.fits is None:
        return []
    labels = [_("Passen nu"), *(_("Over %(weeks)s weken", weeks=week) for week in found.ahead)]
    urls = [
        url_for("inflow.people", staat=[Stand.READY], plek=line.place.id),
        *(
            url_for(
                "inflow.people", staat=[Stand.READY, Stand.COMING], week=week, plek=line.place.id
            )
            for week in found.ahead
        ),
    ]
    opens = the_viewer().has(*CENTRE)
    return [
        Number(label, people, url if opens and people else None)
        for label, people, url in zip(labels, line.fits, urls, strict=True)
    ]


def _hints(line: PlaceToCall) -> list[str]:
    """What would make the place easier to fill, what helps most people first."""
    most = load_place_call_terms(today()).hints
    hints = fill_words(line.would_fill, most)
    if not hints and line.shut is not None:
        code, people = line.shut
        hints.append(
            ngettext(
                "%(num)s mens past hier niet door %(what)s.",
                "%(num)s mensen passen hier niet door %(what)s.",
                people,
                what=shut_words(code),
            )
        )
    if line.near:
        hints.append(
            ngettext(
                "%(num)s mens is één stap van deze plek.",
                "%(num)s mensen zijn één stap van deze plek.",
                line.near,
            )
        )
    return hints[:most]


def _call(line: PlaceToCall) -> dict[str, Any] | None:
    if line.call is None:
        return None
    seen = show(Kind.CALL_REQUEST, line.call.as_mapping(), the_viewer().rights)
    handled = seen.get("handled_at")
    return {
        **seen,
        "who": line.caller or _("iemand die hier niet meer werkt"),
        "is_mine": seen.get("handled_by") == the_viewer().account_id,
        "due_words": due_words(seen["due_at"]),
        "outcome_words": place_outcome_words().get(seen["outcome"], ""),
        "handled_words": "" if handled is None else day(day_of(handled)),
    }
