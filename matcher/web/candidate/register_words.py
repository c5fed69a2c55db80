"""Why something is kept, how long, and who wrote it: the register of data in plain words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from matcher.domain.access import Right
from matcher.http.clock import today
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.models.base import DataClass, Purpose, Retention
from matcher.reference.retention import load_retention
from matcher.repositories.own_file import Source
from matcher.services.calendar import day_of


@dataclass(frozen=True, slots=True)
class Why:
    """Why, how long and, for what is sensitive, how it is kept."""

    purpose: str
    retention: str
    care: str | None


def why_words(purpose: Purpose, retention: Retention, classes: Collection[DataClass]) -> Why:
    """One purpose of the register in words, with the care that the most sensitive of it asks."""
    return Why(purpose_words(purpose), retention_words(retention), care_words(classes))


def purpose_words(purpose: Purpose) -> str:
    """What something is kept for."""
    return {
        Purpose.GUIDANCE: _("Om samen met u werk te zoeken dat bij u past."),
        Purpose.SUPPORT: _("Om u hulp aan te bieden. Het telt niet mee bij plekken."),
        Purpose.CONTACT: _("Om u te bereiken op de manier die u koos."),
        Purpose.GROUP_AUDIT: _(
            "Om te tellen of groepen eerlijk worden behandeld, en voor de afspraak tussen "
            "gemeente en bedrijven. Het telt niet mee in uw advies."
        ),
        Purpose.ACCOUNTABILITY: _("Om later te kunnen laten zien welk advies u kreeg en waarom."),
        Purpose.INTRODUCTION: _("Om u en een bedrijf bij elkaar te brengen, als u dat wilt."),
        Purpose.OWN_SAY: _("Om antwoord te geven op wat u vraagt of schrijft."),
        Purpose.VACANCY: _("Om werk te beschrijven."),
        Purpose.PROGRAMME: _("Om te beschrijven wat u kunt volgen."),
        Purpose.ACCESS: _("Om te zorgen dat alleen u en uw begeleiders erbij kunnen."),
        Purpose.OPERATION: _("Om dit systeem te laten werken."),
    }[purpose]


def retention_words(retention: Retention) -> str:
    """How long it stays, by the rules of today."""
    days = kept_days(retention)
    if days is None:
        return _("Zolang het nodig is.")
    if retention is Retention.CASE:
        return _("Zolang wij u begeleiden, en daarna nog %(days)s dagen.", days=days)
    return _("Hooguit %(days)s dagen.", days=days)


def kept_days(retention: Retention) -> int | None:
    """How many days the longest rule of a class keeps something; None when no rule counts any."""
    found = [rule.days for rule in load_retention(today()) if rule.kind == retention.value]
    return max((days for days in found if days is not None), default=None)


def care_words(classes: Collection[DataClass]) -> str | None:
    """How it is kept when any of it is sensitive; None for the rest."""
    if DataClass.HEALTH in classes:
        return _("Dit zijn gevoelige gegevens. We bewaren ze op slot. Bedrijven zien ze niet.")
    if DataClass.SENSITIVE in classes:
        return _("Dit is gevoelig. Bedrijven zien het nooit.")
    return None


def source_words(source: Source | None) -> str:
    """Who wrote it last and when, never by name; empty when the log does not say."""
    if source is None:
        return ""
    return _("%(who)s, %(day)s", who=_writer(source.right), day=day(day_of(source.at)))


def _writer(right: Right | None) -> str:
    if right is Right.CANDIDATE:
        return _("Van uzelf")
    if right in (Right.COACH, Right.LEAD):
        return _("Van uw coach")
    if right is Right.TRIAGER:
        return _("Van het talentcentrum")
    return _("Uit een bestand van de gemeente")
