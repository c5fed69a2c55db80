"""*Vandaag*, ten lines at most, and all candidates behind the second tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, session, url_for

from matcher.domain.access import Right
from matcher.domain.vocabulary import LEVELS, LOADS
from matcher.http.clock import today as on_today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.repositories.records import CandidateRecord, TodayLine
from matcher.services import candidates as candidate_service
from matcher.services import caseload
from matcher.web.coach.blueprint import belongs_to, blueprint, coaching
from matcher.web.coach.cards import CARDS, card_title
from matcher.web.coach.choices import label_of
from matcher.web.coach.quick_start import CARD as QUICK_START
from matcher.web.coach.words import _, ngettext

MOST_LINES = 10
PEOPLE_A_PAGE = 20
LONGEST_SEARCH = 60
_SEARCH = "candidate_search"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do today: who, what, and where one tap leads."""

    who: str
    what: str
    url: str
    action: str
    kind: str


@blueprint.get("/vandaag")
@coaching
@belongs_to("today")
def today() -> Any:
    """What asks for attention today, each line one tap to act."""
    found = caseload.today_list(current_session(), the_viewer(), on=on_today(), limit=MOST_LINES)
    lines = [_line(line) for line in found]
    return render_template("coach/today.html", lines=lines, heading=_heading(len(lines)))


def _heading(count: int) -> str:
    if not count:
        return _("Vandaag hoeft er niets.")
    return ngettext("Eén ding voor vandaag.", "%(num)s dingen voor vandaag.", count)


def _line(line: TodayLine) -> Line:
    who = person(line.first_name, line.reference) or _("Iemand die u net ontmoette")
    if line.why == "draft":
        return _draft_line(line, who)
    url = url_for("coach.advice", candidate_id=line.candidate_id)
    if line.why == "review":
        what = _("Samen opnieuw kijken, uiterlijk %(day)s", day=day(line.due_on))
        return Line(who, what, url, _("Bekijk het advies"), "ok")
    if line.why == "returns":
        what = _("Is er weer vanaf %(day)s", day=day(line.due_on))
        return Line(who, what, url, _("Neem contact op"), "ok")
    if line.why == "missing":
        what = _("Vraag nog: %(answers)s", answers=", ".join(map(answer_name, line.detail)))
        return Line(who, what, f"{url}#vragen", _("Vul aan"), "ask")
    return Line(who, _("Heeft nog geen advies"), url, _("Maak het advies"), "ask")


def _draft_line(line: TodayLine, who: str) -> Line:
    card = line.detail[0] if line.detail else QUICK_START
    if card == QUICK_START:
        url = url_for("coach.quick_start_draft", draft_id=line.draft_id)
        return Line(who, _("Snelle start is nog niet af"), url, _("Ga verder"), "near")
    if card in CARDS:
        url = url_for("coach.card", candidate_id=line.candidate_id, card=card)
        what = _("Kaart ‘%(card)s’ is nog niet af", card=card_title(card))
        return Line(who, what, url, _("Ga verder"), "near")
    url = url_for("coach.agreements", candidate_id=line.candidate_id)
    return Line(who, _("Afspraken staan klaar om samen na te lopen"), url, _("Open het blad"), "ok")


def person(first_name: str | None, reference: str | None) -> str:
    """How somebody is named on a page: the first name, with the reference to tell them apart."""
    if first_name and reference:
        return f"{first_name} ({reference})"
    return first_name or reference or ""


def answer_name(field: str) -> str:
    """What a missing answer is about, in a few words."""
    if field in LEVELS:
        return label_of("levels", field).lower()
    if field in LOADS:
        return label_of("loads", field).lower()
    names = {
        "sectors": _("gewenst werk"),
        "hours_max": _("uren per week"),
        "travel_max_minutes": _("reistijd"),
        "travel_modes": _("manier van reizen"),
        "pc4": _("postcode"),
    }
    return names.get(field, field)


@dataclass(frozen=True, slots=True)
class Person:
    """One candidate in the list: never readiness, and nothing sorts by it."""

    reference: str
    first_name: str | None
    next_step: str
    next_on: date | None
    url: str


@blueprint.get("/kandidaten")
@coaching
def candidates() -> Any:
    """All candidates of the coach, or of the region on request; searched by name or reference."""
    viewer = the_viewer()
    whose = "region" if request.args.get("wie") == "regio" else "own"
    search = session.get(_SEARCH)
    page = candidate_service.list_candidates(
        current_session(),
        viewer,
        caseload=whose,
        search=search,
        cursor=request.args.get("vanaf"),
        limit=PEOPLE_A_PAGE,
    )
    return render_template(
        "coach/candidates.html",
        people=[_person(record) for record in page.items],
        next_cursor=page.next_cursor,
        search=search,
        whose=whose,
        is_first=not request.args.get("vanaf"),
        may_see_region=viewer.has(Right.COACH, Right.LEAD),
    )


@blueprint.post("/kandidaten")
@coaching
def search_candidates() -> Any:
    """Keeps what is searched for in the session: a name has no place in an address."""
    text = " ".join(request.form.get("zoek", "").split())[:LONGEST_SEARCH]
    if text:
        session[_SEARCH] = text
    else:
        session.pop(_SEARCH, None)
    return redirect(url_for("coach.candidates", wie=request.args.get("wie")))


def _person(record: CandidateRecord) -> Person:
    raise NotImplementedError
