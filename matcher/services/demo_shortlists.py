"""Lists of who fits in the demo region: one to look at, one half-day, one with too few people."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict
from matcher.models import Vacancy
from matcher.models.request_states import HalfDay, ShortlistState
from matcher.models.states import VacancyStatus
from matcher.services import half_days, shortlists
from matcher.services.calendar import day_of
from matcher.services.demo_displacement import answered_place
from matcher.services.transactions import unit_of_work
from matcher.services.vacancies import open_vacancy

_WEEK = timedelta(days=7)
_EASY = {
    "title": "Hulp groen en terrein", "places": 2, "hours_min": 16, "hours_max": 32,
    "flex_weeks": 8, "guidance_hours": 8,
}  # fmt: skip


def add_shortlists(
    session: Session, contractor: Viewer, places: list[Vacancy], *, now: datetime
) -> int:
    """Asks for the list of a new place of the contractor, and of places of other firms until one
    meets people and one has too few. Returns how many lists there are; the contractor's other
    places stay unasked, to try it on.
    """
    opened = [place for place in places if place.status is VacancyStatus.OPEN]
    own = [place for place in opened if place.organisation_id == contractor.organisation_id]
    others = [place for place in opened if place.organisation_id != contractor.organisation_id]
    done = 0
    with unit_of_work(session):
        if own:
            values = {**_EASY, "sector": own[0].sector, "start_on": day_of(now) + _WEEK * 2}
            number = answered_place(session, contractor, values, {}, now)
            open_vacancy(session, contractor, number, expected_version=1, now=now)
            shortlists.ask(session, contractor, number, now=now)
            done += 1
        wanted = {ShortlistState.SHOWN, ShortlistState.TOO_FEW}
        for place in others:
            if not wanted:
                break
            firm = Viewer(None, frozenset({Right.CONTRACTOR}), place.region, place.organisation_id)
            found = shortlists.ask(session, firm, place.id, now=now)
            done += 1
            if found.state in wanted:
                wanted.remove(found.state)
                if found.state is ShortlistState.SHOWN:
                    _meet(session, firm, place.id, now)
    return done


def _meet(session: Session, firm: Viewer, vacancy_id: int, now: datetime) -> None:
    meet_on = day_of(now) + _WEEK
    try:
        half_days.invite_all(session, firm, vacancy_id, meet_on, HalfDay.MORNING, now=now)
    except Conflict:
        # As many as may be invited were asked one by one already.
        return
