"""Pages about people at work: what is to do, how it goes, and how it is months later."""

from __future__ import annotations

from matcher.web.follow_up.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.follow_up import agenda, firm, overview, person  # noqa: F401  isort: skip

__all__ = ["blueprint"]
