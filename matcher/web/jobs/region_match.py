"""The result of matching a region, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flask import url_for

from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.jobs import JobRecord
from matcher.services import region_matches
from matcher.web.coach.places_view import title_or_sector

_PLACES_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class PeopleBar:
    """One part of the people, with its share of all for the picture."""

    label: str
    kind: Literal["ok", "near", "track"]
    people: int
    percent: float


def result_of(job: JobRecord, cursor: str | None) -> dict[str, Any]:
    """What the page of a job that is done needs."""
    session, viewer = current_session(), the_viewer()
    page = region_matches.list_places(session, viewer, job.id, cursor=cursor, limit=_PLACES_A_PAGE)
    later = region_matches.later_result(session, viewer, job)
    counts = job.result
    empty = sum(1 for _number, fits, _first in counts["places"] if fits == 0)
    on = date.fromisoformat(counts["on"])
    return {
        "headline": _headline(counts["people"] - counts["without"], counts["people"]),
        "bars": _bars(counts),
        "places": page.items,
        "title_or_sector": title_or_sector,
        "places_words": _places_words(empty, len(counts["places"])),
        "next_url": None
        if page.next_cursor is None
        else url_for("jobs.job", job_id=job.id, vanaf=page.next_cursor, _anchor="plekken"),
        "is_first_page": cursor is None,
        "later_url": None if later is None else url_for("jobs.job", job_id=later),
        "is_of_today": on == today(),
        "on": day(on),
        "people_url": url_for("jobs.people", job_id=job.id),
    }


def _headline(with_place: int, people: int) -> str:
    if not people:
        return _("Er deed niemand mee.")
    return _(
        "Voor %(num)s van de %(people)s mensen past nu een plek.", num=with_place, people=people
    )


def _bars(counts: dict[str, Any]) -> list[PeopleBar]:
    everybody = counts["people"] + counts["left_out"]
    parts: tuple[tuple[str, Literal["ok", "near", "track"], int], ...] = (
        (_("Er past een plek"), "ok", counts["people"] - counts["without"]),
        (_("Nu past geen plek"), "near", counts["without"]),
        (_("Pauze of weg"), "track", counts["left_out"]),
    )
    return [
        PeopleBar(label, kind, people, round(100 * people / everybody, 2) if everybody else 0)
        for label, kind, people in parts
    ]


def _places_words(empty: int, places: int) -> str:
    if not places:
        return _("Er waren geen open plekken.")
    if not empty:
        return _("Voor elke plek past iemand.")
    return ngettext(
        "Bij %(num)s plek past nu niemand. Die staat bovenaan.",
        "Bij %(num)s plekken past nu niemand. Die staan bovenaan.",
        empty,
    )
