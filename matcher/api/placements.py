"""Placements: that somebody starts work, how far it is, and how it is months later.

What a candidate answers is said in the own view; no program answers for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.placements import (
    AgreementCreate,
    ContactCreate,
    OutcomeAnswer,
    OutcomeCreate,
    OutcomeList,
    Placement,
    PlacementChange,
    PlacementCreate,
    PlacementEnding,
    PlacementPage,
    PlacementQuery,
    PlacementStep,
)
from matcher.domain.access import Viewer
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.idempotency import sent_key
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.repositories.placements import PlacementRecord
from matcher.services import outcomes, placements, placing
from matcher.services.outcomes import Moment
from matcher.services.placements import PLACERS, READERS, STARTERS
from matcher.services.placing import AGREERS
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "placements",
    __name__,
    description="Somebody at work, the steps of it, and how it is 3, 6 and 12 months later.",
)

_ONE = f"/<{KEY}:placement_id>"

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*READERS)
@blp.arguments(PlacementQuery, location="query")
@blp.response(200, PlacementPage)
def list_placements(query: Mapping[str, Any]) -> dict[str, Any]:
    """Placements in reach, in the order of recording

    Staff reach those of the people they reach, a contractor those at the own organisation.
    """
    viewer = the_viewer()
    page = placements.list_placements(
        current_session(),
        viewer,
        candidate_id=query["candidate_id"],
        vacancy_id=query["vacancy_id"],
        state=query["state"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [_shown(one, viewer) for one in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*PLACERS)
@creates
@versioned
@blp.arguments(PlacementCreate)
@blp.response(201, Placement)
def record_placement(body: Mapping[str, Any]) -> Answer:
    """Say that a candidate starts work

    With an introduction in which both met it takes over the place that was kept; without, it is
    work found otherwise, with a reason. 409 while the candidate has a placement that has not
    ended, without the candidate's yes, and while the questions about displacement are open.
    """
    viewer = the_viewer()
    values = dict(body)
    record = placing.record_placement(
        current_session(),
        viewer,
        values.pop("candidate_id"),
        introduction_id=values.pop("introduction_id", None),
        without=values.pop("without_introduction", None),
        trial=values.pop("trial", False),
        values=values,
        key=sent_key(),
        now=now(),
    )
    address = url_for("api-placements.get_placement", placement_id=record.id)
    headers = {"ETag": etag_of(record.version), "Location": address}
    return _shown(record, viewer), 201, headers


@blp.get(_ONE)
@requires(*READERS)
@versioned
@blp.response(200, Placement)
def get_placement(placement_id: int) -> Answer:
    """One placement"""
    viewer = the_viewer()
    record = placements.get_placement(current_session(), viewer, placement_id)
    return _shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.patch(_ONE)
@requires(*PLACERS)
@versioned
@blp.arguments(PlacementChange)
@blp.response(200, Placement)
def change_placement(values: Mapping[str, Any], placement_id: int) -> Answer:
    """Change what is known of a placement

    Only what is sent changes; the first day stays once somebody started.
    """
    viewer = the_viewer()
    record = placements.change_placement(
        current_session(),
        viewer,
        placement_id,
        values,
        expected_version=expected_version(),
        now=now(),
    )
    return _shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.post(f"{_ONE}/agreements")
@requires(*AGREERS)
@creates
@blp.arguments(AgreementCreate)
@blp.response(201, PlacementStep)
def agree_after_trial(body: Mapping[str, Any], placement_id: int) -> dict[str, Any]:
    """Say that a trial becomes work

    409 for what is no trial.
    """
    record = placing.agree_after_trial(
        current_session(), the_viewer(), placement_id, body, key=sent_key(), now=now()
    )
    return {"id": record.id, "state": record.state}


@blp.post(f"{_ONE}/starts")
@requires(*STARTERS)
@creates
@blp.response(201, PlacementStep)
def start_placement(placement_id: int) -> dict[str, Any]:
    """Say that somebody began; 409 before the first day, in a trial and after the end"""
    record = placements.start(
        current_session(), the_viewer(), placement_id, key=sent_key(), now=now()
    )
    return {"id": record.id, "state": record.state}


@blp.post(f"{_ONE}/endings")
@requires(*PLACERS)
@creates
@blp.arguments(PlacementEnding)
@blp.response(201, PlacementStep)
def end_placement(body: Mapping[str, Any], placement_id: int) -> dict[str, Any]:
    """Say that somebody does not work there any more, with a code

    The place is free again. How the person is months after the start is asked all the same.
    """
    record = placements.end(
        current_session(),
        the_viewer(),
        placement_id,
        body["code"],
        on=body.get("on"),
        key=sent_key(),
        now=now(),
    )
    return {"id": record.id, "state": record.state}


@blp.post(f"{_ONE}/contacts")
@requires(*PLACERS)
@creates
@blp.arguments(ContactCreate)
@blp.response(201, PlacementStep)
def note_contact(body: Mapping[str, Any], placement_id: int) -> dict[str, Any]:
    """Say how a moment of contact was

    Somebody who came on the first day has started.
    """
    session, viewer = current_session(), the_viewer()
    placements.note_contact(session, viewer, placement_id, body["step"], body["result"], now=now())
    record = placements.get_placement(session, viewer, placement_id)
    return {"id": record.id, "state": record.state}


@blp.get(f"{_ONE}/outcomes")
@requires(*READERS)
@blp.response(200, OutcomeList)
def list_outcomes(placement_id: int) -> dict[str, Any]:
    """How it is 3, 6 and 12 months after the start

    Staff see what everybody said and what it adds up to; a contractor sees the own answers.
    """
    session, viewer = current_session(), the_viewer()
    record = placements.get_placement(session, viewer, placement_id)
    found = outcomes.moments_of(session, viewer, [record], on=today())[record.id]
    return {"items": [_moment(one, viewer) for one in found]}


@blp.post(f"{_ONE}/outcomes")
@requires(*READERS)
@creates
@blp.arguments(OutcomeCreate)
@blp.response(201, OutcomeAnswer)
def give_outcome(body: Mapping[str, Any], placement_id: int) -> dict[str, Any]:
    """Say how it is so many months after the start

    Saying it again changes the own answer; what others said stays as it is. With a `reason` staff
    decide between answers that contradict each other.
    """
    session, viewer = current_session(), the_viewer()
    months, status = body["months"], body["status"]
    if "reason" in body:
        record = outcomes.decide(
            session, viewer, placement_id, months, status, reason=body["reason"], now=now()
        )
    else:
        record = outcomes.answer(
            session,
            viewer,
            placement_id,
            months,
            status,
            hours_a_week=body.get("hours_a_week"),
            contract=body.get("contract"),
            now=now(),
        )
    return outcomes.shown(record, viewer)


def _moment(one: Moment, viewer: Viewer) -> dict[str, Any]:
    asking = one.asking
    values: dict[str, Any] = {
        "months": asking.months,
        "opens_on": asking.opens_on,
        "due_on": asking.due_on,
        "closes_on": asking.closes_on,
        # An employer reaches the own answers alone: nothing here tells what others said.
        "state": one.state,
        "answers": [outcomes.shown(answer, viewer) for answer in one.answers],
    }
    if viewer.has(*PLACERS):
        values["works"] = one.settled.works
    return values


def _shown(record: PlacementRecord, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.PLACEMENT, record.as_mapping(), viewer.rights, Stage.OWN)
