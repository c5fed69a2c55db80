"""Accounts: who may sign in and for what, changed by two admins together; no personal file."""

from __future__ import annotations

from matcher.web.admin import accounts, changes
from matcher.web.admin.blueprint import blueprint

__all__ = ["accounts", "blueprint", "changes"]
