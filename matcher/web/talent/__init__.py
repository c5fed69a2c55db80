"""“Talent in deze regio”: who looks for work, for everybody to read."""

from __future__ import annotations

from matcher.web.talent.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.talent import page  # noqa: F401  isort: skip

__all__ = ["blueprint"]
