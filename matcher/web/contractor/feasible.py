"""“Wat maakt uw plek haalbaar?”: at most three hints about a place, applied with one press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for

from matcher.domain.access import Right
from matcher.domain.errors import Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.reference.feasible import load_hint_terms
from matcher.services.feasible import Hint, apply_hint, hints_for
from matcher.services.shortlist_freeze import DemandsStand
from matcher.web.codes import label_of
from matcher.web.contractor.blueprint import blueprint
from matcher.web.contractor.lines import band_words
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to


@dataclass(frozen=True, slots=True)
class HintLine:
    """One hint in words."""

    demand: str
    subject: str
    words: str
    then: str


def hint_lines(vacancy_id: int) -> list[HintLine]:
    """The hints about an own place, as its page shows them."""
    found = hints_for(current_session(), the_viewer(), vacancy_id, on=today())
    return [
        HintLine(hint.demand, hint.subject, _words(hint), band_words(hint.band)) for hint in found
    ]


def _words(hint: Hint) -> str:
    terms = load_hint_terms(today())
    match hint.demand:
        case "day_starts_at":
            return _("Begin de dag om %(hour)s", hour=f"{terms.day_starts_at:%H:%M}")
        case "hours":
            return _("Begin met minder uren: vanaf %(hours)s per week", hours=terms.hours_min)
        case "start":
            return _("Laat iemand tot %(weeks)s weken later beginnen", weeks=terms.flex_weeks)
        case "credential":
            return _(
                "Laat iemand dit bij u halen: %(paper)s",
                paper=label_of("credentials", hint.subject),
            )
        case "licence":
            return _("Zonder rijbewijs %(paper)s beginnen", paper=hint.subject)
    codes = "loads" if hint.demand not in _LEVELS else "levels"
    return _("Eén stap minder: %(demand)s", demand=label_of(codes, hint.demand))


_LEVELS = ("rhythm", "work_skills", "language_speak", "language_read", "digital")


@blueprint.post("/mijn-plekken/<int:vacancy_id>/haalbaar")
@requires(Right.CONTRACTOR)
@belongs_to("contractor.vacancies")
def take_hint(vacancy_id: int) -> Any:
    """Eases the demand that a hint is about."""
    form = MatcherForm()
    if not form.validate():
        abort(400)
    try:
        apply_hint(
            current_session(),
            the_viewer(),
            vacancy_id,
            request.form.get("demand", ""),
            request.form.get("subject", ""),
            expected_version=form.read_version,
            now=now(),
        )
        flash(_("Aangepast. Zo past de plek bij meer mensen."))
    except DemandsStand:
        flash(_("Uw eisen staan vast. Maak een kopie om iets anders te vragen."), "near")
    except Stale:
        flash(_("De plek is intussen gewijzigd. Kijk haar na en probeer het opnieuw."), "near")
    return redirect(url_for("contractor.vacancy", vacancy_id=vacancy_id), 303)
