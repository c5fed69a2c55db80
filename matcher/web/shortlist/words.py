"""A list of who fits, in words: what a line tells, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import format_date

from matcher.http.clock import AMSTERDAM
from matcher.http.language import day_with_weekday
from matcher.http.translate import gettext as _
from matcher.services.shortlists import ShortlistRecord
from matcher.services.visibility import Kind, show
from matcher.web.codes import label_of

_MONTHS = {"Q": 3, "H": 6}


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line of the list; a gap in it tells nothing and is left out."""

    name: str
    hours: str
    start: str
    papers: str


def lines_in_words(record: ShortlistRecord, rights: Any) -> list[LineWords]:
    """The lines in their order, with what the viewer may see of them."""
    shown = [show(Kind.SHORTLIST_LINE, line.as_mapping(), rights) for line in record.lines]
    return [
        LineWords(
            name=line["pseudonym"],
            hours=_hours(line["hours_band"]),
            start=_start(line["start_period"]),
            papers=", ".join(_paper(code) for code in line["credentials_asked"]),
        )
        for line in shown
    ]


def _hours(band: tuple[int, int] | None) -> str:
    if band is None:
        return ""
    low, high = band
    return _("%(low)s tot en met %(high)s uur per week", low=low, high=high)


def _start(period: str | None) -> str:
    """In one month, or from the first to the last month of a quarter or half-year."""
    if period is None:
        return ""
    year, part = period.split("-")
    if part.isdecimal():
        return _("kan beginnen in %(month)s", month=_month(date(int(year), int(part), 1)))
    months = _MONTHS[part[0]]
    last = months * int(part[1])
    return _(
        "kan beginnen van %(first)s tot en met %(last)s",
        first=format_date(date(int(year), last - months + 1, 1), "MMMM"),
        last=_month(date(int(year), last, 1)),
    )


def _month(first: date) -> str:
    return str(format_date(first, "MMMM y"))


def _paper(code: str) -> str:
    label = label_of("credentials", code)
    return _("rijbewijs %(code)s", code=code) if label == code else label


def moment_words(moment: datetime) -> str:
    """A day and an hour, such as “dinsdag 2 maart na 9:30”."""
    local = moment.astimezone(AMSTERDAM)
    return _("%(day)s na %(hour)s", day=day_with_weekday(local.date()), hour=f"{local:%H:%M}")
