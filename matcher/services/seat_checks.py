"""What keeps somebody from a seat, and what is said when it does."""

from __future__ import annotations

from datetime import date, datetime

from matcher.domain.errors import Conflict
from matcher.models import Candidate
from matcher.models.states import CandidateStatus
from matcher.services.calendar import day_of


class SeatNotPossible(Conflict):
    """The state forbids it; `why` is a code that pages put in words.

    ``full`` (with `next_on`, the first day of the next group with a seat, if any), ``money`` (the
    budget has too little left), ``others_first`` (as many people as there are seats wait longer),
    ``closed`` and ``paused`` (the candidate), ``already`` (a seat or an offer in this programme),
    ``begun`` (the group began), ``over`` (no longer open for this step), ``answered``,
    ``too_early`` (a seat goes to who stands by from the morning of the first day on) or ``came``.
    """

    def __init__(self, why: str, next_on: date | None = None) -> None:
        words = _WORDS[why]
        if why == "full":
            words += (
                "; no later group has a seat yet, put the candidate on the waiting list"
                if next_on is None
                else f"; the next group with a seat starts on {next_on.isoformat()}"
            )
        super().__init__(words)
        self.why = why
        self.next_on = next_on


_WORDS = {
    "full": "every seat of this group is taken",
    "money": "the budget of this group has too little left for another seat",
    "others_first": "people who wait longer come first; put the candidate on the waiting list",
    "closed": "the file of this candidate is closed",
    "paused": "this candidate is paused; book a seat after the pause",
    "already": "this candidate has a seat or an offer in this programme already",
    "begun": "this group has begun; choose a later one",
    "over": "this seat is not open for this step",
    "answered": "this offer was answered already",
    "too_early": "a seat is passed on from the morning of the first day on",
    "came": "this candidate came; the seat is theirs",
}


def why_not_person(candidate: Candidate, now: datetime) -> str | None:
    """What about the candidate stands in the way of a seat now, as a code; None when nothing."""
    if candidate.status is not CandidateStatus.ACTIVE:
        return "closed"
    if candidate.paused_until is not None and candidate.paused_until > day_of(now):
        return "paused"
    return None
