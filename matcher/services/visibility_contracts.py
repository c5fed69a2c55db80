"""Who sees what of public contracts: their accounts, what was declared and what was passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcher.domain.access import Right
from matcher.services.visibility_fields import (
    ACCOUNT_FIGURES,
    DECLARED,
    OWN_CONTRACT,
    OWN_SAMPLE,
    SHARED,
    WHOLE_CONTRIBUTION,
    WHOLE_LEDGER_LINE,
    WHOLE_SAMPLE,
    WHOLE_SETTLEMENT,
    fields_of,
)
from matcher.services.visibility_kinds import Kind, Stage

_Cells = dict[tuple[Right, Stage], frozenset[str]]


def _own(rights: Iterable[Right], fields: frozenset[str]) -> _Cells:
    return {(right, Stage.OWN): fields for right in rights}


CONTRACT_CELLS: Mapping[Kind, _Cells] = {
    Kind.CONTRACT: _own((Right.OFFICER, Right.ANALYST, Right.CONTRACTOR), OWN_CONTRACT),
    # The group tells which benefit somebody has: for who rules on the account alone.
    Kind.CONTRIBUTION: _own((Right.OFFICER,), WHOLE_CONTRIBUTION)
    | _own((Right.CONTRACTOR,), DECLARED),
    Kind.CONTRIBUTION_CHECK: _own((Right.OFFICER,), WHOLE_SAMPLE)
    | _own((Right.CONTRACTOR,), OWN_SAMPLE),
    Kind.CONTRACT_SHARE: _own((Right.OFFICER, Right.ANALYST, Right.CONTRACTOR), SHARED),
    Kind.LEDGER_ENTRY: _own((Right.OFFICER,), WHOLE_LEDGER_LINE),
    Kind.SETTLEMENT_DECISION: {
        **_own((Right.OFFICER,), WHOLE_SETTLEMENT),
        (Right.ANALYST, Stage.OWN): WHOLE_SETTLEMENT - {"why"},
        (Right.CONTRACTOR, Stage.OWN): fields_of("cents", "choice", "why", "second_at"),
    },
    # A contractor sees totals, people merged; a single amount could tell a benefit.
    Kind.SOCIAL_RETURN_ACCOUNT: {
        (Right.OFFICER, Stage.OWN): fields_of(ACCOUNT_FIGURES, "steps", "ledger"),
        (Right.ANALYST, Stage.OWN): ACCOUNT_FIGURES,
        (Right.CONTRACTOR, Stage.OWN): ACCOUNT_FIGURES - {"realised_cents"},
    },
}
