"""Who reaches contracts and accounts: who rules on them, who reports, and whose contract it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_

from matcher.domain.access import Right, Viewer
from matcher.models import (
    ContractContribution,
    ContractShare,
    ContributionCheck,
    LedgerEntry,
    PublicContract,
    SettlementDecision,
)
from matcher.models.base import Scoped

_CONTRACT: Any = PublicContract.__table__


def of_region(model: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Of the region of the viewer."""
    return false() if viewer.region is None else model.region == viewer.region


def of_firm(model: Any, viewer: Viewer) -> ColumnElement[bool]:
    """A contract of the firm of the viewer."""
    if viewer.organisation_id is None:
        return false()
    matches: ColumnElement[bool] = model.organisation_id == viewer.organisation_id
    return matches


def of_own_contract(model: Any, viewer: Viewer) -> ColumnElement[bool]:
    """What hangs on a contract of the firm of the viewer."""
    contract = _CONTRACT.alias()
    return exists().where(contract.c.id == model.contract_id, of_firm(contract.c, viewer))


def of_either_firm(model: Any, viewer: Viewer) -> ColumnElement[bool]:
    """A share that the firm of the viewer passed or was asked to take."""
    if viewer.organisation_id is None:
        return false()
    return or_(
        model.giver_id == viewer.organisation_id, model.organisation_id == viewer.organisation_id
    )


_RULING: Mapping[Right, Callable[[Any, Viewer], ColumnElement[bool]]] = dict.fromkeys(
    (Right.OFFICER, Right.ANALYST), of_region
)
CONTRACT_REACH: Mapping[
    type[Scoped], Mapping[Right, Callable[[Any, Viewer], ColumnElement[bool]]]
] = {
    PublicContract: {**_RULING, Right.CONTRACTOR: of_firm},
    ContractContribution: {**_RULING, Right.CONTRACTOR: of_own_contract},
    ContributionCheck: {**_RULING, Right.CONTRACTOR: of_own_contract},
    ContractShare: {**_RULING, Right.CONTRACTOR: of_either_firm},
    LedgerEntry: _RULING,
    SettlementDecision: {**_RULING, Right.CONTRACTOR: of_own_contract},
}
