"""*Toezicht*: whether people still decide themselves, and who did what with whose data."""

from __future__ import annotations

from matcher.web.oversight.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.oversight import checks, displacement, figures, log, organisations, reports  # noqa: F401  isort: skip

__all__ = ["blueprint"]
