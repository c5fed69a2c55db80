"""Every step from an invitation to the end of the work, in one table: what is not in it cannot be.

Source: product.md section 4, *State machine*: an invitation is sent; the candidate accepts,
declines, or it expires; introduced, perhaps a trial, agreed, active, ended; only listed
transitions, each with who, when and under which key; a place is kept from *introduced* on and free
again at the end. Introductions and placements are its two halves: the first ends where the second
begins.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.access import Right
from matcher.domain.errors import Forbidden


class State(StrEnum):
    """How far it is; the values of an introduction, then those of a placement."""

    NEW = "new"
    """Nothing was asked of anybody yet."""
    INVITED = "invited"
    REFUSED = "refused"
    """The candidate said no: known to the candidate alone, who else sees *invited*."""
    ACCEPTED = "accepted"
    INTRODUCED = "introduced"
    CLOSED = "closed"
    TRIAL = "trial"
    AGREED = "agreed"
    ACTIVE = "active"
    ENDED = "ended"


OVER = (State.REFUSED, State.CLOSED, State.ENDED)
"""Nothing comes after these."""
KEEPS_A_PLACE = (State.INTRODUCED, State.TRIAL, State.AGREED, State.ACTIVE)


class Step(StrEnum):
    """What somebody does."""

    INVITE = "invite"
    ASK_TO_SITE = "ask_to_site"
    """The contractor asks who stands on a list to come for half a day, without knowing who."""
    CONSENT = "consent"
    REFUSE = "refuse"
    ASK_COACH = "ask_coach"
    TALK = "talk"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    MEET = "meet"
    STOP = "stop"
    """The contractor ends it before there is work."""
    TRY = "try"
    AGREE = "agree"
    START = "start"
    END = "end"


class Need(StrEnum):
    """What has to be so before a step, each checked by one function of the services."""

    ABLE = "able"
    """An active file that is not paused."""
    OPEN_PLACE = "open_place"
    ONCE = "once"
    """Nobody is asked twice for one place."""
    CAPACITY = "capacity"
    """A place that nobody has, and hours of guidance for one more."""
    ROOM = "room"
    """Fewer open invitations than a place may have."""
    LANE = "lane"
    """Who can start, alone or with support."""
    FIT = "fit"
    """Nothing blocks the pair, and nothing has to be asked first."""
    CONSENT = "consent"
    """The candidate's own yes to this introduction, not taken back."""
    DISPLACEMENT = "displacement"
    """The questions about displacement were answered, and nothing waits for an officer."""
    FIRST_TIME = "first_time"
    """This person never worked at this employer before."""
    REASON = "reason"
    """Without an introduction: a named reason why there was none."""
    DAY = "day"
    """The first day has come."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table; no rights is a step of the service itself.

    `is_seen` is False for what a candidate says before a yes: it leaves no event and no other trace
    that anybody else could read.
    """

    step: Step
    before: State
    after: State
    rights: tuple[Right, ...]
    needs: tuple[Need, ...] = ()
    is_seen: bool = True


_GUIDES = (Right.COACH, Right.LEAD, Right.TRIAGER)
_INVITERS = (*_GUIDES, Right.SERVICE_POINT)
_FIRM = (Right.CONTRACTOR,)
_OWN = (Right.CANDIDATE,)
_AGREERS = (*_GUIDES, *_FIRM)
"""Both sides write down what they agreed; the candidate reads it, and ends it whenever."""
_STARTERS = (*_GUIDES, *_FIRM, *_OWN)

