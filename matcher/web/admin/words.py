"""What a change of an account is, in words: what stands there now, and what it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.domain.access import Right
from matcher.http.language import LANGUAGE_NAMES
from matcher.http.translate import gettext as _
from matcher.models.states import ChangeState
from matcher.web.codes import label_of
from matcher.web.navigation import right_names


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that becomes different; `before` is None for a new account."""

    label: str
    before: str | None
    after: str


def lines_of(wanted: Mapping[str, Any], present: Mapping[str, Any] | None) -> list[Line]:
    """A change in the order of the form."""
    return [
        Line(label, None if present is None else _words(name, present[name]), _words(name, value))
        for name, label in _labels().items()
        if (value := wanted.get(name)) is not None or name in wanted
    ]


def _labels() -> dict[str, str]:
    return {
        "name": _("Naam"),
        "rights": _("Waarvoor"),
        "region": _("Regio"),
        "organisation": _("Bedrijf"),
        "email": _("E-mailadres"),
        "language": _("Taal"),
        "is_active": _("Account"),
        "reset_second_factor": _("Tweede stap"),
    }


def _words(name: str, value: Any) -> str:
    if name == "rights":
        return rights_words(value)
    if name == "region":
        return label_of("regions", value) or "–"
    if name == "language":
        return LANGUAGE_NAMES[value]
    if name == "is_active":
        return _("open") if value else _("gesloten")
    if name == "reset_second_factor":
        return _("opnieuw instellen") if value else _("blijft")
    return str(value) if value else "–"


def rights_words(rights: Iterable[str]) -> str:
    """Rights as people call them, in their own order."""
    names, held = right_names(), set(rights)
    return ", ".join(names[right] for right in Right if right in held)


def state_words(state: ChangeState) -> str:
    """How far a change came."""
    return {
        ChangeState.ASKED: _("wacht op een tweede beheerder"),
        ChangeState.CONFIRMED: _("bevestigd"),
        ChangeState.REFUSED: _("geweigerd"),
        ChangeState.WITHDRAWN: _("ingetrokken"),
    }[state]
