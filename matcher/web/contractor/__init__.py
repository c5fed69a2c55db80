"""Pages of a contractor: who works already, the own vacancies, and “Bel mij”."""

from __future__ import annotations

from matcher.web.contractor.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.contractor import calls, displacement, feasible, home, vacancies  # noqa: F401  isort: skip

__all__ = ["blueprint"]
