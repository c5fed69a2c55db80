"""Short words for what a gap, a blocker or a missing answer is about."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.domain.vocabulary import LEVELS, LOADS
from matcher.http.translate import gettext as _
from matcher.web.codes import label_of


def subject_words(subject: str) -> str:
    """What something is about, in one or two words: “taal”, “tillen”, “uren”."""
    short = {
        "rhythm": _("ritme"),
        "work_skills": _("leren"),
        "language_speak": _("taal"),
        "language_read": _("lezen"),
        "digital": _("telefoon of computer"),
        "home_base": _("thuis geregeld"),
        "money": _("geld"),
        "hours": _("uren"),
        "hours_max": _("uren per week"),
        "travel": _("reis"),
        "travel_max_minutes": _("reistijd"),
        "travel_modes": _("manier van reizen"),
        "pc4": _("postcode"),
        "sectors": _("gewenst werk"),
        "start": _("startdatum"),
        "guidance": _("begeleiding"),
        "education": _("opleiding"),
    }
    if subject in short:
        return short[subject]
    if subject in LOADS:
        return label_of("loads", subject).lower()
    if subject in LEVELS:
        return label_of("levels", subject).lower()
    return subject


def joined(words: Iterable[str], most: int = 2) -> str:
    """`a en b`, and how many more there are beyond `most`."""
    found = list(dict.fromkeys(words))
    shown, rest = found[:most], len(found) - most
    if rest > 0:
        return _("%(first)s en %(count)s meer", first=", ".join(shown), count=rest)
    if len(shown) < 2:
        return "".join(shown)
    return _("%(first)s en %(last)s", first=", ".join(shown[:-1]), last=shown[-1])
