"""What if: programmes and changes tried out; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from matcher.domain.candidate import CandidateProfile
from matcher.domain.programme import Programme
from matcher.domain.vocabulary import MODES
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.records import VacancyRecord
from matcher.services import assessments
from matcher.web.charts import SpanInput, TimeLine, time_line
from matcher.web.coach.advice import (
    assessment_of,
    offered_programmes,
    vacancies_by_reference,
)
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.choices import SectorTiles
from matcher.web.coach.fields import OneTileField, TilesField
from matcher.web.coach.money import is_money_programme
from matcher.web.coach.own_choice import asks_first
from matcher.web.coach.people import person_name
from matcher.web.coach.places_view import place_facts, vacancy_title
from matcher.web.coach.plan_view import length_words
from matcher.web.coach.questions import MINUTES_OFFERED
from matcher.web.coach.result_view import the_day, whole
from matcher.web.coach.seen import the_candidate
from matcher.web.coach.subjects import joined
from matcher.web.coach.work_questions import WindowsQuestion
from matcher.web.codes import choices_of, label_of
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to

HOURS_OFFERED = (12, 16, 20, 24, 32, 36, 40)
PLACES_SHOWN = 8
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would follow, in words: the sentence is the heading of the page."""

    sentence: str
    lane_before: str
    lane_after: str
    lane_code: str
    places: int
    opened: tuple[tuple[VacancyRecord, str, str], ...]
    more: int
    closes: int
    clashes: tuple[str, ...]
    line: TimeLine | None
    number_before: str
    number_after: str
    money: tuple[str, ...]


@blueprint.get("/kandidaten/<int:candidate_id>/wat-als")
@coaching
@belongs_to("coach.candidates")
def what_if(candidate_id: int) -> ResponseReturnValue:
    """The panel with its outcome; with ``deel`` the outcome alone, for the script."""
    record = the_candidate(candidate_id)
    assessed = assessment_of(record)
    if asks_first(assessed):
        return redirect(url_for("coach.advice", candidate_id=candidate_id))
    offered = offered_programmes()
    suggested = assessed.result["programmes"]
    form = _form(record.profile, offered, suggested)
    chosen: list[str] = [
        reference
        for name in ("programma", "meer", "geldhulp")
        if name in form
        for reference in form[name].data or ()
    ]
    changes = changes_of(form, record.profile)
    outcome = None
    if (chosen or changes) and form.validate():
        row = assessments.what_if_candidate(
            current_session(),
            the_viewer(),
            candidate_id,
            changes,
            chosen,
            on=today(),
            language=current_language(),
        )
        outcome = _outcome(row, offered, chosen, _change_words(form))
    template = "coach/what_if_outcome.html" if request.args.get("deel") else "coach/what_if.html"
    return render_template(
        template,
        record=record,
        name=person_name(record),
        form=form,
        outcome=outcome,
        paused=record.profile.is_paused(today()),
        notes=_programme_notes(offered),
    )


def _form(
    profile: CandidateProfile, offered: Mapping[str, Programme], suggested: Sequence[str]
) -> MatcherForm:
    """The toggles as asked for in the address; GET, so that it works without scripts.

    What the advice suggests stands on top, the rest of the catalogue behind it.
    """
    work = [p for p in offered.values() if not is_money_programme(p)]
    first = [p for p in work if p.reference in suggested] or work
    rest = [p for p in work if p not in first]
    money = [p for p in offered.values() if is_money_programme(p)]
    held = profile.travel_modes or frozenset()
    modes = [c for c in choices_of("travel_modes") if c.value in MODES and c.value not in held]
    hours = [SelectChoice(str(h), _("%(hours)s uur", hours=h)) for h in HOURS_OFFERED]
    minutes = [SelectChoice(str(m), _("%(minutes)s minuten", minutes=m)) for m in MINUTES_OFFERED]
    wanted = set(SectorTiles().tiles(profile.sectors))
    sectors = [choice for choice in SectorTiles().choices() if choice.value not in wanted]
    fields: dict[str, Any] = {
        "programma": TilesField(_("Met een programma"), _choices(first)),
        "geldhulp": TilesField(_("Hulp bij geld"), _choices(money)),
        "uren": OneTileField(_("Met een ander aantal uren"), hours),
        "reis": OneTileField(_("Met een andere reistijd"), minutes),
        "vervoer": TilesField(_("Met ander vervoer erbij"), modes),
        "tijden": OneTileField(_("Met andere werktijden"), choices_of("window_presets")),
        "werk": TilesField(_("Met ander werk erbij"), sectors),
    }
    if rest:
        fields["meer"] = TilesField(_("Andere programma’s"), _choices(rest))
    made = type("WhatIfForm", (MatcherForm,), fields)
    form: MatcherForm = made(formdata=request.args, meta={"csrf": False})
    return form


