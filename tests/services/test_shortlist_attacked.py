"""A firm that edits, copies and reloads in any order learns no more than the rules let it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict
from matcher.models.database import make_engine, session_factory
from matcher.models.request_states import ShortlistState
from matcher.reference.shortlist import load_shortlist_terms
from matcher.repositories.acting import Actor, act_as
from matcher.services import shortlists
from matcher.services.shortlist_freeze import DemandsStand
from matcher.services.shortlists import ShortlistRecord
from matcher.services.vacancies import get_vacancy, update_vacancy
from tests.services.conftest import NOW, account_of
from tests.services.introducing import open_place
from tests.services.opening import open_vacancy
from tests.services.test_shortlist_service import some

ACTIONS = st.one_of(
    st.tuples(st.just("edit"), st.integers(0, 5), st.sampled_from((0, 1, 2))),
    st.tuples(st.just("copy"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("look"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from((1, 23, 24, 30)), st.just(0)),
)


@dataclass
class Attack:
    """What one firm did, and what it saw; `asked_at` is when each place was first asked about."""

    session: Session
    firm: Viewer
    now: datetime
    places: list[int]
    asked_at: dict[int, datetime] = field(default_factory=dict)
    seen: dict[int, ShortlistRecord] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def do(self, what: str, number: int, value: int) -> None:
        if what == "wait":
            self.now += timedelta(hours=number)
            return
        place = self.places[number % len(self.places)]
        if what == "edit":
            self.edit(place, value)
        elif what == "copy":
            made = shortlists.copy_place(self.session, self.firm, place, now=self.now)
            open_vacancy(self.session, self.firm, made.id, expected_version=1, now=self.now)
            self.places.append(made.id)
        else:
            self.look(place)

    def edit(self, place: int, lift: int) -> None:
        record = get_vacancy(self.session, self.firm, place)
        change: dict[str, Any] = {"lift": lift}
        version = record.version
        try:
            update_vacancy(
                self.session, self.firm, place, change, expected_version=version, now=self.now
            )
        except DemandsStand:
            assert place in self.asked_at
            assert record.profile.lift != lift
        else:
            assert place not in self.asked_at or record.profile.lift == lift

    def look(self, place: int) -> None:
        first = self.asked_at.setdefault(place, self.now)
        found = shortlists.ask(self.session, self.firm, place, now=self.now)
        terms = load_shortlist_terms(self.now.date())
        assert len(found.lines) in (0, *terms.lists.sizes)
        if place != self.places[0] and found.is_copy:
            is_early = self.now < first + terms.copy_waits
            assert (found.state is ShortlistState.WAITING) == is_early
            assert len(found.lines) == 0 or len(found.lines) >= terms.lists.least_of_copy
        earlier = self.seen.get(place)
        until = None if earlier is None else earlier.stands_until
        if until is not None and self.now < until:
            assert found == earlier, "a reload shows the same"
            return
        names = {line.pseudonym for line in found.lines}
        assert not names & self.names, "no pseudonym comes twice"
        self.names |= names
        self.seen[place] = found


@pytest.fixture(scope="module")
def sessions(new_database: Callable[[str], str]) -> Iterator[Callable[[], Session]]:
    engine = make_engine(new_database("sqlite"))
    made = session_factory(engine)
    with made() as session:
        coach = account_of(session, "coach", Right.COACH)
        act_as(session, Actor(coach, NOW, Right.COACH))
        for lift in (2, 1):
            some(session, coach, 6, NOW, lift=lift)
        session.commit()
    yield made
    engine.dispose()


_firms = itertools.count(1)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=st.lists(ACTIONS, min_size=3, max_size=10))
def test_any_row_of_edits_copies_and_reloads_stays_within_the_rules(
    sessions: Callable[[], Session], actions: list[tuple[str, int, int]]
) -> None:
    with sessions() as session:
        name = f"Firma {next(_firms)}"
        firm = account_of(session, name, Right.CONTRACTOR, firm=name)
        act_as(session, Actor(firm, NOW, Right.CONTRACTOR))
        place = open_place(session, firm, {"employer_size": 7}, NOW)
        attack = Attack(session, firm, NOW, [place])
        attack.look(place)
        for what, number, value in actions:
            attack.do(what, number, value)
        with pytest.raises(Conflict):
            shortlists.ask(
                session, firm, shortlists.copy_place(session, firm, place, now=NOW).id, now=NOW
            )
