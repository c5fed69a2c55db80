"""“Wie past hier?”: the list without names, the half-day, and the copy that asks something else."""

from __future__ import annotations

from matcher.web.shortlist.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.shortlist import page  # noqa: F401  isort: skip

__all__ = ["blueprint"]
