"""Pages on which employer, coach and candidate agree on work: a trial, the work, what each does."""

from __future__ import annotations

from matcher.web.agreeing.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.agreeing import retender, sheets, work  # noqa: F401  isort: skip

__all__ = ["blueprint"]
