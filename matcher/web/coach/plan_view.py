"""The plan as a time line: one step after another, what each unlocks, and the place at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from matcher.domain.programme import Programme
from matcher.domain.vocabulary import Lane
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.records import VacancyRecord
from matcher.services.folded import is_money_step
from matcher.web.charts import SpanInput, TimeLine, time_line
from matcher.web.coach.places_view import vacancy_title
from matcher.web.coach.result_view import as_day, the_day

Row = Mapping[str, Any]
BUILD_UP = (Lane.PRE_PLACEMENT, Lane.OTHER_ROUTE)


@dataclass(frozen=True, slots=True)
class PlanStepView:
    """One step: what, when, and what it opens."""

    title: str
    starts_on: date
    ends_on: date
    hours: str
    note: str
    seat: str = ""
    """Whether there is a seat; empty for help with money, which has none."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan for the page; help with money stands apart in `money_steps`."""

    title: str
    lead: str
    steps: tuple[PlanStepView, ...]
    money_steps: tuple[PlanStepView, ...]
    line: TimeLine | None
    stepped: tuple[str, ...]
    reasons: tuple[str, ...]
    review_on: date | None
    place_title: str | None
    place_id: int | None


@dataclass(frozen=True, slots=True)
class HelpView:
    """A programme that the advice begins with, and when it can begin."""

    title: str
    note: str
    weeks: float


def helps_of(
    references: Iterable[str], offered: Mapping[str, Programme], on: date
) -> tuple[HelpView, ...]:
    """The programmes of an assess row in words, without those for money alone."""
    found = []
    for reference in references:
        programme = offered.get(reference)
        if programme is None or programme.is_money_support:
            continue
        starts = [start for start in programme.starts_on if start >= on]
        first = _("start %(day)s", day=day(min(starts))) if starts else _("elke maandag")
        parts = [length_words(programme.weeks), first]
        if programme.hours_a_week:
            parts.insert(1, _("%(hours)s uur per week", hours=f"{programme.hours_a_week:g}"))
        title = programme.title or reference
        found.append(HelpView(title, " · ".join(parts), programme.weeks))
    return tuple(found)


def length_words(weeks: float) -> str:
    """How long a programme takes."""
    if weeks <= 1:
        return _("1 week of korter")
    return _("%(weeks)s weken", weeks=f"{weeks:g}")


def plan_view(
    row: Row,
    vacancies: Mapping[str, VacancyRecord],
    on: date,
    lane: str | None = None,
    seat_words: Callable[[Row], str] | None = None,
) -> PlanView:
    """A plan row for the page; `vacancies` are known by reference, `seat_words` says of a step
    whether there is a seat.

    Where the advice is to build up first, a place that would open at once is said to be that: a
    place for who chooses otherwise.
    """
    steps = [step for step in row["steps"] if not is_money_step(step)]
    place = vacancies.get(row["vacancy"]) if row["vacancy"] else None
    place_words = vacancy_title(place) if place else row["vacancy"]
    place_on = as_day(row["place_on"])
    seats = [seat_words(step) if seat_words else "" for step in steps]
    shown = tuple(
        replace(_step(step, vacancies), seat=words)
        for step, words in zip(steps, seats, strict=True)
    )
    spans = [SpanInput(s.title, s.starts_on, s.ends_on, note=s.note or None) for s in shown]
    if place_on is not None and place_words:
        spans.append(SpanInput(place_words, place_on, None, "place", _("de plek begint")))
    return PlanView(
        title=_title(row["weeks"], place_words, bool(steps), lane),
        lead=_lead(place_on, place_words, bool(steps), lane),
        steps=shown,
        money_steps=tuple(_step(s, vacancies) for s in row["steps"] if is_money_step(s)),
        line=time_line(spans, on) if spans else None,
        stepped=tuple(_stepped(part) for part in row.get("stepped_start", ())),
        reasons=tuple(row.get("reasons", ())),
        review_on=as_day(row["review_on"]),
        place_title=place_words,
        place_id=None if place is None else place.id,
    )


def _title(weeks: int | None, place: str | None, has_steps: bool, lane: str | None) -> str:
    if place is None:
        return _("Nog geen plek binnen een jaar")
    if not has_steps and lane in BUILD_UP:
        return _("Toch meteen beginnen?")
    if not has_steps:
        return _("U kunt meteen naar een plek")
    return ngettext("In %(num)s week naar een plek", "In %(num)s weken naar een plek", weeks or 0)


def _lead(place_on: date | None, place: str | None, has_steps: bool, lane: str | None) -> str:
    if place is None or place_on is None:
        return _("We houden contact en kijken steeds of er iets nieuws past.")
    if not has_steps and lane in BUILD_UP:
        return _(
            "Dit werk kan het eerst: %(place)s, vanaf %(day)s. Het is wel een grote stap.",
            place=place,
            day=day(place_on),
        )
    return _("%(place)s, vanaf %(day)s.", place=place, day=day(place_on))


def _step(step: Row, vacancies: Mapping[str, VacancyRecord]) -> PlanStepView:
    hours = step.get("hours_a_week") or 0
    return PlanStepView(
        title=step["title"],
        starts_on=the_day(step["starts_on"]),
        ends_on=the_day(step["ends_on"]),
        hours=_("%(hours)s uur per week", hours=f"{float(hours):g}") if hours else "",
        note=unlock_words(step.get("unlocks", ()), vacancies),
    )


def unlock_words(unlocks: Any, vacancies: Mapping[str, VacancyRecord]) -> str:
    """What a step opens, in places: “opent 6 plekken”."""
    places = sum(vacancies[r].profile.places if r in vacancies else 1 for r in unlocks)
    if not places:
        return ""
    return ngettext("opent %(num)s plek", "opent %(num)s plekken", places)


def _stepped(part: Row) -> str:
    hours = f"{float(part['hours']):g}"
    return _("%(hours)s uur vanaf %(day)s", hours=hours, day=day(the_day(part["from_on"])))
