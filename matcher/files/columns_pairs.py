"""The columns of a file of decided pairs, which `allocate` reads."""

from __future__ import annotations

from typing import Final

from matcher.domain.decided_pairs import PairDecision
from matcher.files.columns import Column, Kind, by_name

PAIR_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "candidate",
        Kind.TEXT,
        "The reference of the candidate",
        "Het kenmerk van de kandidaat",
        "K-0001",
        required=True,
        maximum=200,
    ),
    Column(
        "vacancy",
        Kind.TEXT,
        "The reference of the vacancy",
        "Het kenmerk van de vacature",
        "V-017",
        required=True,
        maximum=200,
    ),
    Column(
        "decision",
        Kind.WORD,
        "locked: stays proposed; forbidden: is never proposed; refused: one of both said no before",
        "locked: blijft voorgesteld; forbidden: wordt niet voorgesteld; refused: een van beiden "
        "zei eerder nee",
        "refused",
        required=True,
        words=tuple(decision.value for decision in PairDecision),
    ),
)

PAIR_BY_NAME: Final = by_name(PAIR_COLUMNS)
