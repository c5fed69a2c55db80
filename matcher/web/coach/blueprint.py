"""The blueprint of the coach's pages, and what all of them share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint

from matcher.domain.access import Right
from matcher.http.permissions import requires

View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint("coach", __name__)

coaching = requires(Right.COACH, Right.LEAD)
"""Every page here is for who guides candidates; the service narrows it to their own people."""


def belongs_to(area: str) -> Callable[[View], View]:
    """Marks which entry of the menu a page belongs to."""

    def mark(view: View) -> View:
        view.__matcher_area__ = f"coach.{area}"  # type: ignore[attr-defined]  # read by the menu
        return view

    return mark
