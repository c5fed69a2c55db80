"""The inflow board in words: the sentence on top, what is missing, and where somebody stands."""

from __future__ import annotations

from flask_babel import format_decimal

from matcher.domain.access import Viewer
from matcher.domain.inflow import Forecast, Stand
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services.inflow import Board, Target
from matcher.services.rule_versions import rules_on
from matcher.web.codes import label_of


def first_words(found: Forecast) -> str:
    """“52 plekken open. 12 mensen kunnen nu.”"""
    places = ngettext("%(num)s plek open.", "%(num)s plekken open.", found.open)
    people = ngettext("%(num)s mens kan nu.", "%(num)s mensen kunnen nu.", found.ready)
    return f"{places} {people}"


def then_words(found: Forecast, week: int) -> str:
    """“In 8 weken komen er 19 bij. Tekort: 21.”"""
    coming = ngettext(
        "In %(weeks)s weken komt er %(num)s bij.",
        "In %(weeks)s weken komen er %(num)s bij.",
        found.coming[week],
        weeks=week,
    )
    short = _("Tekort: %(short)s.", short=found.short[week])
    return f"{coming} {short}"


def cause_sentence(board: Board, viewer: Viewer) -> str:
    """“Grootste oorzaak: vervoer vóór 06:30, 14 mensen.”, or nothing without a cause."""
    causes = board.figures["causes"]
    if not causes:
        return ""
    cause, people = causes[0]
    return ngettext(
        "Grootste oorzaak: %(cause)s, %(num)s mens.",
        "Grootste oorzaak: %(cause)s, %(num)s mensen.",
        people,
        cause=cause_words(cause, viewer),
    )


def cause_words(cause: str, viewer: Viewer) -> str:
    """What is missing, as it stands in a sentence."""
    kind, _colon, paper = cause.partition(":")
    if kind == "credential":
        return label_of("credentials", paper)
    if kind == "licence":
        return _("rijbewijs %(code)s", code=paper)
    if kind == "travel_early":
        return _("vervoer vóór %(time)s", time=_first_bus(viewer))
    words = {
        "rhythm": _("komen zoals afgesproken"),
        "work_skills": _("leren op het werk"),
        "language_speak": _("Nederlands spreken"),
        "language_read": _("Nederlands lezen"),
        "digital": _("telefoon of computer"),
        "hours": _("uren en dagen"),
        "travel": _("vervoer"),
        "demands": _("wat het werk vraagt, zoals tillen of tempo"),
        "start": _("de startdag"),
        "guidance": _("uren begeleiding op de plek"),
        "not_known": _("te weinig bekend"),
    }
    return words.get(kind, cause)


def _first_bus(viewer: Viewer) -> str:
    minutes = rules_on(current_session(), str(viewer.region), today()).travel.public_transport_from
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def as_title(words: str) -> str:
    """The same words at the head of a line."""
    return words[:1].upper() + words[1:]


def pace_words(target: Target) -> str:
    """How many people a month are needed from now on."""
    pace = target.progress.pace_needed
    if pace is None:
        if target.until is None:
            return _("Er is nog geen einddag afgesproken.")
        return _("De einddag was %(day)s.", day=day(target.until))
    if not pace or target.until is None:
        return _("Het doel is gehaald.")
    return _(
        "Nodig tot %(day)s: %(pace)s per maand.",
        day=day(target.until),
        pace=format_decimal(pace, "0.0"),
    )


def stand_words(stands: tuple[str, ...], week: int | None) -> str:
    """What the people of a list have in common, as its title."""
    if not stands:
        return _("Mensen op het bord")
    if len(stands) > 1:
        return _("Kunnen nu of binnen %(weeks)s weken starten", weeks=week)
    match stands[0]:
        case Stand.READY:
            return _("Kunnen nu starten")
        case Stand.COMING if week is not None:
            return _("Komen er binnen %(weeks)s weken bij", weeks=week)
        case Stand.COMING:
            return _("Komen erbij")
        case Stand.LIKELY if week is not None:
            return _("Komen er binnen %(weeks)s weken misschien bij", weeks=week)
        case Stand.LIKELY:
            return _("Komen er misschien bij")
        case Stand.ONE_STEP:
            return _("Eén stap van een plek")
        case Stand.HOLDS_PLACE:
            return _("Er wordt een plek vrijgehouden")
        case Stand.AT_WORK:
            return _("Aan het werk")
        case _:
            return _("Meer dan één stap van een plek")


def one_stands(stand: str) -> str:
    """Where one person of a list stands."""
    words = {
        Stand.READY: _("Kan nu starten"),
        Stand.COMING: _("Komt erbij"),
        Stand.LIKELY: _("Komt er misschien bij"),
        Stand.ONE_STEP: _("Eén stap van een plek"),
        Stand.HOLDS_PLACE: _("Er wordt een plek vrijgehouden"),
        Stand.AT_WORK: _("Aan het werk"),
    }
    return words.get(Stand(stand), _("Meer dan één stap van een plek"))


def shut_words(code: str) -> str:
    """The rule that shuts out most people at a place."""
    words = {
        "credential": _("een diploma of certificaat"),
        "licence": _("een rijbewijs"),
        "sector": _("werk dat mensen niet willen"),
        "start": _("de startdag"),
        "rhythm": _("komen zoals afgesproken"),
        "work_skills": _("leren op het werk"),
        "language_speak": _("Nederlands spreken"),
        "language_read": _("Nederlands lezen"),
        "digital": _("telefoon of computer"),
        "load": _("wat het werk vraagt, zoals tillen of tempo"),
        "hours": _("uren en dagen"),
        "travel": _("vervoer"),
        "guidance": _("uren begeleiding op de plek"),
    }
    return words.get(code, code)