_ASKING = (
    Need.ABLE, Need.OPEN_PLACE, Need.ONCE, Need.CAPACITY, Need.ROOM, Need.LANE, Need.FIT,
)  # fmt: skip
_STILL = (Need.OPEN_PLACE, Need.CAPACITY, Need.FIT)
"""What may have changed between the invitation and the yes."""
_AFTER_MEETING = (Need.CONSENT, Need.DISPLACEMENT)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Step.INVITE, State.NEW, State.INVITED, _INVITERS, _ASKING),
    Transition(Step.ASK_TO_SITE, State.NEW, State.INVITED, _FIRM, _ASKING),
    Transition(Step.ASK_COACH, State.INVITED, State.INVITED, _OWN, is_seen=False),
    Transition(Step.TALK, State.INVITED, State.INVITED, _GUIDES),
    Transition(Step.REFUSE, State.INVITED, State.REFUSED, _OWN, is_seen=False),
    Transition(Step.CONSENT, State.INVITED, State.ACCEPTED, _OWN, _STILL),
    Transition(Step.EXPIRE, State.INVITED, State.CLOSED, (), is_seen=False),
    Transition(Step.MEET, State.ACCEPTED, State.INTRODUCED, _FIRM, (Need.CONSENT, Need.CAPACITY)),
    Transition(Step.STOP, State.ACCEPTED, State.CLOSED, _FIRM),
    Transition(Step.STOP, State.INTRODUCED, State.CLOSED, _FIRM),
    Transition(Step.WITHDRAW, State.ACCEPTED, State.CLOSED, (*_OWN, *_GUIDES)),
    Transition(Step.WITHDRAW, State.INTRODUCED, State.CLOSED, (*_OWN, *_GUIDES)),
    Transition(
        Step.TRY, State.INTRODUCED, State.TRIAL, _AGREERS, (*_AFTER_MEETING, Need.FIRST_TIME)
    ),
    Transition(Step.AGREE, State.INTRODUCED, State.AGREED, _AGREERS, _AFTER_MEETING),
    # Work that was found otherwise has no employer here, so nothing of it is an employer's step.
    Transition(Step.TRY, State.NEW, State.TRIAL, _GUIDES, (Need.REASON,)),
    Transition(Step.AGREE, State.NEW, State.AGREED, _GUIDES, (Need.REASON,)),
    Transition(Step.AGREE, State.TRIAL, State.AGREED, _AGREERS),
    Transition(Step.START, State.AGREED, State.ACTIVE, _STARTERS, (Need.DAY,)),
    Transition(Step.END, State.TRIAL, State.ENDED, _GUIDES),
    Transition(Step.END, State.AGREED, State.ENDED, _GUIDES),
    Transition(Step.END, State.ACTIVE, State.ENDED, _GUIDES),
)

_BY_PLACE = {(one.before, one.step): one for one in TRANSITIONS}


class NotListed(Exception):
    """The table has no such step from this state; the services answer with a Conflict."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(f"nobody can {step} what is {state}")
        self.state, self.step = state, step


def right_for(step: Step, held: Collection[Right], state: State | None = None) -> Right:
    """The first of the rights of a step that is held; Forbidden without any.

    Without a `state`: for whoever may take the step from any state at all.
    """
    found = [
        right
        for one in TRANSITIONS
        if one.step is step and state in (None, one.before)
        for right in one.rights
        if right in held
    ]
    if not found:
        raise Forbidden("none of your rights allows this step")
    return found[0]


def listed(state: State, step: Step, held: Collection[Right]) -> tuple[Transition, Right]:
    """The line of a step from a state and the right that it is taken with.

    Forbidden for who may never take it, NotListed where the state does not know it.
    """
    right_for(step, held)
    found = _BY_PLACE.get((state, step))
    if found is None:
        raise NotListed(state, step)
    return found, right_for(step, held, state)


def by_the_service(state: State, step: Step) -> Transition:
    """The line of a step that the service itself takes; NotListed for every other."""
    found = _BY_PLACE.get((state, step))
    if found is None or found.rights:
        raise NotListed(state, step)
    return found


def rights_of(step: Step) -> tuple[Right, ...]:
    """Everybody who may take a step from some state, in the order of the table."""
    return tuple(
        dict.fromkeys(right for one in TRANSITIONS if one.step is step for right in one.rights)
    )
