"""Each field that is kept, in the words of the candidate's page: its title and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from matcher.domain.vocabulary import LOADS
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.models.states import CandidateStatus, ContactKind
from matcher.web.coach.agreements import CARD as AGREEMENTS
from matcher.web.coach.cards import CARDS, card_title, questions_of
from matcher.web.coach.question import Question
from matcher.web.codes import label_of

ABOUT = "about"
FILE = "file"

_TIME = ("hours_max", "hours_min", "blocked", "current_hours")
_TRAVEL = ("travel_modes", "travel_max_minutes", "pc4")
_STATE = ("reference", "status", "waiting_since", "observed_on", "paused_until", "manual_only")
_END = ("not_reached", "closed_code", "closed_on", "benefit", "birth_year")

GROUPS: Mapping[str, tuple[str, ...]] = {
    ABOUT: ("first_name", "contact_kind", "contact_value", "goal"),
    "work": ("sectors", "sectors_never", "wants_start", "occupations", "start_from", "adult"),
    "time": (*_TIME, *_TRAVEL),
    "can": ("rhythm", "work_skills", *LOADS),
    "language": (
        *("language_speak", "language_read", "digital"),
        *("education", "licences", "credentials"),
    ),
    "support": ("guidance_need",),
    FILE: (*_STATE, *_END),
}
"""The five cards of the intake, with the person before them and the file behind them; answers
about money and home stand in their own fold."""


def group_title(code: str) -> str:
    """The heading of a group."""
    if code == ABOUT:
        return _("Over u")
    if code == FILE:
        return _("Over uw dossier")
    return card_title(code)


def card_words(card: str) -> str:
    """What a sheet that was begun is called."""
    if card in CARDS:
        return card_title(card)
    return _("Onze afspraken") if card == AGREEMENTS else _("Snelle start")


def field_title(name: str) -> str:
    """What a field is called, as a question or as a few words."""
    question = _questions(current_language()).get(name)
    if question is not None:
        return question.title
    return {
        "first_name": _("Voornaam"),
        "contact_kind": _("Hoe we u bereiken"),
        "contact_value": _("Telefoonnummer of adres daarvoor"),
        "goal": _("Wat u wilt bereiken"),
        "wants_start": _("Wanneer u wilt beginnen"),
        "reference": _("Kenmerk van uw dossier"),
        "status": _("Begeleiden we u nu?"),
        "waiting_since": _("U wacht sinds"),
        "observed_on": _("Wanneer we dit voor het laatst bekeken"),
        "paused_until": _("Pauze tot"),
        "manual_only": _("Advies alleen van een mens"),
        "not_reached": _("Hoe vaak we u daarna niet konden bereiken"),
        "closed_code": _("Waarom we stopten"),
        "closed_on": _("Wanneer we stopten"),
        "benefit": _("Uitkering"),
        "birth_year": _("Geboortejaar"),
    }[name]


def empty_words(name: str) -> str:
    """What an empty field says when that is no gap in what we know; else nothing."""
    return {
        "paused_until": _("geen pauze"),
        "closed_code": _("we zijn niet gestopt"),
        "closed_on": _("we zijn niet gestopt"),
    }.get(name, "")


def field_words(name: str, value: Any) -> str:
    """A known value in words."""
    question = _questions(current_language()).get(name)
    if question is not None:
        if isinstance(value, date):
            return day(value)
        return question.say(value)
    if isinstance(value, bool):
        return _("Ja") if value else _("Nee")
    if isinstance(value, date):
        return day(value)
    if name == "contact_kind":
        return contact_words()[ContactKind(value).value]
    if name == "status":
        return _("Ja") if value == CandidateStatus.ACTIVE else _("Nee, we zijn gestopt")
    lists = {"wants_start": "wants_start", "closed_code": "closing_codes", "benefit": "benefits"}
    if name in lists:
        return label_of(lists[name], getattr(value, "value", value))
    return str(value)


def contact_words() -> dict[str, str]:
    """Each way to be reached, by its code."""
    return {
        ContactKind.CALL.value: _("Bellen"),
        ContactKind.SMS.value: _("Sms"),
        ContactKind.MAIL.value: _("E-mail"),
        ContactKind.LETTER.value: _("Brief"),
        ContactKind.VIA_COACH.value: _("Via mijn coach"),
    }


@cache
def _questions(_language: str) -> dict[str, Question]:
    return {question.name: question for card in CARDS for question in questions_of(card)}
