"""How far what firms ask for is: requests, lists of who fits, and half-days on site."""

from __future__ import annotations

from enum import StrEnum


class ShortlistState(StrEnum):
    """How far the list of who fits a place is."""

    COPIED = "copied"
    """A copy whose list was not asked for: what it asks can still change."""
    WAITING = "waiting"
    SHOWN = "shown"
    TOO_FEW = "too_few"
    """The service point calls instead."""


class HalfDay(StrEnum):
    """The part of a day on which a firm meets who might come and work there."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class RequestKind(StrEnum):
    """As what a request of a firm is kept."""

    CALL = "call"
    PLACE = "place"


class WorkRequestState(StrEnum):
    """How far a request of a firm is."""

    DRAFT = "draft"
    CHECK = "check"
    """An officer looks at what was answered about displacement."""
    OPEN = "open"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"
