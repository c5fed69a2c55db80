"""Public contracts, and the social return account of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.contracts import (
    Account,
    AccountQuery,
    Contract,
    ContractCreate,
    ContractPage,
    ContractQuery,
)
from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.etag import etag_of
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.repositories.contracts import ContractRecord
from matcher.services import contract_rows, contracts
from matcher.services.contracts import READERS
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "contracts",
    __name__,
    description="Public contracts, what each owes in social return, and what counts against it.",
)

_ONE = f"/<{KEY}:contract_id>"

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*READERS)
@blp.arguments(ContractQuery, location="query")
@blp.response(200, ContractPage)
def list_contracts(query: Mapping[str, Any]) -> dict[str, Any]:
    """Contracts in reach, those that end first on top

    Officers and analysts reach those of the region, a contractor the own ones.
    """
    viewer = the_viewer()
    page = contracts.page_of_contracts(
        current_session(), viewer, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [_shown(one, viewer) for one in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(Right.OFFICER)
@creates
@versioned
@blp.arguments(ContractCreate)
@blp.response(201, Contract)
def create_contract(values: Mapping[str, Any]) -> Answer:
    """Add a contract to the region

    What it owes is posted to its ledger at once; 400 when the region has no money rules for it.
    """
    viewer = the_viewer()
    one = contracts.create_contract(current_session(), viewer, values, on=today(), now=now())
    address = url_for("api-contracts.get_contract", contract_id=one.id)
    return _shown(one, viewer), 201, {"ETag": etag_of(one.version), "Location": address}


@blp.get(_ONE)
@requires(*READERS)
@versioned
@blp.response(200, Contract)
def get_contract(contract_id: int) -> Answer:
    """One contract"""
    viewer = the_viewer()
    one = contracts.get_contract(current_session(), viewer, contract_id)
    return _shown(one, viewer), 200, {"ETag": etag_of(one.version)}


@blp.get(f"{_ONE}/account")
@requires(*READERS)
@blp.arguments(AccountQuery, location="query")
@blp.response(200, Account)
def get_account(query: Mapping[str, Any], contract_id: int) -> dict[str, Any]:
    """The account of a contract on a day

    The same numbers as `matcher obligation`. A contractor sees totals with people merged, and no
    amount that could tell a benefit. 409 where the region has no money rules.
    """
    viewer = the_viewer()
    view = contracts.get_account(current_session(), viewer, contract_id, query["on"] or today())
    if view.account is None:
        raise Conflict(str(view.refusal))
    return contract_rows.account_shown(view, viewer)


def _shown(one: ContractRecord, viewer: Viewer) -> dict[str, Any]:
    stamps = {name: getattr(one, name) for name in ("id", "version", "created_at", "updated_at")}
    return show(
        Kind.CONTRACT,
        {**stamps, **asdict(one.contract), "organisation_id": one.organisation_id},
        viewer.rights,
        Stage.OWN,
    )
