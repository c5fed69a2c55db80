"""Signing in and out, the own account, the start page of each right, and the language."""

from __future__ import annotations

from matcher.web.account import (
    mail_links,
    own_account,
    own_door,
    second_step,
    single_sign_on,
    views,
)
from matcher.web.account.blueprint import blueprint

__all__ = [
    "blueprint",
    "mail_links",
    "own_account",
    "own_door",
    "second_step",
    "single_sign_on",
    "views",
]
