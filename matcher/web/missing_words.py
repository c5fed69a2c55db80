"""Answers that are missing, as people call them."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.domain.vocabulary import LOADS
from matcher.http.translate import gettext as _
from matcher.web.codes import label_of


def missing_words(names: Sequence[str]) -> str:
    """Names of fields in words, with commas between them."""
    return ", ".join(dict.fromkeys(_word(name) for name in names))


def _word(name: str) -> str:
    if name in LOADS:
        return label_of("loads", name).lower()
    words = {
        "rhythm": _("komen zoals afgesproken"),
        "work_skills": _("leren op het werk"),
        "money": _("geld"),
        "language_speak": _("Nederlands spreken"),
        "language_read": _("Nederlands lezen"),
        "home_base": _("thuis geregeld"),
        "digital": _("telefoon of computer"),
        "hours_max": _("uren"),
        "travel_max_minutes": _("reistijd"),
        "travel_modes": _("vervoer"),
        "pc4": _("postcode"),
        "sectors": _("gewenst werk"),
        "guidance_need": _("begeleiding"),
    }
    return words.get(name, name)
