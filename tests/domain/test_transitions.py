"""One table from an invitation to the end of the work: only what is listed, by whose it is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.access import Right
from matcher.domain.errors import Forbidden
from matcher.domain.transitions import (
    KEEPS_A_PLACE,
    OVER,
    TRANSITIONS,
    Need,
    NotListed,
    State,
    Step,
    by_the_service,
    listed,
    right_for,
    rights_of,
)

GUIDES = {Right.COACH, Right.LEAD, Right.TRIAGER}
FIRM, OWN = {Right.CONTRACTOR}, {Right.CANDIDATE}
EXPECTED: dict[tuple[State, Step], tuple[State, set[Right]]] = {
    # Written out from the state machine of the specification, apart from the code.
    (State.NEW, Step.INVITE): (State.INVITED, GUIDES | {Right.SERVICE_POINT}),
    (State.NEW, Step.ASK_TO_SITE): (State.INVITED, FIRM),
    (State.NEW, Step.TRY): (State.TRIAL, GUIDES),
    (State.NEW, Step.AGREE): (State.AGREED, GUIDES),
    (State.INVITED, Step.ASK_COACH): (State.INVITED, OWN),
    (State.INVITED, Step.TALK): (State.INVITED, GUIDES),
    (State.INVITED, Step.REFUSE): (State.REFUSED, OWN),
    (State.INVITED, Step.CONSENT): (State.ACCEPTED, OWN),
    (State.ACCEPTED, Step.MEET): (State.INTRODUCED, FIRM),
    (State.ACCEPTED, Step.STOP): (State.CLOSED, FIRM),
    (State.ACCEPTED, Step.WITHDRAW): (State.CLOSED, OWN | GUIDES),
    (State.INTRODUCED, Step.STOP): (State.CLOSED, FIRM),
    (State.INTRODUCED, Step.WITHDRAW): (State.CLOSED, OWN | GUIDES),
    (State.INTRODUCED, Step.TRY): (State.TRIAL, GUIDES | FIRM),
    (State.INTRODUCED, Step.AGREE): (State.AGREED, GUIDES | FIRM),
    (State.TRIAL, Step.AGREE): (State.AGREED, GUIDES | FIRM),
    (State.TRIAL, Step.END): (State.ENDED, GUIDES),
    (State.AGREED, Step.START): (State.ACTIVE, GUIDES | FIRM | OWN),
    (State.AGREED, Step.END): (State.ENDED, GUIDES),
    (State.ACTIVE, Step.END): (State.ENDED, GUIDES),
}


@pytest.mark.parametrize("right", Right)
def test_every_state_step_and_right_is_answered_as_the_specification_says(right: Right) -> None:
    for state, step in product(State, Step):
        after, rights = EXPECTED.get((state, step), (None, set()))
        ever = set().union(*(who for (_, what), (_, who) in EXPECTED.items() if what is step))
        if right not in ever:
            with pytest.raises(Forbidden):
                listed(state, step, {right})
        elif after is None:
            with pytest.raises(NotListed):
                listed(state, step, {right})
        elif right in rights:
            line, with_right = listed(state, step, {right})
            assert (line.after, with_right) == (after, right)
        else:
            with pytest.raises(Forbidden):
                listed(state, step, {right})


def test_nothing_comes_after_the_end_and_each_line_stands_once() -> None:
    assert not [one for one in TRANSITIONS if one.before in OVER]
    assert len({(one.before, one.step) for one in TRANSITIONS}) == len(TRANSITIONS)
    assert [one for one in TRANSITIONS if not one.rights] == [
        by_the_service(State.INVITED, Step.EXPIRE)
    ]
    with pytest.raises(NotListed):
        by_the_service(State.INVITED, Step.CONSENT)


def test_there_is_no_way_to_work_at_an_employer_without_consent_meeting_and_displacement() -> None:
    """Every path from *invited* to work passes the yes, the meeting and the questions."""
    paths: list[tuple[State, frozenset[Step], frozenset[Need]]] = [
        (State.INVITED, frozenset(), frozenset())
    ]
    at_work = 0
    while paths:
        state, steps, needs = paths.pop()
        for line in TRANSITIONS:
            if line.before is not state or line.after is state:
                continue
            reached = (line.after, steps | {line.step}, needs | set(line.needs))
            if line.after in (State.TRIAL, State.AGREED, State.ACTIVE):
                at_work += 1
                assert {Step.CONSENT, Step.MEET} <= reached[1]
                assert {Need.CONSENT, Need.CAPACITY, Need.DISPLACEMENT} <= reached[2]
            paths.append(reached)
    assert at_work >= 5


def test_a_place_is_kept_from_introduced_on_until_the_end() -> None:
    for line in TRANSITIONS:
        if line.before in KEEPS_A_PLACE and line.after not in KEEPS_A_PLACE:
            assert line.after in OVER
        if line.after in KEEPS_A_PLACE and line.before not in (*KEEPS_A_PLACE, State.NEW):
            assert Need.CAPACITY in line.needs


def test_what_a_candidate_says_before_a_yes_leaves_no_trace() -> None:
    unseen = {one.step for one in TRANSITIONS if not one.is_seen}
    assert unseen == {Step.REFUSE, Step.ASK_COACH, Step.EXPIRE}


@given(
    st.sets(st.sampled_from(list(Right))),
    st.sampled_from(list(State)),
    st.sampled_from(list(Step)),
)
def test_a_step_is_taken_with_a_right_that_is_held(
    held: set[Right], state: State, step: Step
) -> None:
    try:
        line, right = listed(state, step, held)
    except (Forbidden, NotListed):
        return
    assert right in held
    assert right in line.rights
    assert right_for(step, held) in rights_of(step)
