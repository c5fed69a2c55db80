"""What has to be so before a candidate is invited, and what is said when it is not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.errors import Conflict
from matcher.domain.vocabulary import Lane
from matcher.models import Candidate, Vacancy
from matcher.models.states import CandidateStatus, DecisionSubject, VacancyStatus
from matcher.reference.introductions import load_introduction_terms
from matcher.repositories import candidates, decisions
from matcher.repositories import introductions as rows
from matcher.services.calendar import day_of
from matcher.services.fits import INTRODUCED
from matcher.services.inputs import region_inputs
from matcher.services.introduction_preview import pair_of


class NotPossible(Conflict):
    """The state forbids it; `why` is a code that pages put in words.

    ``closed`` and ``paused`` (the candidate), ``vacancy_closed``, ``lane``, ``by_person`` (only a
    person decides for this candidate), ``blocked``, ``ask_first`` (P-6), ``full``, ``guidance``
    (the site has too few hours of guidance left), ``too_many_invitations``, ``already_invited``,
    ``over`` (no longer open for this step) or ``answered``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS[why])
        self.why = why


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
    "over": "this introduction is not open for this step",
    "answered": "this invitation was answered already",
}


def why_not(session: Session, candidate: Candidate, vacancy: Vacancy, now: datetime) -> str | None:
    """The first thing that stands in the way of inviting, as a code; None when nothing does."""
    on = day_of(now)
    if candidate.status is not CandidateStatus.ACTIVE:
        return "closed"
    if candidate.paused_until is not None and candidate.paused_until > on:
        return "paused"
    return (
        _why_not_vacancy(session, candidate, vacancy, now)
        or _why_not_lane(session, candidate, now)
        or why_not_pair(session, candidate, vacancy, now)
    )


def _why_not_vacancy(
    session: Session, candidate: Candidate, vacancy: Vacancy, now: datetime
) -> str | None:
    if vacancy.status is not VacancyStatus.OPEN:
        return "vacancy_closed"
    if rows.was_invited(session, candidate.id, vacancy.id):
        return "already_invited"
    left = vacancy.places - rows.count_introduced(session, vacancy.id)
    if left <= 0:
        return "full"
    if not has_guidance_left(session, candidate, vacancy):
        return "guidance"
    limit = load_introduction_terms(day_of(now)).open_invitations_a_place
    if rows.count_open(session, vacancy.id, now) >= limit * left:
        return "too_many_invitations"
    return None


def _why_not_lane(session: Session, candidate: Candidate, now: datetime) -> str | None:
    """Decided by a person, else suggested: only who can start, alone or with support."""
    decided = decisions.standing(session, candidate.id, DecisionSubject.LANE)
    if decided is not None:
        return None if Lane(decided) in INTRODUCED else "lane"
    if candidate.manual_only:
        return "by_person"
    advisor = region_inputs(session, candidate.region, on=day_of(now), language="nl").advisor
    suggested = advisor.lane(candidates.to_profile(candidate))
    return None if suggested in INTRODUCED else "lane"


def has_guidance_left(session: Session, candidate: Candidate, vacancy: Vacancy) -> bool:
    """Whether a site can guide one more: never beyond its hours a week (P-7).

    What is not known of a person or of a site takes and limits nothing here; allocations are more
    careful (contract, section 3).
    """
    if vacancy.guidance_hours is None or candidate.guidance_need is None:
        return True
    taken = rows.guidance_taken(session, vacancy.id, besides=candidate.id)
    return taken + candidate.guidance_need <= vacancy.guidance_hours


def why_not_pair(
    session: Session, candidate: Candidate, vacancy: Vacancy, now: datetime
) -> str | None:
    """Whether something blocks the pair, or has to be asked first (P-6)."""
    pair = pair_of(session, candidate, vacancy, on=day_of(now))
    if not pair.eligible:
        return "blocked"
    return "ask_first" if pair.ask_first else None
