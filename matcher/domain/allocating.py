"""How an allocation can be made: what is asked of it, apart from who and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.decided_pairs import DecidedPair
from matcher.domain.vocabulary import Lane

DEFAULT_LANES = (Lane.READY_NOW, Lane.READY_WITH_SUPPORT)
"""Who can be introduced; others compete for seats of programmes (contract.md section 3)."""


class Method(StrEnum):
    """How an allocation is made."""

    OPTIMAL = "optimal"
    GREEDY = "greedy"
    FIRST_COME = "first-come"


class SeatOrder(StrEnum):
    """How seats alone go: by days waited, unless an officer switches (contract.md section 3)."""

    WAITING = "waiting"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Choice:
    """How to allocate: the method, who may be placed, the floor as a share, the seed, how seats
    alone are given out, and what people decided about pairs beforehand."""

    method: Method = Method.OPTIMAL
    lanes: tuple[Lane, ...] = DEFAULT_LANES
    floor: float = 0.0
    seed: int = 0
    seats: SeatOrder = SeatOrder.WAITING
    decided: tuple[DecidedPair, ...] = ()
