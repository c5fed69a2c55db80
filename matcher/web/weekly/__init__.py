"""Pages of the weekly allocation: scenarios, proposals to decide on, and what would help."""

from __future__ import annotations

from matcher.web.weekly.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.weekly import allocation, overview, pairs, proposal, seat_order  # noqa: F401  isort: skip

__all__ = ["blueprint"]
