"""What has to be so before a step of an introduction, and what is said when it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.errors import Refused
from matcher.domain.transitions import Need, Transition
from matcher.domain.vocabulary import Lane
from matcher.models import Candidate, Introduction, Vacancy
from matcher.models.states import CandidateStatus, ConsentAnswer, DecisionSubject, VacancyStatus
from matcher.reference.introductions import load_introduction_terms
from matcher.repositories import candidates, decisions
from matcher.repositories import introductions as rows
from matcher.services.calendar import day_of
from matcher.services.fits import INTRODUCED
from matcher.services.inputs import region_inputs
from matcher.services.introduction_preview import pair_of


class NotPossible(Refused):
    """The state forbids it; `why` is a code that pages put in words.

    ``closed`` and ``paused`` (the candidate), ``vacancy_closed``, ``lane``, ``by_person`` (only a
    person decides for this candidate), ``blocked``, ``ask_first`` (P-6), ``full``, ``guidance``
    (the site has too few hours of guidance left), ``too_many_invitations``, ``already_invited``,
    ``consent`` (there is no yes), ``over`` (no longer open for this step), ``answered`` or
    ``key_used`` (the same key came with another step).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why, _WORDS[why])


_WORDS = {
    "closed": "the file of this candidate is closed",
    "paused": "this candidate is paused; invite them after the pause",
    "vacancy_closed": "this vacancy is not open",
    "lane": "this candidate cannot start yet; a programme comes first",
    "by_person": "only a person decides for this candidate; record the lane first",
    "blocked": "something blocks this candidate for this vacancy",
    "ask_first": "something has to be asked of this candidate first",
    "full": "every place of this vacancy is taken",
    "guidance": "the site has no hours of guidance left for this candidate",
    "too_many_invitations": "there are as many open invitations as this vacancy may have",
    "already_invited": "this candidate was invited for this vacancy already",
    "consent": "the candidate did not say yes to this introduction",
    "over": "this introduction is not open for this step",
    "answered": "this invitation was answered already",
    "key_used": "this key came before with another step; use a new one",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Who and where; `candidate` None once erased, `row` None before there is an introduction."""

    candidate: Candidate | None
    vacancy: Vacancy
    row: Introduction | None
    now: datetime


def why_not(session: Session, line: Transition, pair: Pair) -> str | None:
    """The first of the needs of a step that is not met, as a code; None when all are."""
    for need in line.needs:
        why = CHECKS[need](session, pair)
        if why is not None:
            return why
    return None


def _able(_session: Session, pair: Pair) -> str | None:
    person = pair.candidate
    if person is None or person.status is not CandidateStatus.ACTIVE:
        return "closed"
    until = person.paused_until
    return "paused" if until is not None and until > day_of(pair.now) else None


def _open_place(_session: Session, pair: Pair) -> str | None:
    return None if pair.vacancy.status is VacancyStatus.OPEN else "vacancy_closed"


def _once(session: Session, pair: Pair) -> str | None:
    person = pair.candidate
    was = person is not None and rows.was_invited(session, person.id, pair.vacancy.id)
    return "already_invited" if was else None


def _capacity(session: Session, pair: Pair) -> str | None:
    if rows.count_introduced(session, pair.vacancy.id) >= pair.vacancy.places:
        return "full"
    person = pair.candidate
    has_room = person is None or has_guidance_left(session, person, pair.vacancy)
    return None if has_room else "guidance"


def _room(session: Session, pair: Pair) -> str | None:
    left = pair.vacancy.places - rows.count_introduced(session, pair.vacancy.id)
    limit = load_introduction_terms(day_of(pair.now)).open_invitations_a_place
    is_full = rows.count_open(session, pair.vacancy.id, pair.now) >= limit * left
    return "too_many_invitations" if is_full else None


def _lane(session: Session, pair: Pair) -> str | None:
    """Decided by a person, else suggested: only who can start, alone or with support."""
    candidate = pair.candidate
    if candidate is None:
        return "lane"
    decided = decisions.standing(session, candidate.id, DecisionSubject.LANE)
    if decided is not None:
        return None if Lane(decided) in INTRODUCED else "lane"
    if candidate.manual_only:
        return "by_person"
    advisor = region_inputs(session, candidate.region, on=day_of(pair.now), language="nl").advisor
    suggested = advisor.lane(candidates.to_profile(candidate))
    return None if suggested in INTRODUCED else "lane"


def _fit(session: Session, pair: Pair) -> str | None:
    """Whether something blocks the pair, or has to be asked first (P-6)."""
    if pair.candidate is None:
        return "blocked"
    found = pair_of(session, pair.candidate, pair.vacancy, on=day_of(pair.now))
    if not found.eligible:
        return "blocked"
    return "ask_first" if found.ask_first else None


def _consent(_session: Session, pair: Pair) -> str | None:
    said_yes = pair.row is not None and pair.row.answer is ConsentAnswer.YES
    return None if said_yes and pair.candidate is not None else "consent"


CHECKS: Mapping[Need, Callable[[Session, Pair], str | None]] = {
    Need.ABLE: _able,
    Need.OPEN_PLACE: _open_place,
    Need.ONCE: _once,
    Need.CAPACITY: _capacity,
    Need.ROOM: _room,
    Need.LANE: _lane,
    Need.FIT: _fit,
    Need.CONSENT: _consent,
}
"""Every need of an introduction; a step with a need that nobody checks cannot be taken."""


def has_guidance_left(session: Session, candidate: Candidate, vacancy: Vacancy) -> bool:
    """Whether a site can guide one more: never beyond its hours a week (P-7).

    What is not known of a person or of a site takes and limits nothing here; allocations are more
    careful (contract, section 3).
    """
    if vacancy.guidance_hours is None or candidate.guidance_need is None:
        return True
    taken = rows.guidance_taken(session, vacancy.id, besides=candidate.id)
    return taken + candidate.guidance_need <= vacancy.guidance_hours
