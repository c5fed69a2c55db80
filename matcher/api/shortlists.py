"""Who fits a vacancy, without names: the list, the copy that asks something else, the half-day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, creates, versioned
from matcher.api.schemas.shortlists import HalfDayCreate, Shortlist
from matcher.api.schemas.vacancies import Vacancy
from matcher.api.vacancies import Answer, blp, shown
from matcher.domain.access import Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.services import half_days, shortlists
from matcher.services.half_days import HOSTS
from matcher.services.shortlists import READERS, ShortlistRecord
from matcher.services.visibility import Kind, show


@blp.get(f"/<{KEY}:vacancy_id>/shortlist")
@requires(*READERS)
@versioned
@blp.response(200, Shortlist)
def get_shortlist(vacancy_id: int) -> Answer:
    """Who fits an open vacancy, without names

    The first time it is drawn, and from then on what the vacancy asks stands: changing it is a 409,
    a copy can ask something else. Reading it again gives the same until `stands_until`. A copy, and
    any vacancy of this firm that asks nearly the same, waits a day and takes five who fit.
    """
    viewer = the_viewer()
    found = shortlists.ask(current_session(), viewer, vacancy_id, now=now())
    return _shown(found, viewer), 200, {"ETag": etag_of(found.version)}


@blp.post(f"/<{KEY}:vacancy_id>/copies")
@requires(*READERS)
@creates
@versioned
@blp.response(201, Vacancy)
def copy_vacancy(vacancy_id: int) -> Answer:
    """Copy a vacancy to ask something else

    The copy is a draft; its list waits a day from when it is first asked for, and takes five who
    fit.
    """
    viewer = the_viewer()
    record = shortlists.copy_place(current_session(), viewer, vacancy_id, now=now())
    headers = {
        "ETag": etag_of(record.version),
        "Location": url_for("api-vacancies.get_vacancy", vacancy_id=record.id),
    }
    return shown(record, viewer), 201, headers


@blp.post(f"/<{KEY}:vacancy_id>/half-days")
@requires(*HOSTS)
@creates
@versioned
@blp.arguments(HalfDayCreate)
@blp.response(201, Shortlist)
def invite_to_half_day(body: Mapping[str, Any], vacancy_id: int) -> Answer:
    """Invite the people of the list to a half-day on site

    In the order of the list, at most three for each place that is left. Each is asked for a consent
    of their own; whoever does not answer is not told apart from whoever refuses.
    """
    session, viewer = current_session(), the_viewer()
    half_days.invite_all(session, viewer, vacancy_id, body["meet_on"], body["half"], now=now())
    found = shortlists.ask(session, viewer, vacancy_id, now=now())
    return _shown(found, viewer), 201, {"ETag": etag_of(found.version)}


def _shown(found: ShortlistRecord, viewer: Viewer) -> dict[str, Any]:
    lines = [show(Kind.SHORTLIST_LINE, line.as_mapping(), viewer.rights) for line in found.lines]
    return show(Kind.SHORTLIST, {**found.as_mapping(), "lines": lines}, viewer.rights)
