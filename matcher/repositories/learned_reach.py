"""What of learned artefacts is reached: what names nobody everywhere, what was shown with whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, true

from matcher.domain.access import Viewer

Condition = ColumnElement[bool]
Rule = Callable[[Any, Viewer], Condition]


def shown(reach: Rule) -> Rule:
    """Only predictions that were shown, of whoever is reached; of a shadow nothing is found."""

    def rule(model: Any, viewer: Viewer) -> Condition:
        return and_(model.is_shown.is_(True), reach(model, viewer))

    return rule


def everywhere(_model: Any, _viewer: Viewer) -> Condition:
    """Of every region, for who runs the service."""
    return true()
