"""The candidate's own pages, phone first: what is known, what is advised, and what they can do."""

from __future__ import annotations

from matcher.web.candidate.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.candidate import agreed, asking, changing, home, invitations  # noqa: F401  isort: skip
from matcher.web.candidate import known, looking, programmes, sheet, taking, work  # noqa: F401  isort: skip

from matcher.web.candidate.trouble import is_own_page, own_error  # isort: skip

__all__ = ["blueprint", "is_own_page", "own_error"]
