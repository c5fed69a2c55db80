"""The steps of an introduction by the one table of transitions: who, from where, and only once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.transitions import NotListed, State, Step, Transition, listed, right_for
from matcher.models import Candidate, Introduction, Vacancy
from matcher.models.states import IntroductionState
from matcher.repositories import introductions as rows
from matcher.services.introduction_checks import NotPossible, Pair, why_not

NOTED = {
    Step.INVITE: "invited",
    Step.ASK_TO_SITE: "invited",
    Step.CONSENT: "consented",
    Step.MEET: "introduced",
    Step.TALK: "talked",
    Step.STOP: "ended",
    Step.WITHDRAW: "ended",
    Step.TRY: "placed",
    Step.AGREE: "placed",
}
"""What everybody on an introduction may read of a step; a refusal is none."""
_ANSWERS = (Step.CONSENT, Step.REFUSE, Step.ASK_COACH)
_MEANS = {
    IntroductionState.INVITED: State.INVITED,
    IntroductionState.ACCEPTED: State.ACCEPTED,
    IntroductionState.INTRODUCED: State.INTRODUCED,
    IntroductionState.CLOSED: State.CLOSED,
}


def state_of(session: Session, viewer: Viewer, row: Introduction, now: datetime) -> State:
    """How far it is for a viewer: a refusal for who refused alone, what expired is closed."""
    if row.id in rows.refused_ids(session, viewer):
        return State.REFUSED
    if row.state is IntroductionState.INVITED and row.expires_at <= now:
        return State.CLOSED
    return _MEANS[row.state]


def may_take(
    session: Session,
    viewer: Viewer,
    row: Introduction,
    step: Step,
    *,
    key: str | None,
    now: datetime,
) -> tuple[Transition, Right] | None:
    """The line of the table and the right that it is taken with; None when `key` took it before.

    Forbidden for who never takes that step; NotPossible where it is not listed.
    """
    right_for(step, viewer.rights)
    if is_repeated(session, viewer, row, step, key):
        return None
    state = state_of(session, viewer, row, now)
    try:
        return listed(state, step, viewer.rights)
    except NotListed:
        said = state is State.REFUSED or row.answer is not None
        raise NotPossible("answered" if step in _ANSWERS and said else "over") from None


def is_repeated(
    session: Session, viewer: Viewer, row: Introduction, step: Step, key: str | None
) -> bool:
    """Whether the same request was carried out already; NotPossible for another step under it."""
    if key is None:
        return False
    noted = rows.noted_under(session, row, key)
    if noted is None and rows.refused_under(session, viewer, row, key):
        noted = Step.REFUSE.value
    if noted is None:
        return False
    if noted != NOTED.get(step, step.value):
        raise NotPossible("key_used")
    return True


def check_needs(
    session: Session,
    line: Transition,
    candidate: Candidate | None,
    vacancy: Vacancy,
    row: Introduction | None,
    now: datetime,
) -> None:
    """NotPossible with the first need of a step that is not met."""
    why = why_not(session, line, Pair(candidate, vacancy, row, now))
    if why is not None:
        raise NotPossible(why)
