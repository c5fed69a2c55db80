"""A code list and the code that reads it hold the same codes."""

from __future__ import annotations

import pytest

from matcher.domain.vocabulary import BLOCKERS, CONTRACT_TYPES, DIMENSIONS, MODES, SHIFTS, Lane
from matcher.models.states import DecisionReason
from matcher.reference.codes import load_codes

PAIRS = [
    ("decision_reasons", list(DecisionReason)),
    ("lanes", list(Lane)),
    ("blockers", list(BLOCKERS)),
    ("dimensions", list(DIMENSIONS)),
    ("travel_modes", list(MODES)),
    ("shifts", list(SHIFTS)),
    ("contract_types", list(CONTRACT_TYPES)),
]


@pytest.mark.parametrize(("name", "codes"), PAIRS, ids=[name for name, _ in PAIRS])
def test_the_list_of_codes_and_the_program_hold_the_same(name, codes):
    assert sorted(load_codes().list(name).codes) == sorted(str(code) for code in codes)
