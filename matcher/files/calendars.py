"""A calendar as programs read it: iCalendar, RFC 5545, whole days without a person in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_LINE_OCTETS = 75
"""A longer line goes on behind a space (RFC 5545, section 3.1)."""
_ESCAPED = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something on one day; `uid` is the same each time it is read."""

    uid: str
    on: date
    summary: str
    url: str


def write_calendar(events: Iterable[DayEvent], *, name: str, made_at: datetime) -> str:
    """The calendar as text with the line ends of the standard; `made_at` in UTC."""
    stamp = made_at.strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//matcher//nazorg//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(event.summary)}",
            f"URL:{event.url}",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(value: str) -> str:
    for plain, escaped in _ESCAPED:
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> str:
    """Lines of at most 75 octets, cut between characters and never within one."""
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LINE_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += octets
    return "\r\n".join([*parts, part])
