"""The people and places that a number of the board is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.inflow import Stand
from matcher.domain.monitors import Age
from matcher.domain.vocabulary import LANE_DIMENSIONS
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.queue import load_queue_terms
from matcher.repositories.inflow_people import Behind, StandsAt
from matcher.services import inflow
from matcher.services.inflow import Board, OpenPlaces
from matcher.services.visibility import Kind, show
from matcher.web.coach.people import person_in_list
from matcher.web.coach.places_view import title_or_sector
from matcher.web.inflow import words
from matcher.web.inflow.asked import asked_age, asked_level, asked_unknown
from matcher.web.inflow.blueprint import HOME, blueprint, of_the_centre
from matcher.web.inflow.board import asked_group, group_label
from matcher.web.inflow.monitors import age_words, unknown_words
from matcher.web.jobs.words import moment
from matcher.web.navigation import belongs_to

_LIMIT = 50
_WEEKS_MAXIMUM = 52
_CAUSE_MAXIMUM = 80
_DIGITS_MAXIMUM = 9


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person: how long they wait, the place it is about, and what is missing or comes."""

    name: str
    url: str
    waits: str
    place: str | None
    place_url: str | None
    what: str


@blueprint.get("/instroom/mensen")
@of_the_centre
@belongs_to(HOME)
def people() -> ResponseReturnValue:
    """Who a number is made of, longest waiting first."""
    found = counted_board()
    group, wanted = asked_group(found), _wanted(found)
    count, page = inflow.list_people(
        current_session(),
        the_viewer(),
        found,
        wanted,
        cursor=request.args.get("vanaf"),
        limit=_LIMIT,
    )
    here: dict[str, Any] = {n: v for n, v in request.args.lists() if n != "vanaf"}
    return render_template(
        "inflow/people.html",
        headline=ngettext("%(num)s mens", "%(num)s mensen", count),
        lead=_lead(wanted, group),
        counted=moment(found.counted_at),
        lines=[_person(each) for each in page.items],
        next_url=None
        if page.next_cursor is None
        else url_for("inflow.people", **here, vanaf=page.next_cursor),
        back_url=url_for(HOME, **group),
    )


@blueprint.get("/instroom/plekken")
@of_the_centre
@belongs_to(HOME)
def places() -> ResponseReturnValue:
    """Which open places a number is made of, those that nobody fits first."""
    found = counted_board()
    group, week = asked_group(found), _week()
    lines = inflow.list_places(
        current_session(),
        the_viewer(),
        found,
        sector=group.get("sector"),
        arrangement=group.get("samenwerking"),
        due=week,
    )
    free = sum(line.free for line in lines)
    page = inflow.page_of_places(lines, cursor=request.args.get("vanaf"), limit=_LIMIT)
    return render_template(
        "inflow/places.html",
        headline=ngettext("%(num)s plek open", "%(num)s plekken open", free),
        lead=_places_lead(group, week),
        counted=moment(found.counted_at),
        lines=page.items,
        next_url=None
        if page.next_cursor is None
        else url_for("inflow.places", **group, week=week, vanaf=page.next_cursor),
        title_or_sector=title_or_sector,
        last_day=_last_day,
        passed=0 if group or week is not None else found.figures["passed"],
        back_url=url_for(HOME, **group),
    )


@blueprint.get("/instroom/plekken/<int:vacancy_id>")
@of_the_centre
@belongs_to(HOME)
def place(vacancy_id: int) -> ResponseReturnValue:
    """One place: whom it suits best, who is one step away, or why nobody is."""
    session, viewer = current_session(), the_viewer()
    found = inflow.board(session, viewer)
    if found is None:
        abort(404)
    line = inflow.get_place(session, viewer, found, vacancy_id)
    ready = Behind(stands=(Stand.READY,), vacancy_id=vacancy_id)
    _count, best = inflow.list_people(session, viewer, found, ready, limit=_LIMIT)
    near = inflow.list_near(session, viewer, found, vacancy_id) if line.near else []
    return render_template(
        "inflow/place.html",
        line=line,
        headline=title_or_sector(line.place.title, line.place.sector),
        lead=_place_lead(line),
        why=_why(line, found),
        best=[_person(each) for each in best.items],
        more=line.ready - len(best.items),
        near=[_person(each) for each in near],
        counted=moment(found.counted_at),
        back_url=url_for("inflow.places"),
    )


def counted_board() -> Board:
    """The board; before the first counting the way to it, for a page of its own."""
    found = inflow.board(current_session(), the_viewer())
    if found is None:
        abort(redirect(url_for(HOME)))
    return found


def _week() -> int | None:
    value = request.args.get("week", "")
    return int(value) if value.isdecimal() and int(value[:4]) <= _WEEKS_MAXIMUM else None


def _asked_place() -> int | None:
    value = request.args.get("plek", "")
    return int(value) if value.isdecimal() and len(value) <= _DIGITS_MAXIMUM else None


