"""What speaks of money: kept in its own fold, never between the rest (practice.md section 3)."""

from __future__ import annotations

from matcher.domain.programme import Programme
from matcher.services.folded import MONEY as FIELD

__all__ = ["FIELD", "is_money_programme"]


def is_money_programme(programme: Programme) -> bool:
    """Whether a programme is there for money alone; it is offered in the fold about money."""
    return programme.is_money_support
