"""Readiness and placement advice for social return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app(config: str | Mapping[str, Any] | None = None) -> Flask:
    """The web application; see ``matcher.application.create_app``.

    Imported on the call, so that the command line and the rules need no Flask.
    """
    from matcher.application import create_app as create

    return create(config)
