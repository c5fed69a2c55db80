"""Introductions: asking a candidate, how far it is, and the steps after a yes.

What a candidate answers is said in the own view; no program answers for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates
from matcher.api.schemas.introductions import (
    EndingCreate,
    Introduction,
    IntroductionCreate,
    IntroductionPage,
    IntroductionQuery,
    IntroductionStep,
)
from matcher.api.schemas.placements import AfterMeetingCreate, Placement
from matcher.domain.access import Right, Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import sent_key
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.services import introduction_lists as lists
from matcher.services import introductions, placing
from matcher.services.introduction_lists import IntroductionLine
from matcher.services.introductions import ENDERS, INVITERS, MEETERS
from matcher.services.placing import AGREERS
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "introductions",
    __name__,
    description="Bringing a candidate and a contractor together, with consent each time.",
)

READERS = (*INVITERS, Right.CONTRACTOR)
_ONE = f"/<{KEY}:introduction_id>"


@blp.get("")
@requires(*READERS)
@blp.arguments(IntroductionQuery, location="query")
@blp.response(200, IntroductionPage)
def list_introductions(query: Mapping[str, Any]) -> dict[str, Any]:
    """Introductions in reach, in the order of asking

    Staff reach those of the people they reach, a contractor those for the own vacancies.
    """
    viewer = the_viewer()
    page = lists.list_introductions(
        current_session(),
        viewer,
        now=now(),
        candidate_id=query["candidate_id"],
        vacancy_id=query["vacancy_id"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [_shown(line, viewer) for line in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*INVITERS)
@creates
@blp.arguments(IntroductionCreate)
@blp.response(201, Introduction)
def invite_candidate(body: Mapping[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask a candidate whether they want to meet a contractor

    Only who can start, fits the vacancy and need not be asked something first; 409 otherwise, and
    when there are as many open invitations as the vacancy may have.
    """
    session, viewer = current_session(), the_viewer()
    record = introductions.invite(
        session, viewer, body["candidate_id"], body["vacancy_id"], key=sent_key(), now=now()
    )
    line = lists.get_introduction(session, viewer, record.id, now=now())
    address = url_for("api-introductions.get_introduction", introduction_id=record.id)
    return _shown(line, viewer), 201, {"Location": address}


@blp.get(_ONE)
@requires(*READERS)
@blp.response(200, Introduction)
def get_introduction(introduction_id: int) -> dict[str, Any]:
    """One introduction

    For a contractor this opens what the candidate agreed to show; the candidate sees that it was.
    """
    viewer = the_viewer()
    line = lists.get_introduction(current_session(), viewer, introduction_id, now=now())
    return _shown(line, viewer)


@blp.post(f"{_ONE}/meetings")
@requires(*MEETERS)
@creates
@blp.response(201, IntroductionStep)
def record_meeting(introduction_id: int) -> dict[str, Any]:
    """Say that the candidate was met

    Keeps one place of the vacancy; 409 without the candidate's yes, or without a place.
    """
    introductions.mark_met(
        current_session(), the_viewer(), introduction_id, key=sent_key(), now=now()
    )
    return _step(introduction_id)


@blp.post(f"{_ONE}/placements")
@requires(*AGREERS)
@creates
@blp.arguments(AfterMeetingCreate)
@blp.response(201, Placement)
def agree_after_meeting(
    body: Mapping[str, Any], introduction_id: int
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Say what both agreed after they met: a trial placement, or work

    The introduction ends and its place is the placement's. 409 without the candidate's yes or the
    meeting, while the questions about displacement are open, and for a trial where the candidate
    worked before.
    """
    viewer = the_viewer()
    values = dict(body)
    record = placing.agree_after_meeting(
        current_session(),
        viewer,
        introduction_id,
        trial=values.pop("trial", False),
        values=values,
        key=sent_key(),
        now=now(),
    )
    address = url_for("api-placements.get_placement", placement_id=record.id)
    shown = show(Kind.PLACEMENT, record.as_mapping(), viewer.rights, Stage.OWN)
    return shown, 201, {"Location": address}


@blp.post(f"{_ONE}/endings")
@requires(*MEETERS)
@creates
@blp.arguments(EndingCreate)
@blp.response(201, IntroductionStep)
def end_introduction(body: Mapping[str, Any], introduction_id: int) -> dict[str, Any]:
    """End an introduction after a yes, with a code

    Nothing of the person is shown any more; a kept place is free again.
    """
    introductions.end(
        current_session(), the_viewer(), introduction_id, body["code"], key=sent_key(), now=now()
    )
    return _step(introduction_id)


@blp.post(f"{_ONE}/withdrawals")
@requires(*ENDERS)
@creates
@blp.response(201, IntroductionStep)
def withdraw_introduction(introduction_id: int) -> dict[str, Any]:
    """Say for a candidate that they are not available any more, after a yes

    Before a yes there is nothing to withdraw (409): the invitation expires by itself.
    """
    introductions.withdraw(
        current_session(), the_viewer(), introduction_id, key=sent_key(), now=now()
    )
    return _step(introduction_id)


@blp.post(f"{_ONE}/talks")
@requires(*ENDERS)
@creates
@blp.response(201, IntroductionStep)
def record_talk(introduction_id: int) -> dict[str, Any]:
    """Say that you talked with a candidate who asked for it

    The answer is still the candidate's.
    """
    introductions.mark_talked(
        current_session(), the_viewer(), introduction_id, key=sent_key(), now=now()
    )
    return _step(introduction_id)


def _step(introduction_id: int) -> dict[str, Any]:
    status = lists.get_status(current_session(), the_viewer(), introduction_id, now=now())
    return {"id": introduction_id, "status": status}


def _shown(line: IntroductionLine, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.INTRODUCTION, line.as_mapping(), viewer.rights, Stage.OWN)
