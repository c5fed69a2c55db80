"""The coach's pages: today, the quick start, five cards, the advice, and what was agreed on."""

from __future__ import annotations

from matcher.web.coach.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.coach import advice, agreements, card, person, places  # noqa: F401  isort: skip
from matcher.web.coach import motivation, own_choice, own_page, own_request  # noqa: F401  isort: skip
from matcher.web.coach import quick_start, take_home, today, what_if  # noqa: F401  isort: skip

__all__ = ["blueprint"]
