"""All places for one candidate, and one place in full."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import assessments, vacancies
from matcher.web.coach.advice import matches_of, place_lines, vacancies_by_reference
from matcher.web.coach.blueprint import advising, blueprint
from matcher.web.coach.people import person_name
from matcher.web.coach.places_view import kind_of, needs_of, place_facts, place_line
from matcher.web.coach.result_view import Row, exact
from matcher.web.coach.seen import the_candidate
from matcher.web.introduction_parts import proposing_of
from matcher.web.navigation import belongs_to
from matcher.web.paging import page_of

PLACES_A_PAGE = 20
NEVER = 10_000
"""More weeks than any plan looks ahead."""
KINDS = ("ok", "near", "ask", "no")


@blueprint.get("/kandidaten/<int:candidate_id>/plekken")
@advising
@belongs_to("coach.candidates")
def places(candidate_id: int) -> ResponseReturnValue:
    """Places of one kind: what blocks each and the nearest way in, or what fits."""
    record = the_candidate(candidate_id)
    rows = matches_of(record)
    counts = {kind: sum(kind_of(row) == kind for row in rows) for kind in KINDS}
    asked = request.args.get("soort")
    kind = asked if asked in KINDS else next((k for k in reversed(KINDS) if counts[k]), "no")
    wanted = [row for row in rows if kind_of(row) == kind]
    ways = ways_in_of(candidate_id) if kind == "no" and wanted else {}
    wanted.sort(key=lambda row: _weeks_away(ways.get(row["vacancy"])))
    shown = page_of(wanted, _page_number(), PLACES_A_PAGE)
    known = vacancies_by_reference(row["vacancy"] for row in shown.items)
    return render_template(
        "coach/places.html",
        record=record,
        name=person_name(record),
        lines=place_lines(shown.items, known, ways),
        page=shown,
        kind=kind,
        counts=counts,
        heading=_heading(kind, counts[kind]),
        openable=sum(row["vacancy"] in ways for row in wanted),
    )


@blueprint.get("/kandidaten/<int:candidate_id>/plekken/<int:vacancy_id>")
@advising
@belongs_to("coach.candidates")
def place(candidate_id: int, vacancy_id: int) -> ResponseReturnValue:
    """One place: what it asks, need by need, and the nearest way in when it is blocked."""
    record = the_candidate(candidate_id)
    vacancy = vacancies.get_vacancy(current_session(), the_viewer(), vacancy_id)
    reference = vacancy.profile.reference
    row = next((row for row in matches_of(record) if row["vacancy"] == reference), None)
    if row is None:
        abort(404)
    way = ways_in_of(candidate_id).get(reference) if not row["eligible"] else None
    return render_template(
        "coach/place.html",
        record=record,
        name=person_name(record),
        line=place_line(row, vacancy, way),
        vacancy=vacancy,
        facts=place_facts(vacancy),
        needs=needs_of(row),
        fit=exact(row["fit"]),
        proposing=proposing_of(candidate_id, vacancy_id),
        components=[(c["reason"], exact(c["points"])) for c in row["components"]],
    )


def ways_in_of(candidate_id: int) -> Mapping[str, Row]:
    """The nearest way in to every place that programmes can open, by reference."""
    return assessments.ways_in_candidate(
        current_session(), the_viewer(), candidate_id, on=today(), language=current_language()
    )


def _weeks_away(way: Row | None) -> int:
    """For putting the nearest way in on top; a place without one comes last."""
    return NEVER if way is None else int(way["weeks"])


def _page_number() -> int:
    text = request.args.get("blad", "1")
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _heading(kind: str, count: int) -> str:
    if kind == "ok":
        return ngettext("%(num)s vacature past", "%(num)s vacatures passen", count)
    if kind == "near":
        return ngettext(
            "Bij %(num)s vacature ontbreekt een stap",
            "Bij %(num)s vacatures ontbreekt een stap",
            count,
        )
    if kind == "ask":
        return ngettext(
            "Vraag iets na bij %(num)s vacature", "Vraag iets na bij %(num)s vacatures", count
        )
    if not count:
        return _("Geen vacature valt af")
    return ngettext("%(num)s vacature past nu niet", "%(num)s vacatures passen nu niet", count)
