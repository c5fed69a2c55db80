"""Learned artefacts of a region: the registry, how they hold, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.artefacts import (
    Artefact,
    ArtefactMonths,
    ArtefactPage,
    ArtefactQuery,
    Promotion,
    PromotionCreate,
    PromotionList,
    RollBackCreate,
    Standing,
)
from matcher.domain.access import Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.repositories.artefacts import ArtefactRecord
from matcher.services import artefact_steps, artefacts
from matcher.services.artefacts import STEPPERS, WATCHERS
from matcher.services.visibility import Kind, show

blp = Resource(
    "artefacts",
    __name__,
    description="Learned predictions beside the rules: registered, in shadow, promoted by two.",
)

_ONE = f"/<{KEY}:artefact_id>"

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*WATCHERS)
@blp.arguments(ArtefactQuery, location="query")
@blp.response(200, ArtefactPage)
def list_artefacts(query: Mapping[str, Any]) -> dict[str, Any]:
    """Artefacts of the region, in the order of registration"""
    viewer = the_viewer()
    page = artefacts.page_of_artefacts(
        current_session(), viewer, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [_shown(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.get(_ONE)
@requires(*WATCHERS)
@versioned
@blp.response(200, Artefact)
def get_artefact(artefact_id: int) -> Answer:
    """One artefact, and whether its file is whole now"""
    viewer = the_viewer()
    record = artefacts.get_artefact(current_session(), viewer, artefact_id)
    return _shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.get(f"{_ONE}/months")
@requires(*WATCHERS)
@blp.response(200, ArtefactMonths)
def list_months(artefact_id: int) -> dict[str, Any]:
    """How far inputs have moved and how predictions held, by month"""
    viewer = the_viewer()
    found = artefacts.months_of(current_session(), viewer, artefact_id)
    return {"items": [show(Kind.ARTEFACT_MONTH, one.as_mapping(), viewer.rights) for one in found]}


@blp.get(f"{_ONE}/promotions")
@requires(*WATCHERS)
@blp.response(200, PromotionList)
def list_promotions(artefact_id: int) -> dict[str, Any]:
    """What people did with an artefact, the latest first"""
    viewer = the_viewer()
    found = artefacts.steps_of(current_session(), viewer, artefact_id)
    return {"items": [show(Kind.ARTEFACT_CHANGE, one.as_mapping(), viewer.rights) for one in found]}


@blp.post(f"{_ONE}/promotions")
@requires(*STEPPERS)
@creates
@blp.arguments(PromotionCreate)
@blp.response(201, Promotion)
def ask_promotion(body: Mapping[str, Any], artefact_id: int) -> dict[str, Any]:
    """Ask for an artefact in shadow to serve

    Nothing changes until another person confirms, signed in on the pages; no program does so. 409
    says why an artefact cannot serve: a file that is not whole, a gate that it did not pass, or
    made-up people.
    """
    viewer = the_viewer()
    step = artefact_steps.ask_promotion(
        current_session(), viewer, artefact_id, body["why"], now=now()
    )
    return show(Kind.ARTEFACT_CHANGE, step.as_mapping(), viewer.rights)


@blp.post(f"{_ONE}/roll-backs")
@requires(*WATCHERS)
@creates
@blp.arguments(RollBackCreate)
@blp.response(201, Standing)
def roll_back(body: Mapping[str, Any], artefact_id: int) -> dict[str, Any]:
    """Take back the artefact that serves, at once

    The one that served before serves again if its file is whole; otherwise the rules speak alone.
    """
    standing = artefact_steps.roll_back(
        current_session(),
        the_viewer(),
        artefact_id,
        body["why"],
        now=now(),
        to_rules=body["to_rules"],
    )
    return {"state": standing.state, "artefact": standing.artefact}


def _shown(record: ArtefactRecord, viewer: Viewer) -> dict[str, Any]:
    told = artefacts.told(current_session(), viewer, record)
    return show(Kind.ARTEFACT, told, viewer.rights)
