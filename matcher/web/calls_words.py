"""Requests to be called, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from matcher.http.clock import AMSTERDAM, today
from matcher.http.language import day_with_weekday
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.records import CallRequestRecord
from matcher.services.call_requests import due_at
from matcher.web.codes import label_of
from matcher.web.contractor.forms import MOST_PEOPLE, OTHER_WORK, WHEN

TAKE_OVER = "take_over:"
"""How a request of “Neem dit van mij over” begins; what it is about follows."""


def promise(moment: datetime) -> str:
    """What a firm that asks at `moment` may count on: “Wij bellen u vandaag vóór 17:00.”"""
    return promise_of(due_at(moment))


def promise_of(due: datetime) -> str:
    """The day and hour before which somebody calls, as a sentence."""
    local = due.astimezone(AMSTERDAM)
    hour = f"{local:%H:%M}"
    if local.date() == today():
        return _("Wij bellen u vandaag vóór %(hour)s.", hour=hour)
    if local.date() == today() + timedelta(days=1):
        return _("Wij bellen u morgen vóór %(hour)s.", hour=hour)
    return _(
        "Wij bellen u op %(day)s vóór %(hour)s.", day=day_with_weekday(local.date()), hour=hour
    )


def due_words(due: datetime) -> str:
    """By when a call is due, for whoever makes it."""
    local = due.astimezone(AMSTERDAM)
    hour = f"{local:%H:%M}"
    if local.date() == today():
        return _("vandaag vóór %(hour)s", hour=hour)
    if local.date() == today() + timedelta(days=1):
        return _("morgen vóór %(hour)s", hour=hour)
    return _("%(day)s vóór %(hour)s", day=day_with_weekday(local.date()), hour=hour)


def work_words(record: CallRequestRecord) -> str:
    """What a call is about."""
    if record.work.startswith(TAKE_OVER):
        about = record.work.removeprefix(TAKE_OVER)
        if about:
            return _("Overnemen: %(about)s", about=about)
        return _("Overnemen")
    if record.work == OTHER_WORK:
        return _("Ander werk")
    return label_of("work_types", record.work)


def when_words(record: CallRequestRecord) -> str:
    """From when people are wanted."""
    code = record.wanted_when
    return "" if code is None else str(WHEN.get(code, code)).lower()


def people_words(record: CallRequestRecord) -> str:
    """How many people are wanted; the form's last tile stands for three and more."""
    if record.people is None:
        return ""
    if record.people >= MOST_PEOPLE:
        return _("3 of meer mensen")
    return ngettext("%(num)s mens", "%(num)s mensen", record.people)