def _wanted(found: Board) -> Behind:
    group = asked_group(found)
    stands = tuple(each for each in request.args.getlist("staat") if each in set(Stand))
    cause = request.args.get("cause", "")[:_CAUSE_MAXIMUM]
    return Behind(
        stands=stands,
        week=_week(),
        sector=group.get("sector"),
        arrangement=group.get("samenwerking"),
        vacancy_id=_asked_place(),
        rhythm_age=asked_age("ritme"),
        levels_age=asked_age("antwoorden"),
        unknown=asked_unknown(),
        level=asked_level(),
        waits_before=found.on - load_queue_terms(found.on).long_wait
        if request.args.get("lang")
        else None,
        waiting=any(request.args.get(name) for name in ("lang", "ritme", "antwoorden", "onbekend")),
        cause=cause if cause in {each for each, _people in found.figures["causes"]} else None,
    )


def _lead(wanted: Behind, group: dict[str, Any]) -> str:
    parts = [words.stand_words(wanted.stands, wanted.week)]
    if wanted.cause is not None:
        parts.append(words.as_title(words.cause_words(wanted.cause, the_viewer())))
    if wanted.waits_before is not None:
        parts.append(_("Wachten lang"))
    if wanted.unknown is not None:
        name = unknown_words(LANE_DIMENSIONS[wanted.unknown])
        parts.append(_("Niet bekend: %(what)s", what=name))
    if wanted.rhythm_age is not None:
        age = age_words(Age(wanted.rhythm_age))
        parts.append(_("Komen zoals afgesproken: %(age)s", age=age))
    if wanted.levels_age is not None:
        parts.append(_("Andere antwoorden: %(age)s", age=age_words(Age(wanted.levels_age))))
    if wanted.level is not None:
        parts.append(_("Deel van de mensen naar startniveau"))
    if group:
        parts.append(group_label(group))
    if wanted.vacancy_id is not None:
        parts.append(_("Voor wie deze plek het best past"))
    return " · ".join(parts)


def _places_lead(group: dict[str, Any], week: int | None) -> str:
    parts = [group_label(group)] if group else []
    if week is not None:
        parts.append(
            _("Hier moet iemand uiterlijk over %(weeks)s weken begonnen zijn", weeks=week)
            if week
            else _("Hier moet iemand deze week begonnen zijn")
        )
    return " · ".join(parts) or _("Waar niemand past, staat bovenaan.")


def _person(found: StandsAt) -> PersonLine:
    seen = show(Kind.INFLOW_LINE, found.as_mapping(), the_viewer().rights)
    name = person_in_list(seen["first_name"], seen["reference"])
    vacancy = seen["vacancy_id"]
    return PersonLine(
        name=name,
        url=url_for("talent_centre.person", candidate_id=seen["candidate_id"]),
        waits=_waits(seen["waiting_since"]),
        place=None
        if vacancy is None
        else f"{title_or_sector(seen['title'], seen['sector'])}, {seen['contractor']}",
        place_url=None if vacancy is None else url_for("inflow.place", vacancy_id=vacancy),
        what=_what(seen),
    )


def _waits(since: date | None) -> str:
    if since is None:
        return _("onbekend")
    return ngettext("%(num)s dag", "%(num)s dagen", max(0, (today() - since).days))


def _what(seen: dict[str, Any]) -> str:
    if seen["cause"] is not None:
        return words.as_title(words.cause_words(seen["cause"], the_viewer()))
    if seen["programme"] is not None:
        return _(
            "Na %(programme)s, tot en met %(day)s",
            programme=seen["programme"],
            day=day(seen["ends_on"]),
        )
    if seen["stand"] == Stand.COMING:
        return ngettext(
            "Na een pauze, over %(num)s week", "Na een pauze, over %(num)s weken", seen["week"]
        )
    return words.one_stands(seen["stand"])


def _last_day(line: OpenPlaces) -> str:
    start = line.place.start_on
    if start is None:
        return _("maakt niet uit")
    return day(start + timedelta(weeks=line.place.flex_weeks))


def _place_lead(line: OpenPlaces) -> str:
    free = ngettext("%(num)s plek open", "%(num)s plekken open", line.free)
    return f"{line.place.contractor} · {free}"


def _why(line: OpenPlaces, found: Board) -> str:
    """Why nobody is named for a place that nobody fits."""
    if line.shut is None:
        return _("Er is nu niemand die ergens kan starten.")
    code, people = line.shut
    return ngettext(
        "Van de %(starters)s mensen die kunnen starten, loopt het bij %(num)s vast op: %(what)s.",
        "Van de %(starters)s mensen die kunnen starten, loopt het bij %(num)s vast op: %(what)s.",
        people,
        starters=found.figures["starters"],
        what=words.shut_words(code),
    )
