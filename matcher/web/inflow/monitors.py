"""The monitors: who waits long, who is placed, what is not known or old, where people depart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.access import Viewer
from matcher.domain.inflow import Stand
from matcher.domain.monitors import Age
from matcher.domain.vocabulary import LANE_DIMENSIONS, Lane
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.inflow import load_inflow_terms
from matcher.reference.oversight import load_oversight_terms
from matcher.services import inflow, monitors
from matcher.services.inflow import CENTRE
from matcher.services.monitors import READERS, Departures, Monitors, Part
from matcher.services.rule_versions import rules_on
from matcher.web.coach.choice_form import reason_words
from matcher.web.coach.people import person_in_list
from matcher.web.codes import label_of
from matcher.web.inflow.blueprint import HOME, MONITORS, blueprint, of_the_centre
from matcher.web.jobs.words import moment
from matcher.web.navigation import belongs_to

reading = requires(*READERS)
"""Whoever works in a region's centre or oversees it."""


@dataclass(frozen=True, slots=True)
class Count:
    """One number with what it is of; `number` is None where it is too small for the reader.

    `url` opens the people, for who may see them.
    """

    label: str
    number: int | None
    url: str | None


@dataclass(frozen=True, slots=True)
class PartLine:
    """A quarter of the people by start level."""

    label: str
    people: Count
    placed: Count
    percent: int | None


@dataclass(frozen=True, slots=True)
class DepartureLine:
    """One lane with how often somebody departed; without numbers there is too little to show."""

    lane: str
    figure: Departures
    url: str | None


@blueprint.get("/instroom/bewaken")
@reading
@belongs_to(HOME)
def watch() -> ResponseReturnValue:
    """Each figure with the people behind it, for who may see them."""
    session, viewer, on = current_session(), the_viewer(), today()
    board = inflow.board(session, viewer)
    if board is None:
        return redirect(url_for(HOME)) if viewer.has(*CENTRE) else _none()
    found = monitors.monitors(viewer, board)
    shelf_life = rules_on(session, str(viewer.region), on).shelf_life_weeks
    return render_template(
        "inflow/monitors.html",
        headline=long_words(found),
        counted=moment(board.counted_at),
        long=_count(viewer, _("Wachten lang"), found.long, lang=1),
        weeks=found.long_wait.days // 7,
        waiting=found.waiting,
        parts=part_lines(viewer, found),
        passes_over=found.passes_over,
        start_percent=load_inflow_terms(board.on).start_level_percent,
        rhythm_weeks=shelf_life["rhythm"],
        other_weeks=max(shelf_life.values()),
        centre_rights=CENTRE,
        unknown=unknown_lines(viewer, found),
        rhythm=_age_lines(viewer, found.rhythm, "ritme"),
        levels=_age_lines(viewer, found.levels, "antwoorden"),
        departures=departure_lines(viewer, monitors.departures(session, viewer, on=on)),
        terms=load_oversight_terms(on),
        band=load_inflow_terms(on),
        least=load_inflow_terms(board.on).least_count,
        sees_people=viewer.has(*CENTRE),
    )


@blueprint.get("/instroom/bewaken/afgeweken/<any({}):lane>".format(", ".join(Lane)))
@of_the_centre
@belongs_to(HOME)
def departed(lane: str) -> ResponseReturnValue:
    """On whom somebody departed from that advice; by whom is not told."""
    found = monitors.list_departed(current_session(), the_viewer(), Lane(lane), on=today())
    reasons = reason_words()
    return render_template(
        "inflow/departed.html",
        headline=ngettext(
            "%(num)s keer anders besloten", "%(num)s keer anders besloten", len(found)
        ),
        lane=label_of("lanes", lane),
        lines=[
            {
                "name": person_in_list(each.first_name, each.reference),
                "url": url_for("talent_centre.person", candidate_id=each.candidate_id),
                "chosen": label_of("lanes", each.chosen),
                "reason": reasons.get(each.reason, each.reason),
                "when": moment(each.decided_at),
            }
            for each in found
        ],
        back_url=url_for(MONITORS),
    )


def _none() -> str:
    return render_template("inflow/none_yet.html")


def long_words(found: Monitors) -> str:
    """“144 van de 312 mensen wachten langer dan 8 weken.”"""
    weeks = found.long_wait.days // 7
    if found.long is None:
        return _("Wie wacht, wie is geplaatst, en wat is nog waar?")
    return ngettext(
        "%(num)s van de %(people)s mensen wacht langer dan %(weeks)s weken.",
        "%(num)s van de %(people)s mensen wachten langer dan %(weeks)s weken.",
        found.long,
        people=found.waiting,
        weeks=weeks,
    )


def _count(viewer: Viewer, label: str, number: int | None, **asked: Any) -> Count:
    url = url_for("inflow.people", **asked) if viewer.has(*CENTRE) and number else None
    return Count(label, number, url)


def part_words(at: int, count: int) -> str:
    """What a quarter is called, the lowest first."""
    if at == 0:
        return _("laagste startniveau")
    if at == count - 1:
        return _("hoogste startniveau")
    return _("deel %(number)s", number=at + 1)


def part_lines(viewer: Viewer, found: Monitors) -> list[PartLine]:
    """The quarters by start level, the lowest first."""

    def line(at: int, part: Part) -> PartLine:
        label = part_words(at, len(found.parts))
        level = f"{part.lowest}-{part.highest}"
        return PartLine(
            label,
            _count(viewer, label, part.people, niveau=level),
            _count(viewer, label, part.placed, niveau=level, staat=[Stand.AT_WORK]),
            part.percent,
        )

    return [line(at, part) for at, part in enumerate(found.parts)]


def unknown_words(name: str) -> str:
    """An answer that a lane waits for."""
    words = {
        "rhythm": _("komen zoals afgesproken"),
        "work_skills": _("leren op het werk"),
        "body": _("wat iemand lichamelijk kan"),
        "hours": _("uren en dagen"),
        "travel": _("vervoer"),
        "speaking": _("Nederlands spreken"),
    }
    return words[name]


def unknown_lines(viewer: Viewer, found: Monitors) -> list[Count]:
    """By answer who has not given it."""
    return [
        _count(viewer, unknown_words(name), found.unknown[name], onbekend=name)
        for name in LANE_DIMENSIONS
    ]


def age_words(age: Age) -> str:
    """Whether an answer can still be relied on."""
    match age:
        case Age.CURRENT:
            return _("bekend en actueel")
        case Age.EXPIRED:
            return _("verlopen, dus weer onbekend")
        case Age.UNKNOWN:
            return _("nooit gevraagd of gezien")


def _age_lines(viewer: Viewer, found: dict[Age, int | None], name: str) -> list[Count]:
    return [
        _count(viewer, age_words(age), number, **{name: age.value}) for age, number in found.items()
    ]


def departure_lines(viewer: Viewer, found: list[Departures]) -> list[DepartureLine]:
    """By lane how often somebody departed from the advice."""
    sees = viewer.has(*CENTRE)
    return [
        DepartureLine(
            label_of("lanes", each.lane),
            each,
            url_for("inflow.departed", lane=each.lane) if sees and each.departed else None,
        )
        for each in found
    ]
