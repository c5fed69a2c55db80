"""Pages about the inflow of a region: the board, who and what stands behind each number."""

from __future__ import annotations

from matcher.web.inflow.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.inflow import behind, board, monitors, report  # noqa: F401  isort: skip

__all__ = ["blueprint"]
