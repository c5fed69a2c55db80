"""The main menu: the tasks of the viewer's rights, with the present one marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, request, url_for

from matcher.domain.access import STAFF, Right
from matcher.http.identity import current_viewer
from matcher.http.translate import gettext as _
from matcher.services.job_kinds import ASKERS

View = TypeVar("View", bound=Callable[..., Any])

_AREA = "__matcher_area__"

_COACHING = frozenset({Right.COACH, Right.LEAD})
_CENTRE = frozenset({Right.TRIAGER, Right.LEAD})
_CALLS = frozenset({Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD})
_LEADING = frozenset({Right.LEAD})
_PROGRAMMES = frozenset({Right.COACH, Right.TRIAGER, Right.LEAD, Right.OFFICER})
_POSTING = frozenset({Right.COACH, Right.TRIAGER})
_CALCULATING = frozenset(ASKERS)
_REPORTING = frozenset({Right.OFFICER, Right.ANALYST})
_OVERSIGHT = frozenset({Right.OFFICER, Right.ANALYST, Right.LEAD})
_ACCOUNTS = frozenset({Right.OFFICER, Right.ANALYST})
_RULES = frozenset({Right.OFFICER})
_AT_STAKE = frozenset({Right.OFFICER, Right.SERVICE_POINT})
_LEARNED = _OVERSIGHT | {Right.ADMIN}
_RESEARCH = frozenset({Right.ANALYST})
_FIRM = frozenset({Right.CONTRACTOR})
_OWN = frozenset({Right.CANDIDATE})
_ADMIN = frozenset({Right.ADMIN})


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One task in the menu."""

    label: str
    url: str
    current: bool


def _entries() -> Iterator[tuple[str, str, frozenset[Right]]]:
    """(endpoint, label, rights) in the order of the menu; the first one open is the home page."""
    yield "coach.today", _("Vandaag"), _COACHING
    yield "coach.candidates", _("Kandidaten"), _COACHING
    yield "talent_centre.people", _("Mensen"), _CENTRE
    yield "inflow.board", _("Instroom"), _CENTRE
    yield "imports.overview", _("Inlezen"), _CENTRE
    yield "weekly.overview", _("Verdelen"), _CENTRE
    yield "talent_centre.requests", _("Aanvragen"), _CALLS
    yield "admin.accounts", _("Accounts"), _ADMIN
    yield "oversight.figures", _("Toezicht"), _OVERSIGHT
    yield "inflow.report", _("Weekbericht"), _REPORTING
    yield "social_return.accounts", _("Rekeningen"), _ACCOUNTS
    yield "rules.overview", _("Regels"), _RULES
    yield "agreeing.retender", _("Aflopend"), _AT_STAKE
    yield "artefacts.overview", _("Voorspellingen"), _LEARNED
    yield "programmes.overview", _("Programma's"), _PROGRAMMES
    yield "programmes.works", _("Werkt dit?"), _RESEARCH
    yield "introductions.overview", _("Kennismaken"), STAFF
    yield "follow_up.overview", _("Nazorg"), _POSTING
    yield "introductions.letters", _("Brieven"), _POSTING
    yield "team.caseloads", _("Team"), _LEADING
    yield "jobs.overview", _("Rekenen"), _CALCULATING
    yield "candidate.home", _("Mijn pagina"), _OWN
    yield "candidate.known", _("Mijn gegevens"), _OWN
    yield "candidate.invitations", _("Uitnodigingen"), _OWN
    yield "candidate.programmes", _("Programma's"), _OWN
    yield "candidate.work", _("Mijn werk"), _OWN
    yield "candidate.requests", _("Mijn vragen"), _OWN
    yield "candidate.who_looked_page", _("Wie keek mee"), _OWN
    yield "candidate.take_along", _("Meenemen"), _OWN
    yield "contractor.home", _("Overzicht"), _FIRM
    yield "contractor.vacancies", _("Mijn plekken"), _FIRM
    yield "introductions.meetings", _("Kennismaken"), _FIRM
    yield "follow_up.at_work", _("Aan het werk"), _FIRM
    yield "social_return.own_contracts", _("Opdrachten"), _FIRM
    yield "contractor.call_me", _("Bel mij"), _FIRM


def belongs_to(endpoint: str) -> Callable[[View], View]:
    """Marks a view as part of the menu entry `endpoint`, such as one record of a list."""

    def mark(view: View) -> View:
        setattr(view, _AREA, endpoint)
        return view

    return mark


def navigation() -> list[NavigationItem]:
    """The menu of the viewer; empty for a visitor."""
    viewer = current_viewer()
    if viewer is None:
        return []
    area = current_area()
    return [
        NavigationItem(label, url_for(endpoint), endpoint == area)
        for endpoint, label, rights in _entries()
        if viewer.rights & rights and endpoint in current_app.view_functions
    ]


def current_area() -> str | None:
    """The menu entry that the present page belongs to."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    view = current_app.view_functions[endpoint]
    found: str | None = getattr(view, _AREA, endpoint)
    return found


def home_endpoint(rights: frozenset[Right]) -> str | None:
    """Where somebody with `rights` starts; None when no page is meant for them."""
    for endpoint, _label, wanted in _entries():
        if rights & wanted and endpoint in current_app.view_functions:
            return endpoint
    return None


def right_names() -> dict[Right, str]:
    """Each right as people call it."""
    return {
        Right.COACH: _("jobcoach"),
        Right.TRIAGER: _("talentcentrum"),
        Right.SERVICE_POINT: _("servicepunt"),
        Right.LEAD: _("teamleider"),
        Right.CONTRACTOR: _("opdrachtnemer"),
        Right.OFFICER: _("social return"),
        Right.ANALYST: _("onderzoek"),
        Right.CANDIDATE: _("kandidaat"),
        Right.ADMIN: _("beheer"),
    }
