"""Pages of a long list on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list of `total` items; `number` and `first` count from 1."""

    items: Sequence[Item]
    number: int
    size: int
    total: int

    @property
    def first(self) -> int:
        """Place of the first item on this page, 0 in an empty list."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        """Place of the last item on this page."""
        return min(self.number * self.size, self.total)


def page_of(items: Sequence[Item], number: int, size: int) -> Page[Item]:
    """Page `number` of a list in memory; a number past the end gives the last page."""
    pages = max(1, -(-len(items) // size))
    number = min(max(1, number), pages)
    return Page(items[(number - 1) * size : number * size], number, size, len(items))
