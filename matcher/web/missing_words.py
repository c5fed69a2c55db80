"""Answers that are missing, as people call them."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.domain.vocabulary import DIMENSIONS, LEVELS, LOADS
from matcher.http.translate import gettext as _
from matcher.web.codes import label_of


def missing_words(names: Sequence[str]) -> str:
    """Names of fields or dimensions in words, with commas between them."""
    return ", ".join(dict.fromkeys(_word(name) for name in names))


def _word(name: str) -> str:
    if name in DIMENSIONS:
        return label_of("dimensions", name).lower()
    if name in LEVELS:
        return label_of("levels", name).lower()
    if name in LOADS:
        return label_of("loads", name).lower()
    words = {
        "hours_max": _("uren"),
        "travel_max_minutes": _("reistijd"),
        "travel_modes": _("vervoer"),
        "pc4": _("postcode"),
        "sectors": _("gewenst werk"),
        "guidance_need": _("begeleiding"),
    }
    return words.get(name, name)
