"""Introductions for contractor and staff, and the letters that staff pass on."""

from __future__ import annotations

from matcher.web.introductions.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.introductions import contractor, letters, staff  # noqa: F401  isort: skip

__all__ = ["blueprint"]
