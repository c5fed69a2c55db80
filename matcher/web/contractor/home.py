"""The contractor's start page: people still at work first, then the own places."""

from __future__ import annotations

from typing import Any

from flask import render_template

from matcher.domain.access import Right
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.models.states import VacancyStatus
from matcher.services.agreements import to_fill
from matcher.services.call_requests import PromisedCall, promised_calls
from matcher.services.displacement import to_look_back
from matcher.services.lasting_work import lasting_work
from matcher.services.vacancies import list_vacancies
from matcher.services.visibility import Kind, show
from matcher.web.calls_words import due_words, work_words
from matcher.web.contractor.blueprint import blueprint
from matcher.web.contractor.lines import VacancyLine, band_words, lines_of

_MOST = 50


@blueprint.get("/bedrijf")
@requires(Right.CONTRACTOR)
def home() -> Any:
    """Who works already, what is open, and what waits for the firm itself."""
    session, viewer, on = current_session(), the_viewer(), today()
    lines = lines_of(session, viewer, list_vacancies(session, viewer, limit=_MOST).items, on)

    def of(status: VacancyStatus) -> list[VacancyLine]:
        return [line for line in lines if line.status is status]

    filled, opened = of(VacancyStatus.FILLED), of(VacancyStatus.OPEN)
    return render_template(
        "contractor/home.html",
        working=lasting_work(session, viewer, on=on),
        filled=filled,
        at_work=sum(line.places for line in filled),
        opened=opened,
        places_open=sum(line.places for line in opened),
        drafts=of(VacancyStatus.DRAFT),
        to_agree=to_fill(session, viewer),
        calls=[_call_line(call) for call in promised_calls(session, viewer)],
        to_look_back=to_look_back(session, viewer, on=today()),
        band_words=band_words,
    )


def _call_line(found: PromisedCall) -> dict[str, Any]:
    """Who calls about what and by when, as the firm may know it."""
    values = {**found.call.as_mapping(), "caller": found.caller, "caller_phone": found.caller_phone}
    shown = show(Kind.CALL_REQUEST, values, the_viewer().rights)
    return {**shown, "due_words": due_words(found.call.due_at), "about": work_words(found.call)}
