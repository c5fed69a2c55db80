"""A contractor's places as lines of a list: only what the visibility table shows a contractor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.http.translate import gettext as _
from matcher.models.states import VacancyStatus
from matcher.repositories.records import VacancyRecord
from matcher.services.fits import count_all_fits
from matcher.services.visibility import Kind, show
from matcher.web.vacancy.words import one_line, title_of


@dataclass(frozen=True, slots=True)
class VacancyLine:
    """One place in a list; `band` says how many people fit, never who and never exactly."""

    id: int
    title: str
    about: str
    status: VacancyStatus
    places: int
    band: str | None


def shown_vacancy(
    session: Session, viewer: Viewer, record: VacancyRecord, on: date
) -> dict[str, Any]:
    """The fields of one place that the viewer may see, with the band when it is open."""
    [values] = _shown(session, viewer, [record], on)
    return values


def _shown(
    session: Session, viewer: Viewer, records: Sequence[VacancyRecord], on: date
) -> list[dict[str, Any]]:
    open_now = [record.id for record in records if record.status is VacancyStatus.OPEN]
    fits = count_all_fits(session, viewer, open_now, on=on)
    shown = []
    for record in records:
        values = record.as_mapping()
        if record.id in fits:
            found = fits[record.id]
            values.update(fits_band=found.band, fits_now=found.count)
        shown.append(show(Kind.VACANCY, values, viewer.rights))
    return shown


def lines_of(
    session: Session, viewer: Viewer, records: Iterable[VacancyRecord], on: date
) -> list[VacancyLine]:
    """The places as lines, in the order given."""
    lines = []
    for values in _shown(session, viewer, list(records), on):
        lines.append(
            VacancyLine(
                id=values["id"],
                title=title_of(values),
                about=one_line(values),
                status=values["status"],
                places=values["places"],
                band=values.get("fits_band"),
            )
        )
    return lines


def band_words(band: str | None) -> str:
    """How many people fit now, as a sentence of a contractor's page."""
    words = {
        "under_3": _("Minder dan 3 mensen passen nu."),
        "3_9": _("3 tot 9 mensen passen nu."),
        "10_24": _("10 tot 24 mensen passen nu."),
        "25_up": _("25 of meer mensen passen nu."),
    }
    return words.get(band or "", "")
