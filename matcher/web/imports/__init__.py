"""Pages on which files come in: sent, columns named, proposals decided on, and imported."""

from __future__ import annotations

from matcher.web.imports.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.imports import checking, choosing, doubles, sending  # noqa: F401  isort: skip

__all__ = ["blueprint"]
