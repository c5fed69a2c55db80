"""*Voorspellingen*: what was learned, whether it holds, and who lets it say something."""

from __future__ import annotations

from matcher.web.artefacts.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.artefacts import one, overview, steps  # noqa: F401  isort: skip

__all__ = ["blueprint"]
