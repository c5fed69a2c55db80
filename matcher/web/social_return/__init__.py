"""Pages of social return accounts: for whoever rules on them, and for the firm whose they are."""

from __future__ import annotations

from matcher.web.social_return.blueprint import blueprint

# Importing the views puts them on the blueprint.
from matcher.web.social_return import accounts, declaring, effort, own, settling, sharing  # noqa: F401  isort: skip

__all__ = ["blueprint"]
