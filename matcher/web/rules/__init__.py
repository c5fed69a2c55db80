"""*Regels*: the versions of a region's rules, and how two officers change them."""

from __future__ import annotations

from matcher.web.rules.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.rules import effects, overview, steps, writing  # noqa: F401  isort: skip

__all__ = ["blueprint"]
