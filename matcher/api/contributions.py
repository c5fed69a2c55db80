"""What was done for a contract: declared by its firm, counted at once, taken back or ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, creates, versioned
from matcher.api.contracts import blp
from matcher.api.schemas.contributions import (
    Contribution,
    ContributionCreate,
    ContributionEnding,
    ContributionPage,
)
from matcher.api.schemas.paging import PageQuery
from matcher.domain.access import Right
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.services import declarations
from matcher.services.declaration_rows import declaration_shown

_ALL = f"/<{KEY}:contract_id>/contributions"
_ONE = f"{_ALL}/<{KEY}:contribution_id>"

Answer = tuple[dict[str, Any], int, dict[str, str]]


class ContributionQuery(PageQuery):
    """Which contributions."""


@blp.get(_ALL)
@requires(Right.OFFICER, Right.CONTRACTOR)
@blp.arguments(ContributionQuery, location="query")
@blp.response(200, ContributionPage)
def list_contributions(query: Mapping[str, Any], contract_id: int) -> dict[str, Any]:
    """What was done for a contract, first one first

    A firm reads what it declared itself, an officer also what was brought in otherwise.
    """
    viewer = the_viewer()
    page = declarations.page_of_declarations(
        current_session(), viewer, contract_id, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [declaration_shown(one, viewer) for one in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post(_ALL)
@requires(Right.CONTRACTOR)
@creates
@versioned
@blp.arguments(ContributionCreate)
@blp.response(201, Contribution)
def declare_contribution(values: Mapping[str, Any], contract_id: int) -> Answer:
    """Declare what was done for a contract

    It counts at once, and some of it is looked at later: the first of a firm, and a sample. The
    same reference with the same values again gives the first one; with other values it is 409.
    """
    viewer = the_viewer()
    one = declarations.declare(current_session(), viewer, contract_id, values, now=now())
    address = url_for(
        "api-contracts.get_contribution", contract_id=contract_id, contribution_id=one.id
    )
    headers = {"ETag": etag_of(one.version), "Location": address}
    return declaration_shown(one, viewer), 201, headers


@blp.get(_ONE)
@requires(Right.OFFICER, Right.CONTRACTOR)
@versioned
@blp.response(200, Contribution)
def get_contribution(contract_id: int, contribution_id: int) -> Answer:
    """One contribution"""
    viewer = the_viewer()
    one = declarations.get_declaration(current_session(), viewer, contract_id, contribution_id)
    return declaration_shown(one, viewer), 200, {"ETag": etag_of(one.version)}


@blp.post(f"{_ONE}/endings")
@requires(Right.CONTRACTOR)
@creates
@versioned
@blp.arguments(ContributionEnding)
@blp.response(201, Contribution)
def end_contribution(values: Mapping[str, Any], contract_id: int, contribution_id: int) -> Answer:
    """End a placement, or take a declaration back

    The ledger gets a contra-entry; nothing is edited. 409 while two officers decide about it.
    """
    viewer = the_viewer()
    one = declarations.end_declaration(
        current_session(),
        viewer,
        contract_id,
        contribution_id,
        end_on=values.get("end_on"),
        now=now(),
    )
    return declaration_shown(one, viewer), 201, {"ETag": etag_of(one.version)}
