"""Pages of a talent centre and of a service point: people by lane, and requests to be called."""

from __future__ import annotations

from matcher.web.talent_centre.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.talent_centre import changes, contact, people, person, requests, together  # noqa: F401  isort: skip

__all__ = ["blueprint"]
