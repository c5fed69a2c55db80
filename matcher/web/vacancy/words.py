"""A vacancy in words: its facts for a page, and single fields for comparing two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from matcher.domain.vocabulary import DEMANDS, LOADS, NEED_LEVELS
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import VacancyStatus
from matcher.web.codes import label_of, labels_of

STATUS_MEANING = {
    VacancyStatus.DRAFT: "ask",
    VacancyStatus.OPEN: "ok",
    VacancyStatus.FILLED: "plain",
    VacancyStatus.WITHDRAWN: "plain",
}
"""Which of the four meanings a status is shown with; plain is no judgement."""


def status_words(status: VacancyStatus) -> str:
    """The status as people say it."""
    return {
        VacancyStatus.DRAFT: _("nog niet open"),
        VacancyStatus.OPEN: _("open"),
        VacancyStatus.FILLED: _("vervuld"),
        VacancyStatus.WITHDRAWN: _("teruggetrokken"),
    }[status]


def title_of(values: Mapping[str, Any]) -> str:
    """What the work is called; its sector when nobody named it."""
    return values.get("title") or label_of("sectors", values.get("sector"))


def hours_words(values: Mapping[str, Any]) -> str:
    """“32–36 uur”; empty when unknown."""
    low, high = values.get("hours_min"), values.get("hours_max")
    if high is None:
        return "" if low is None else _("vanaf %(hours)s uur", hours=number(low))
    if low is None or low == high:
        return _("%(hours)s uur", hours=number(high))
    return _("%(low)s–%(high)s uur", low=number(low), high=number(high))


def places_words(values: Mapping[str, Any]) -> str:
    """“2 plekken”."""
    count = values.get("places") or 0
    return ngettext("%(num)s plek", "%(num)s plekken", count)


def start_words(values: Mapping[str, Any]) -> str:
    """“start 4 januari”; empty when unknown."""
    start = values.get("start_on")
    return "" if start is None else _("start %(day)s", day=day(start))


def one_line(values: Mapping[str, Any]) -> str:
    """Hours, start and places on one line."""
    parts = (hours_words(values), start_words(values), places_words(values))
    return " · ".join(part for part in parts if part)


def number(value: float) -> str:
    """A number with a decimal comma, without one when it is whole."""
    return f"{value:g}".replace(".", ",")


def demand_words(values: Mapping[str, Any], demand: int) -> str:
    """The loads that the work has this much of, with commas between them."""
    return ", ".join(
        label_of("loads", load).lower() for load in LOADS if values.get(load) == demand
    )


def facts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(what, value) of everything known that the viewer may see, in the order of the form."""
    shown = [
        (_("Plekken"), "places"),
        (_("Uren"), "hours_max"),
        (_("Diensten"), "shifts"),
        (_("De dag begint om"), "day_starts_at"),
        (_("Postcode waar de dag begint"), "site_pc4"),
        (_("Te bereiken met"), "reachable_by"),
        (_("Startdatum"), "start_on"),
        (_("Mag later beginnen"), "flex_weeks"),
    ]
    for label, name in shown:
        text = value_words(name, values.get(name), values)
        if text:
            yield label, text
    for label, demand in ((_("Veel"), 2), (_("Soms"), 1)):
        text = demand_words(values, demand)
        if text:
            yield _("Wat het werk vraagt: %(much)s", much=label.lower()), text
    shown = [
        (_("Kunt u aanpassen"), "adaptable"),
        *((label_of("levels", name), name) for name in NEED_LEVELS),
        (_("Rijbewijs op dag één"), "licences"),
        (_("Papieren op dag één"), "credentials"),
        (_("Haalt iemand bij u"), "credentials_taught"),
        (_("Begeleiding per week"), "guidance_hours"),
        (_("Buddy’s"), "buddies"),
        (_("Contract"), "contract_type"),
        (_("In dienst bij"), "employer_of_record"),
        (_("Duur"), "contract_months"),
        (_("Bruto uurloon"), "wage_hour_cents"),
    ]
    for label, name in shown:
        text = value_words(name, values.get(name), values)
        if text:
            yield label, text


_LISTS = {
    "shifts": "shifts",
    "reachable_by": "travel_modes",
    "licences": "licences",
    "credentials": "credentials",
    "credentials_taught": "credentials",
    "adaptable": "loads",
}
_CODES = {"sector": "sectors", "contract_type": "contract_types"}


def value_words(name: str, value: Any, values: Mapping[str, Any] | None = None) -> str:
    """One field of a vacancy in words; empty for unknown, none and nothing."""
    if value in (None, "", (), [], frozenset()):
        return ""
    if name == "hours_max" and values is not None:
        return hours_words(values)
    if name in _LISTS:
        return labels_of(_LISTS[name], value)
    if name in _CODES:
        return label_of(_CODES[name], value)
    if name in NEED_LEVELS:
        return label_of(f"levels.{name}", str(value))
    if name in LOADS:
        return label_of("demands", DEMANDS[int(value)])
    if name == "flex_weeks":
        weeks = int(value)
        return ngettext("%(num)s week", "%(num)s weken", weeks) if weeks else ""
    if name == "wage_hour_cents":
        return f"€ {int(value) // 100},{int(value) % 100:02d}"
    if name == "guidance_hours":
        return _("%(hours)s uur", hours=number(float(value)))
    if name == "contract_months":
        return _("%(n)s maanden", n=number(float(value)))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return number(value)
    return str(value)
