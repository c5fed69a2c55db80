"""People of the region by lane and waiting time; never in order of readiness."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request, url_for

from matcher.domain.access import Right
from matcher.domain.vocabulary import Lane
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.queue import load_queue_terms
from matcher.repositories.records import CentreLine
from matcher.services.caseload import (
    BY_PERSON,
    SEARCHED,
    UNASSESSED,
    Focus,
    lane_counts,
    talent_centre_list,
)
from matcher.services.purposes import may_ask
from matcher.services.queue_changes import begin_visit
from matcher.web.codes import codes_of, label_of
from matcher.web.missing_words import missing_words
from matcher.web.talent_centre.blueprint import blueprint
from matcher.web.talent_centre.tabs import queue_tabs
from matcher.web.talent_centre.together import TOGETHER

_LIMIT = 25

LANE_MEANING = {
    Lane.READY_NOW: "ok",
    Lane.READY_WITH_SUPPORT: "near",
    Lane.PRE_PLACEMENT: "near",
    Lane.OTHER_ROUTE: "plain",
    Lane.NOT_ENOUGH_KNOWN: "ask",
}


_FOCUS = {Focus.LONG_WAIT: "lang", Focus.ANSWERS: "vragen", Focus.ONE_STEP: "stap"}
"""The words for it in an address."""


@blueprint.get("/mensen")
@requires(Right.TRIAGER, Right.LEAD)
def people() -> Any:
    """One lane, or everybody, longest waiting first."""
    session, viewer, on = current_session(), the_viewer(), today()
    lane = _asked_lane()
    sector, focus = _asked_sector(), _asked_focus()
    shown = None if focus is None else _FOCUS[focus]
    counts = lane_counts(session, viewer)
    long_wait = load_queue_terms(on).long_wait.days
    begin_visit(session, viewer, now=now())
    page = talent_centre_list(
        session,
        viewer,
        on=on,
        lane=lane,
        sector=sector,
        focus=focus,
        cursor=request.args.get("vanaf"),
        limit=_LIMIT,
        one_in=current_app.config["BLIND_ONE_IN"],
    )
    return render_template(
        "talent_centre/people.html",
        headline=_headline(counts),
        tabs=queue_tabs(counts, lane, sector, shown),
        lines=page.items,
        next_url=None
        if page.next_cursor is None
        else url_for(
            "talent_centre.people",
            baan=lane,
            sector=sector,
            toon=shown,
            vanaf=page.next_cursor,
        ),
        lane=lane,
        sector=sector,
        focus=shown,
        focuses=_focus_words(long_wait),
        searches=focus is Focus.ONE_STEP,
        searched=SEARCHED,
        sectors=[code for code in codes_of("sectors") if len(code.code) > 1],
        lane_label=lambda code: label_of("lanes", code),
        meaning=LANE_MEANING,
        missing_words=missing_words,
        notes=_notes,
        together_lanes=TOGETHER,
        waits_long=lambda line: (line.waiting_days or 0) > long_wait,
        may_ask_contact=viewer.has(Right.TRIAGER) and may_ask(viewer),
    )


def _asked_lane() -> str | None:
    value = request.args.get("baan", "")
    return value if value in {*Lane, UNASSESSED, BY_PERSON} else None


def _asked_sector() -> str | None:
    value = request.args.get("sector", "")
    return value if value in {code.code for code in codes_of("sectors")} else None


def _asked_focus() -> Focus | None:
    value = request.args.get("toon", "")
    return next((focus for focus, code in _FOCUS.items() if code == value), None)


def _focus_words(long_wait: int) -> list[tuple[str, str]]:
    words = {
        Focus.LONG_WAIT: _("Wacht langer dan %(days)s dagen", days=long_wait),
        Focus.ANSWERS: _("Er ontbreekt een antwoord"),
        Focus.ONE_STEP: _("Eén stap van een open plek"),
    }
    return [(_FOCUS[focus], said) for focus, said in words.items()]


def _headline(counts: dict[str, int]) -> str:
    now = counts.get(Lane.READY_NOW, 0)
    support = counts.get(Lane.READY_WITH_SUPPORT, 0)
    first = ngettext("%(num)s mens kan nu starten.", "%(num)s mensen kunnen nu starten.", now)
    second = ngettext("%(num)s met steun.", "%(num)s met steun.", support)
    return f"{first} {second}"


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
