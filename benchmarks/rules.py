"""What each hard rule shuts out by itself, in the data that the kernel is measured on."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.scale import SCALES, removed_by, scale
from benchmarks.tables import Cells
from matcher.domain.vocabulary import BLOCKERS

TITLE = "Pairs that each rule removes by itself, in percent of all pairs"
PEOPLE, PLACES = 2_000, 1_000


@dataclass(frozen=True)
class Removed:
    """One rule and the share of pairs that it shuts out, by percent feasible."""

    code: str
    shares: dict[int, float]

    def cells(self) -> Cells:
        """A column for each set of data."""
        columns = {f"near {percent} %": f"{share:.1f}" for percent, share in self.shares.items()}
        return {"rule": self.code, **columns}


def rows() -> list[Removed]:
    """All blockers, over evenly spread pairs of each set of data."""
    removed = {percent: removed_by(scale(percent, PEOPLE, PLACES)) for percent in SCALES}
    return [
        Removed(code, {percent: shares.get(code, 0.0) for percent, shares in removed.items()})
        for code in BLOCKERS
    ]