def _choices(offered: list[Programme]) -> list[SelectChoice]:
    return [SelectChoice(p.reference, p.title or p.reference) for p in offered]


def _programme_notes(offered: Mapping[str, Programme]) -> dict[str, str]:
    """Under each programme: how long, and when it starts."""
    notes = {}
    for reference, programme in offered.items():
        length = length_words(programme.weeks)
        starts = [start for start in programme.starts_on if start >= today()]
        first = _("start %(day)s", day=day(min(starts))) if starts else _("elke maandag")
        notes[reference] = f"{length}, {first}"
    return notes


def changes_of(form: MatcherForm, profile: CandidateProfile) -> dict[str, Any]:
    """What the toggles change in the profile; only what is really different."""
    found: dict[str, Any] = {}
    if form["uren"].data:
        found["hours_max"] = float(form["uren"].data)
        if profile.hours_min is not None:
            found["hours_min"] = min(profile.hours_min, found["hours_max"])
    if form["reis"].data:
        found["travel_max_minutes"] = int(form["reis"].data)
    if form["vervoer"].data:
        found["travel_modes"] = (profile.travel_modes or frozenset()) | set(form["vervoer"].data)
    if form["tijden"].data in WindowsQuestion.presets():
        found["blocked"] = WindowsQuestion.presets()[form["tijden"].data]
    if form["werk"].data:
        more = SectorTiles().sectors(form["werk"].data)
        found["sectors"] = tuple(dict.fromkeys([*profile.sectors, *more]))
    return {name: value for name, value in found.items() if getattr(profile, name) != value}


def _change_words(form: MatcherForm) -> list[str]:
    words = []
    if form["uren"].data:
        words.append(_("%(hours)s uur per week", hours=form["uren"].data))
    if form["reis"].data:
        words.append(_("%(minutes)s minuten reizen", minutes=form["reis"].data))
    words += [label_of("travel_modes", mode).lower() for mode in form["vervoer"].data or ()]
    if form["tijden"].data:
        words.append(label_of("window_presets", form["tijden"].data).lower())
    words += [SectorTiles().label(tile).lower() for tile in form["werk"].data or ()]
    return words


def _outcome(
    row: Row, offered: Mapping[str, Programme], chosen: list[str], change_words: list[str]
) -> Outcome:
    money = [ref for ref in chosen if is_money_programme(offered[ref])]
    work = [f"‘{offered[ref].title or ref}’" for ref in chosen if ref not in money]
    known = vacancies_by_reference(row["opens"])
    opened = sorted(known.values(), key=lambda v: (-v.profile.places, v.profile.reference))
    steps = [step for step in row["steps"] if step["programme"] not in money]
    spans = [
        SpanInput(step["title"], the_day(step["starts_on"]), the_day(step["ends_on"]))
        for step in steps
    ]
    before, after = row["before"], row["after"]
    return Outcome(
        sentence=_sentence(joined([*work, *change_words], most=4), row),
        lane_before=label_of("lanes", before["lane"]),
        lane_after=label_of("lanes", after["lane"]),
        lane_code=after["lane"],
        places=row["places"],
        opened=tuple((v, vacancy_title(v), place_facts(v)) for v in opened[:PLACES_SHOWN]),
        more=max(0, len(opened) - PLACES_SHOWN),
        closes=len(row["closes"]),
        clashes=tuple(offered[ref].title or ref for ref in row["clashes"]),
        line=time_line(spans, today()) if spans else None,
        number_before=_range(before),
        number_after=_range(after),
        money=tuple(offered[ref].title or ref for ref in money),
    )


def _range(row: Row) -> str:
    return _(
        "%(number)s (tussen %(low)s en %(high)s)",
        number=whole(row["readiness"]),
        low=whole(row["readiness_low"]),
        high=whole(row["readiness_high"]),
    )


def _sentence(what: str, row: Row) -> str:
    """The answer: “Met VCA gaan 14 plekken open in 9 weken.”"""
    count, weeks = row["places"], row["weeks"]
    if not what:
        return _("Hulp bij geld geeft rust. De plekken blijven gelijk.")
    if not count:
        return _("Met %(what)s komt er geen plek bij.", what=what)
    if not row["steps"] or not weeks:
        return ngettext(
            "Met %(what)s gaat er meteen %(num)s plek open.",
            "Met %(what)s gaan er meteen %(num)s plekken open.",
            count,
            what=what,
        )
    time = ngettext("%(num)s week", "%(num)s weken", weeks)
    return ngettext(
        "Met %(what)s gaat %(num)s plek open in %(time)s.",
        "Met %(what)s gaan %(num)s plekken open in %(time)s.",
        count,
        what=what,
        time=time,
    )
