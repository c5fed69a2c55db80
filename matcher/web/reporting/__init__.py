"""“Meld het”: anybody reports that a place costs somebody else work, without an account."""

from __future__ import annotations

from matcher.web.reporting.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.reporting import report  # noqa: F401  isort: skip

__all__ = ["blueprint"]
