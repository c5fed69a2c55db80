"""The team lead's pages: who guides whom, hand-overs and stand-ins."""

from __future__ import annotations

from matcher.web.team.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.team import caseloads  # noqa: F401  isort: skip

__all__ = ["blueprint"]
