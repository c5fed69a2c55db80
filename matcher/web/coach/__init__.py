"""The coach's pages: today, the quick start, five cards, the advice, and what was agreed on."""

from __future__ import annotations

from matcher.web.coach import quick_start
from matcher.web.coach.blueprint import blueprint

__all__ = ["blueprint", "quick_start"]
