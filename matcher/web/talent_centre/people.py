"""People of the region by lane and waiting time; never in order of readiness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, url_for

from matcher.domain.access import Right
from matcher.domain.vocabulary import Lane
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import permission_of, requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.records import CentreLine
from matcher.services.caseload import lane_counts, talent_centre_list
from matcher.services.purposes import may_ask
from matcher.web.codes import codes_of, label_of
from matcher.web.missing_words import missing_words
from matcher.web.talent_centre.blueprint import blueprint

_LIMIT = 25
UNASSESSED = "unassessed"
"""The code of people without an assessment, beside the lanes."""
BY_PERSON = "by_person"
"""The code of people who want advice by a person alone."""
_LONG_DAYS = 56
"""Waiting longer than this is marked (product.md section 2.2)."""

LANE_MEANING = {
    Lane.READY_NOW: "ok",
    Lane.READY_WITH_SUPPORT: "near",
    Lane.PRE_PLACEMENT: "near",
    Lane.OTHER_ROUTE: "plain",
    Lane.NOT_ENOUGH_KNOWN: "ask",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One lane with the number of people in it."""

    code: str | None
    label: str
    url: str
    current: bool
    count: int


@blueprint.get("/mensen")
@requires(Right.TRIAGER, Right.LEAD)
def people() -> Any:
    """One lane, or everybody, longest waiting first."""
    session, viewer, on = current_session(), the_viewer(), today()
    lane = _asked_lane()
    sector = _asked_sector()
    counts = lane_counts(session, viewer)
    page = talent_centre_list(
        session,
        viewer,
        on=on,
        lane=lane,
        sector=sector,
        cursor=request.args.get("vanaf"),
        limit=_LIMIT,
        one_in=current_app.config["BLIND_ONE_IN"],
    )
    return render_template(
        "talent_centre/people.html",
        headline=_headline(counts),
        tabs=_tabs(counts, lane, sector),
        lines=page.items,
        next_url=None
        if page.next_cursor is None
        else url_for("talent_centre.people", baan=lane, sector=sector, vanaf=page.next_cursor),
        lane=lane,
        sector=sector,
        sectors=[code for code in codes_of("sectors") if len(code.code) > 1],
        lane_label=lambda code: label_of("lanes", code),
        meaning=LANE_MEANING,
        missing_words=missing_words,
        notes=_notes,
        waits_long=lambda line: (line.waiting_days or 0) > _LONG_DAYS,
        person_url=_person_url,
        may_ask_contact=viewer.has(Right.TRIAGER) and may_ask(viewer),
    )


def _asked_lane() -> str | None:
    value = request.args.get("baan", "")
    return value if value in {*Lane, UNASSESSED, BY_PERSON} else None


def _asked_sector() -> str | None:
    value = request.args.get("sector", "")
    return value if value in {code.code for code in codes_of("sectors")} else None


def _headline(counts: dict[str, int]) -> str:
    now = counts.get(Lane.READY_NOW, 0)
    support = counts.get(Lane.READY_WITH_SUPPORT, 0)
    first = ngettext("%(num)s mens kan nu starten.", "%(num)s mensen kunnen nu starten.", now)
    second = ngettext("%(num)s met steun.", "%(num)s met steun.", support)
    return f"{first} {second}"


def _tabs(counts: dict[str, int], lane: str | None, sector: str | None) -> list[Tab]:
    tabs = [
        Tab(
            each,
            label_of("lanes", each),
            url_for("talent_centre.people", baan=each, sector=sector),
            each == lane,
            counts.get(each, 0),
        )
        for each in Lane
    ]
    everybody = Tab(
        None,
        _("Iedereen"),
        url_for("talent_centre.people", sector=sector),
        lane is None,
        sum(counts.values()),
    )
    without = counts.get(UNASSESSED, 0)
    if without:
        url = url_for("talent_centre.people", baan=UNASSESSED, sector=sector)
        tabs.append(Tab(UNASSESSED, _("Nog geen advies"), url, lane == UNASSESSED, without))
    by_person = counts.get(BY_PERSON, 0)
    if by_person:
        url = url_for("talent_centre.people", baan=BY_PERSON, sector=sector)
        tabs.append(Tab(BY_PERSON, _("Advies door een mens"), url, lane == BY_PERSON, by_person))
    return [everybody, *tabs]


def _notes(line: CentreLine) -> list[str]:
    """What stands under a name: the reference, a pause, attempts to reach somebody."""
    notes = [line.reference] if line.first_name else []
    if line.paused_until is not None and line.paused_until > today():
        notes.append(_("pauze tot %(day)s", day=day(line.paused_until)))
    if line.not_reached:
        notes.append(
            ngettext("%(num)s keer niet bereikt", "%(num)s keer niet bereikt", line.not_reached)
        )
    return notes


def _person_url(line: CentreLine) -> str | None:
    """The candidate's page, for whoever may open it."""
    allowed = permission_of(current_app.view_functions["coach.advice"], "GET") or frozenset()
    if not allowed & the_viewer().rights:
        return None
    return url_for("coach.advice", candidate_id=line.candidate_id)
