"""Pages of work that takes long: ask for it, follow it, stop it, and read what came of it."""

from __future__ import annotations

from matcher.web.jobs.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.jobs import job, overview, people  # noqa: F401  isort: skip

__all__ = ["blueprint"]
