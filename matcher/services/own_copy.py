"""A copy of everything that is kept about a candidate, to take along.

The structure is documented in the copy itself, under ``about``. Answers about money and home are
in it only while their fold is open; ``money_and_home_included`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import AdviceKind, AuditAction
from matcher.reference.codes import load_codes
from matcher.repositories import advice
from matcher.repositories.own_say import NoteRecord, OwnRequestRecord
from matcher.services import (
    agreements,
    attendance,
    candidates,
    caseload_changes,
    contacts,
    decisions,
    elsewhere,
    introduction_views,
    notes,
    outcomes,
    own_file,
    own_requests,
    predictions,
    seats,
    shortlists,
    weekly_choices,
    weekly_views,
)
from matcher.services.audit import note
from matcher.services.calendar import day_of
from matcher.services.folded import FOLDED_FIELDS
from matcher.services.own_file import ADVICE_MAXIMUM, KnownField, OwnAdvice
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind, show

FORMAT = "matcher own file 1"

ABOUT: Mapping[str, Mapping[str, str]] = {
    "file": {
        "nl": "Alles wat over u is ingevuld. Per onderdeel: de waarde (null is niet bekend), "
        "waarvoor we het bewaren, in welke bewaarklasse, en wie het er wanneer neerzette.",
        "en": "Everything filled in about you. For each part: the value (null is not known), why "
        "we keep it, its class of retention, and who put it there when.",
    },
    "elsewhere": {
        "nl": "Uren per week die u ergens anders bezig bent; niet waarmee.",
        "en": "Hours a week that you spend elsewhere; not on what.",
    },
    "unfinished_cards": {
        "nl": "Bladen die met u zijn begonnen, zoals ze er nu staan.",
        "en": "Sheets that were begun with you, as they stand.",
    },
    "advice": {
        "nl": "Elk voorstel, in woorden, met de dag en de regels.",
        "en": "Each suggestion, in words, with the day and the rules.",
    },
    "places": {
        "nl": "Elke lijst van plekken die met uw gegevens is vergeleken.",
        "en": "Each list of places that was compared with your file.",
    },
    "plans": {"nl": "Elk plan, stap voor stap.", "en": "Each plan, step by step."},
    "decisions": {
        "nl": "Wat een mens besloot, met de reden.",
        "en": "What a person decided, with the reason.",
    },
    "requests": {
        "nl": "Wat u vroeg, en het antwoord.",
        "en": "What you asked, and the answer.",
    },
    "notes": {
        "nl": "Notities van uw coach en van uzelf.",
        "en": "Notes of your coach and of yourself.",
    },
    "introductions": {
        "nl": "Uitnodigingen, uw antwoord, en wat het bedrijf van u zag.",
        "en": "Invitations, your answer, and what the employer saw of you.",
    },
    "lists": {
        "nl": "Lijsten zonder namen waarop u voor een plek staat, en wat er van u op staat.",
        "en": "Lists without names on which you stand for a place, and what they show of you.",
    },
    "programmes": {
        "nl": "Plekken in programma's die u kreeg, kunt krijgen of had.",
        "en": "Seats in programmes that you got, can get or had.",
    },
    "days": {
        "nl": "De dagen die in een programma zijn bijgehouden: gekomen, afgesproken afwezig of "
        "niet gekomen. Voor begeleiding; niet voor een maatregel.",
        "en": "The days noted in a programme: came, agreed absence or did not come. For guidance; "
        "not for a measure.",
    },
    "attempts": {
        "nl": "Wanneer we u probeerden te bereiken, of dat lukte, en wanneer we weer bellen.",
        "en": "When we tried to reach you, whether we did, and when we call again.",
    },
    "elsewhere_further": {
        "nl": "Wie u verder helpt als deze plekken niet passen, met de afspraak.",
        "en": "Who helps you further when these places do not suit you, with the appointment.",
    },
    "work": {
        "nl": "Waar u begon met werken, wat er daarna is gevraagd, en wie wat antwoordde.",
        "en": "Where you started work, what was asked after that, and who answered what.",
    },
    "agreements": {
        "nl": "Wat u, het bedrijf, de gemeente en een fonds over uw werk afspraken.",
        "en": "What you, the employer, the municipality and a fund agreed about your work.",
    },
    "predictions": {
        "nl": "Wat een geleerde voorspelling zei en uw coach kon zien: welke, op welke dag, en "
        "welk deel van de mensen met zulke antwoorden later werkte. Zij verandert geen advies, "
        "geen plek en geen volgorde.",
        "en": "What a learned prediction said that your coach could see: which one, on which day, "
        "and which share of people with such answers was at work later. It changes no advice, no "
        "place and no order.",
    },
    "proposals": {
        "nl": "Voor welke plek of groep een verdeling u voorstelde, en wat iemand besloot.",
        "en": "For which place or group an allocation proposed you, and what somebody decided.",
    },
    "kept_together_or_apart": {
        "nl": "Wat iemand vooraf over u en een plek afsprak, wanneer en waarom.",
        "en": "What somebody agreed beforehand about you and a place, when and why.",
    },
    "coaches": {
        "nl": "Wanneer een andere coach u ging helpen.",
        "en": "When another coach came to help you.",
    },
}
"""What each part of the copy holds."""


def take_copy(
    session: Session,
    viewer: Viewer,
    *,
    with_folded: bool = False,
    language: str = "nl",
    now: datetime,
) -> dict[str, Any]:
    """The whole copy as plain values, ready for JSON: days and moments as ISO 8601 text.

    That it was taken stands in the log.
    """
    note_copy(session, viewer)
    record = own_file.own_record(session, viewer)
    fields = own_file.known_fields(session, viewer, with_folded=with_folded)
    found = own_requests.list_requests(session, viewer, record.id)
    advices = own_file.own_assessments(
        session, viewer, with_folded=with_folded, limit=ADVICE_MAXIMUM
    )
    plans = own_file.own_plans(session, viewer, with_folded=with_folded, limit=ADVICE_MAXIMUM)
    kept = decisions.list_decisions(session, viewer, record.id)
    content = {
        "format": FORMAT,
        "made_at": now,
        "money_and_home_included": with_folded,
        "about": {part: words[language] for part, words in ABOUT.items()},
        "file": {name: _field(field) for name, field in fields.items()},
        "elsewhere": [
            {"hours_a_week": item.hours_a_week, "until": item.until}
            for item in candidates.list_commitments(session, viewer, record.id)
        ],
        "unfinished_cards": [
            {"card": draft.card, "answers": draft.answers, "saved_at": draft.updated_at}
            for draft in own_file.own_drafts(session, viewer, with_folded=with_folded)
        ],
        "advice": [_advice(item, language) for item in advices],
        "places": _places(session, viewer),
        "plans": plans,
        "decisions": [show(Kind.DECISION, row.as_mapping(), viewer.rights) for row in kept],
        "requests": [_request(item, viewer, with_folded) for item in found],
        "notes": [_note(item, viewer) for item in notes.list_notes(session, viewer, record.id)],
        "introductions": [
            {
                "place": one.vacancy,
                "state": one.status,
                "invited_on": one.invited_on,
                "answer_by": one.answer_by,
                "asked_coach": one.asked_coach,
                "shared": one.shares,
                "shown_to_employer": one.shown,
            }
            for one in introduction_views.for_candidate(session, viewer, now=now)
        ],
        "lists": shortlists.own_lines(session, viewer),
        "programmes": [
            show(Kind.SEAT, seat.as_mapping(), viewer.rights)
            for seat in seats.own_seats(session, viewer, with_folded=with_folded)
        ],
        "days": attendance.own_days(session, viewer, with_folded=with_folded),
        "attempts": [
            {"on": one.on, "reached": one.reached, "next_on": one.next_on}
            for one in contacts.list_attempts(session, viewer, record.id)
        ],
        "elsewhere_further": [
            show(Kind.ELSEWHERE, one.as_mapping(), viewer.rights)
            for one in elsewhere.of_candidate(session, viewer, record.id)
        ],
        "work": outcomes.own_copy(session, viewer, on=day_of(now)),
        "agreements": agreements.own_copy(session, viewer),
        "predictions": [
            {
                "artefact": one.artefact,
                "made_up": one.is_synthetic,
                "on": one.on,
                "outcome": one.outcome.get("name"),
                "share": one.probability,
            }
            for one in predictions.shown_of(session, viewer, record.id)
        ],
        "proposals": [
            show(Kind.PROPOSAL, one, viewer.rights)
            for one in weekly_views.own_lines(session, viewer, record.id)
        ],
        "kept_together_or_apart": [
            show(Kind.PAIR_CHOICE, one.as_mapping(), viewer.rights)
            for one in weekly_choices.own_pairs(session, viewer, record.id)
        ],
        "coaches": caseload_changes.changes_for_candidate(session, viewer),
    }
    plain: dict[str, Any] = _plain(content)
    return plain


def note_copy(session: Session, viewer: Viewer) -> None:
    """Notes in the log that a candidate took a copy of the own file."""
    with unit_of_work(session):
        candidate_id = own_requests.own_candidate_id(viewer)
        note(session, AuditAction.EXPORT, kind="candidate", candidate_id=candidate_id, count=1)


def _field(field: KnownField) -> dict[str, Any]:
    return {
        "value": field.value if field.is_known else None,
        "kept_for": field.purpose,
        "retention": field.retention,
        "sensitivity": field.data_class,
        "written_by": None if field.source is None else field.source.right,
        "written_at": None if field.source is None else field.source.at,
    }


def _advice(item: OwnAdvice, language: str) -> dict[str, Any]:
    # A lane is said in words: its code is no more than our name for them.
    return {
        "suggestion": load_codes().label("lanes", item.lane, language),
        "reasons": [text for _tone, text in item.reasons],
        "would_change": item.would_change,
        "questions": [text for _field, text in item.ask_next],
        "about_money_and_home": item.folded,
        "look_again_on": item.review_on,
        "made_on": item.on,
        "rules": item.rules_slug,
        "rules_version": item.rules_version,
    }


def _places(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    candidate_id = own_requests.own_candidate_id(viewer)
    found = advice.list_rows(session, viewer, AdviceKind.MATCHES, candidate_id, ADVICE_MAXIMUM)
    return [
        {
            "made_on": row.on,
            "places": [show(Kind.MATCH, line, viewer.rights) for line in row.result],
        }
        for row in found
    ]


def _request(item: OwnRequestRecord, viewer: Viewer, with_folded: bool) -> dict[str, Any]:
    shown = show(Kind.OWN_REQUEST, item.as_mapping(), viewer.rights)
    if item.field in FOLDED_FIELDS and not with_folded:
        return {**shown, "field": None, "text": None, "answer": None}
    return shown


def _note(item: NoteRecord, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.NOTE, item.as_mapping(), viewer.rights)


def _plain(value: Any) -> Any:
    """Only what JSON knows: sets sorted, days and moments as text, codes as their value."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, set | frozenset):
        return sorted(_plain(held) for held in value)
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return value
