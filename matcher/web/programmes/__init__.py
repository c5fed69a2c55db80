"""Pages about programmes: groups and seats, who came, arrangements, and money for seats."""

from __future__ import annotations

from matcher.web.programmes.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.programmes import arrangements, by_link, funding, group, overview, person, works  # noqa: F401  isort: skip

__all__ = ["blueprint"]
