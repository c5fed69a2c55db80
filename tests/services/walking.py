"""Every step from an invitation to the end as a call, for tests that try any order of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.transitions import State, Step
from matcher.models import Introduction, IntroductionRefusal, Placement
from matcher.models.states import IntroductionState
from matcher.repositories.scope import unscoped
from matcher.services import introductions, placements, placing
from tests.services.introducing import row_of
from tests.services.seating import number_of

WORK = {"starts_on": date(2027, 3, 1)}
TRIAL = {**WORK, "intends_contract": True}


@dataclass
class Walk:
    """One person, one place, and everybody who may do something about them."""

    viewers: Mapping[Right, Viewer]
    person: Viewer
    place: int
    now: datetime
    introduction: int | None = None
    placement: int | None = None

    def state(self, session: Session) -> State:
        """How far it is, read from the rows themselves."""
        if self.placement is not None:
            statement = unscoped(select(Placement).where(Placement.id == self.placement), Placement)
            row = session.scalars(statement.execution_options(populate_existing=True)).one()
            return State(row.state.value)
        if self.introduction is None:
            return State.NEW
        found = row_of(session, self.introduction)
        said_no = select(IntroductionRefusal.id).where(
            IntroductionRefusal.introduction_id == found.id
        )
        if session.scalar(unscoped(said_no, IntroductionRefusal)) is not None:
            return State.REFUSED
        if found.state is IntroductionState.INVITED and found.expires_at <= self.now:
            return State.CLOSED
        return State(found.state.value)

    def take(self, session: Session, right: Right, step: Step, key: str | None = None) -> None:
        """The service's own step, whatever it makes of it."""
        viewer = self.viewers[right]
        more: dict[str, Any] = {"key": key, "now": self.now}
        asked = self.introduction or 0
        if step is Step.INVITE:
            made = introductions.invite(session, viewer, number_of(self.person), self.place, **more)
            self.introduction = made.id
        elif step in _ANSWERS:
            introductions.answer(session, viewer, asked, _ANSWERS[step], **more)
        elif step is Step.TALK:
            introductions.mark_talked(session, viewer, asked, **more)
        elif step is Step.WITHDRAW:
            introductions.withdraw(session, viewer, asked, **more)
        elif step is Step.MEET:
            introductions.mark_met(session, viewer, asked, **more)
        elif step is Step.STOP:
            introductions.end(session, viewer, asked, "chose_other", **more)
        elif step is Step.START:
            placements.start(session, viewer, self.placement or 0, **more)
        elif step is Step.END:
            placements.end(session, viewer, self.placement or 0, "hours", **more)
        elif step is Step.AGREE and self.placement is not None:
            placing.agree_after_trial(session, viewer, self.placement, WORK, **more)
        else:
            trial = step is Step.TRY
            found = placing.agree_after_meeting(
                session, viewer, asked, TRIAL if trial else WORK, trial=trial, **more
            )
            self.placement = found.id


_ANSWERS = {Step.CONSENT: "yes", Step.REFUSE: "no", Step.ASK_COACH: "ask_coach"}


def count_open(session: Session, place: int) -> int:
    """Places that are kept or worked at, counted from the rows."""
    met = select(Introduction.id).where(
        Introduction.vacancy_id == place, Introduction.state == IntroductionState.INTRODUCED
    )
    at_work = select(Placement.id).where(
        Placement.vacancy_id == place, Placement.ended_on.is_(None)
    )
    return len(session.scalars(unscoped(met, Introduction)).all()) + len(
        session.scalars(unscoped(at_work, Placement)).all()
    )
