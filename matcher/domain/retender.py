"""A public contract that ends: how near that is, and whether a job on it has a plan.

Source: product.md row 27: the end of a contract closes no placement; each active one has a named
plan before the end, or a red item.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

TRANSFER = "transfer"
"""The one plan that needs the candidate's own yes."""


def alert_of(end_on: date, on: date, days: Sequence[int]) -> int | None:
    """The nearest of `days` before the end that has come; None before the first and after the end.

    A contract that was entered late is told of once, at how near it is, and not at what has passed.
    """
    left = (end_on - on).days
    return min((each for each in days if 0 <= left <= each), default=None)


def has_plan(plan: str | None, consented: bool, due_on: date | None, on: date) -> bool:
    """Whether a job has a plan that holds; a transfer without a yes holds until its day alone."""
    if plan is None:
        return False
    return plan != TRANSFER or consented or (due_on is not None and on <= due_on)
