"""Pairs that people decided about before an allocation: kept, kept apart, or declined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PairDecision(StrEnum):
    """What was decided: `LOCKED` stays proposed, `FORBIDDEN` is never proposed, nor is `REFUSED`.

    A refusal is the candidate's or the contractor's own no to an earlier proposal; forbidding is a
    choice of staff. Neither weighs in any score.
    """

    LOCKED = "locked"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class DecidedPair:
    """One decision about one pair, by reference."""

    candidate: str
    vacancy: str
    decision: PairDecision

    @property
    def key(self) -> tuple[str, str]:
        """The pair."""
        return self.candidate, self.vacancy
