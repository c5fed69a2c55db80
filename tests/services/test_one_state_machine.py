"""From an invitation to the end: any order of steps goes by the table, each with who, when, key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, product
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, MatcherError, NotFound, Refused
from matcher.domain.transitions import KEEPS_A_PLACE, TRANSITIONS, NotListed, State, Step, listed
from matcher.models import DisplacementCheck, IntroductionEvent, PlacementEvent
from matcher.models.states import CheckState
from matcher.repositories.scope import unscoped
from matcher.services import introductions
from matcher.services.introduction_checks import CHECKS as BEFORE_MEETING
from matcher.services.placement_checks import CHECKS as AFTER_MEETING
from matcher.services.placement_checks import PlacementNotPossible
from tests.services.conftest import NOW, account_of
from tests.services.introducing import open_place, person_of
from tests.services.walking import Walk, count_open

DAY = timedelta(days=1)
TAKEN = (Right.COACH, Right.SERVICE_POINT, Right.CONTRACTOR, Right.CANDIDATE, Right.OFFICER)
STEPS = tuple(step for step in Step if step not in (Step.EXPIRE, Step.ASK_TO_SITE))
"""Without what the service does itself, and what needs a list of who fits: ``test_half_days``."""
PATHS: dict[State, tuple[tuple[Right, Step], ...]] = {
    State.INVITED: ((Right.COACH, Step.INVITE),),
    State.REFUSED: ((Right.COACH, Step.INVITE), (Right.CANDIDATE, Step.REFUSE)),
    State.ACCEPTED: ((Right.COACH, Step.INVITE), (Right.CANDIDATE, Step.CONSENT)),
}
PATHS[State.INTRODUCED] = (*PATHS[State.ACCEPTED], (Right.CONTRACTOR, Step.MEET))
PATHS[State.CLOSED] = (*PATHS[State.INTRODUCED], (Right.CONTRACTOR, Step.STOP))
PATHS[State.TRIAL] = (*PATHS[State.INTRODUCED], (Right.CONTRACTOR, Step.TRY))
PATHS[State.AGREED] = (*PATHS[State.TRIAL], (Right.COACH, Step.AGREE))
PATHS[State.ACTIVE] = (*PATHS[State.AGREED], (Right.CONTRACTOR, Step.START))
PATHS[State.ENDED] = (*PATHS[State.ACTIVE], (Right.COACH, Step.END))


@pytest.fixture
def walk_of(session: Session, coach: Viewer, now: datetime) -> Any:
    """A new walk each time, of somebody else at another firm."""
    others = {
        right: account_of(session, right.value, right)
        for right in (Right.SERVICE_POINT, Right.OFFICER)
    }

    numbers = count()

    def make() -> Walk:
        name = f"Firm {next(numbers)}"
        contractor = account_of(session, name, Right.CONTRACTOR, firm=name)
        person = person_of(session, coach, now)
        place = open_place(session, contractor, {"places": 1}, now)
        viewers = {
            **others,
            Right.COACH: coach,
            Right.CONTRACTOR: contractor,
            Right.CANDIDATE: person,
        }
        return Walk(viewers, person, place, now)

    return make


@pytest.mark.parametrize("state", PATHS)
def test_every_step_of_every_right_from_a_state_is_taken_or_refused_as_the_table_says(
    session: Session, walk_of: Any, state: State
) -> None:
    walk: Walk | None = None
    for right, step in product(TAKEN, STEPS):
        if walk is None or walk.state(session) is not state:
            walk = walk_of()
            for by, before in PATHS[state]:
                walk.take(session, by, before)
        assert walk.state(session) is state
        if step in (Step.INVITE, Step.TALK) or (step is Step.TRY and walk.placement):
            continue  # asked apart: they ask for more than a state
        try:
            means = meant(state, right, step)
            expected: State | type[MatcherError] = listed(state, means, {right})[0].after
        except NotListed:
            expected = Conflict
        except Forbidden:
            expected = Forbidden
        if step in (Step.START, Step.END) and walk.placement is None:
            expected = Forbidden if expected is Forbidden else NotFound
        if isinstance(expected, State):
            walk.take(session, right, step)
            assert walk.state(session) is expected
            continue
        reached = walk.state(session)
        with pytest.raises((expected, Forbidden, NotFound)) as refused:
            walk.take(session, right, step)
        if isinstance(refused.value, Conflict):
            assert isinstance(refused.value, Refused)
            assert refused.value.why
        assert walk.state(session) is reached, (right, step)


def meant(state: State, right: Right, step: Step) -> Step:
    """To withdraw before an answer is a no."""
    before_a_yes = state is State.INVITED and right is Right.CANDIDATE
    return Step.REFUSE if before_a_yes and step is Step.WITHDRAW else step


class Steps(RuleBasedStateMachine):
    """Any step, by anybody, in any order, with keys that come again."""

    session: Session
    make: Any

    def __init__(self) -> None:
        super().__init__()
        self.walk: Walk = type(self).make()
        self.model = State.NEW
        self.done: dict[str, tuple[Right, Step]] = {}

    @rule(
        right=st.sampled_from((Right.COACH, Right.CONTRACTOR, Right.CANDIDATE)),
        step=st.sampled_from(STEPS),
        key=st.sampled_from((None, "a", "b", "c")),
    )
    def take(self, right: Right, step: Step, key: str | None) -> None:
        """One step: it changes what the table says, or nothing at all."""
        before = self.model
        repeated = key is not None and self.done.get(key) == (right, step)
        try:
            self.walk.take(self.session, right, step, key)
        except (Conflict, Forbidden, NotFound):
            assert self.walk.state(self.session) is before
            return
        after = self.walk.state(self.session)
        if after is not before:
            line, _right = listed(before, meant(before, right, step), {right})
            assert line.after is after
        else:
            assert repeated or step in (Step.ASK_COACH, Step.TALK, Step.WITHDRAW)
        if key is not None:
            self.done.setdefault(key, (right, step))
        self.model = after

    @invariant()
    def keeps_what_it_should(self) -> None:
        """A place is kept exactly while somebody was met or works."""
        kept = count_open(self.session, self.walk.place)
        assert kept == (self.model in KEEPS_A_PLACE)


def test_any_order_of_steps_goes_by_the_table(session: Session, walk_of: Any) -> None:
    Steps.session, Steps.make = session, staticmethod(walk_of)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis ships none for it
        Steps,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_each_step_says_who_when_and_under_which_key(session: Session, walk_of: Any) -> None:
    walk = walk_of()
    for number, (right, step) in enumerate(PATHS[State.ENDED]):
        walk.take(session, right, step, f"key-{number}")
    told = [
        (row.step, row.by_right, row.key, row.at)
        for model in (IntroductionEvent, PlacementEvent)
        for row in session.scalars(unscoped(select(model).order_by(model.id), model))
    ]
    assert told == [
        ("invited", "coach", "key-0", NOW),
        ("consented", "candidate", "key-1", NOW),
        ("introduced", "contractor", "key-2", NOW),
        ("placed", "contractor", "key-3", NOW),
        ("tried", "contractor", "key-3", NOW),
        ("agreed", "coach", "key-4", NOW),
        ("started", "contractor", "key-5", NOW),
        ("ended", "coach", "key-6", NOW),
    ]


def test_every_key_that_comes_again_gives_the_same_and_adds_nothing(
    session: Session, walk_of: Any
) -> None:
    walk = walk_of()
    for number, (right, step) in enumerate(PATHS[State.ENDED]):
        walk.take(session, right, step, f"key-{number}")
        reached, introduction, placement = walk.state(session), walk.introduction, walk.placement
        earlier = None if step in (Step.TRY,) else walk.placement
        if step is Step.TRY:
            walk.placement = None
        walk.take(session, right, step, f"key-{number}")
        assert (walk.introduction, walk.placement) == (introduction, placement)
        assert walk.state(session) is reached
        assert earlier in (None, walk.placement)
    counted = [
        len(session.scalars(unscoped(select(model), model)).all())
        for model in (IntroductionEvent, PlacementEvent)
    ]
    assert counted == [4, 4]


def test_a_key_that_comes_with_another_step_is_refused(session: Session, walk_of: Any) -> None:
    walk = walk_of()
    walk.take(session, Right.COACH, Step.INVITE, "a")
    walk.take(session, Right.CANDIDATE, Step.CONSENT, "b")
    with pytest.raises(introductions.NotPossible) as refused:
        walk.take(session, Right.CONTRACTOR, Step.MEET, "b")
    assert refused.value.why == "key_used"
    assert walk.state(session) is State.ACCEPTED


def test_a_no_with_its_key_is_a_no_again_and_nobody_else_can_try_it_out(
    session: Session, walk_of: Any
) -> None:
    walk = walk_of()
    walk.take(session, Right.COACH, Step.INVITE)
    walk.take(session, Right.CANDIDATE, Step.REFUSE, "no")
    walk.take(session, Right.CANDIDATE, Step.REFUSE, "no")
    with pytest.raises(introductions.NotPossible) as refused:
        walk.take(session, Right.CANDIDATE, Step.CONSENT, "yes")
    assert refused.value.why == "answered"
    with pytest.raises(introductions.NotPossible) as by_firm:
        walk.take(session, Right.CONTRACTOR, Step.MEET, "no")
    assert by_firm.value.why == "over", "a key of the candidate says nothing to a firm"


def test_an_old_invitation_does_nothing(session: Session, walk_of: Any) -> None:
    walk = walk_of()
    walk.take(session, Right.COACH, Step.INVITE)
    walk.now += 20 * DAY
    assert walk.state(session) is State.CLOSED
    for right, step in product((Right.CANDIDATE, Right.CONTRACTOR, Right.COACH), STEPS):
        if step in (Step.INVITE, Step.START, Step.END):
            continue
        with pytest.raises((Conflict, Forbidden)):
            walk.take(session, right, step)
    assert walk.state(session) is State.CLOSED


@pytest.mark.parametrize("state", [None, *CheckState])
@pytest.mark.parametrize("step", [Step.TRY, Step.AGREE])
def test_nobody_starts_where_the_questions_about_displacement_are_open(
    session: Session, walk_of: Any, state: CheckState | None, step: Step
) -> None:
    walk = walk_of()
    for by, before in PATHS[State.INTRODUCED]:
        walk.take(session, by, before)
    statement = select(DisplacementCheck).where(DisplacementCheck.vacancy_id == walk.place)
    check = session.scalars(unscoped(statement, DisplacementCheck)).one()
    if state is None:
        session.delete(check)
    else:
        check.state = state
    session.commit()
    if state in (CheckState.CLEAR, CheckState.APPROVED):
        walk.take(session, Right.CONTRACTOR, step)
        return
    for right in (Right.CONTRACTOR, Right.COACH):
        with pytest.raises(PlacementNotPossible) as refused:
            walk.take(session, right, step)
        assert refused.value.why == "displacement"
    assert walk.state(session) is State.INTRODUCED


def test_every_need_of_the_table_is_checked_by_a_service() -> None:
    for line in TRANSITIONS:
        checks: Any = AFTER_MEETING if line.step.value in _AT_WORK else BEFORE_MEETING
        assert set(line.needs) <= set(checks), line


_AT_WORK = ("try", "agree", "start", "end")


@pytest.fixture(autouse=True)
def _clean(session: Session) -> Iterator[None]:
    yield
    session.rollback()
