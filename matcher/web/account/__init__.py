"""Signing in and out, the start page of each right, and the language of the pages."""

from __future__ import annotations

from matcher.web.account.views import blueprint

__all__ = ["blueprint"]
