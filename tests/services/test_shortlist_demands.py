"""What a place asks stands once its list was asked for: by a change, a copy or a file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.models.request_states import ShortlistState
from matcher.services import shortlists
from matcher.services.candidates import close_candidate
from matcher.services.imports import import_vacancies
from matcher.services.shortlist_freeze import DemandsStand
from matcher.services.vacancies import get_vacancy
from tests.services.conftest import account_of
from tests.services.introducing import open_place
from tests.services.opening import open_vacancy
from tests.services.test_shortlist_service import DAY, SMALL, behind, edit, some


@pytest.mark.parametrize(
    "change",
    [
        {"lift": 1}, {"lift": None}, {"employer_size": 7}, {"hours_min": 20}, {"sector": "N81"},
        {"flex_weeks": 9}, {"credentials": frozenset({"forklift"})}, {"adaptable": {"lift"}},
        {"guidance_hours": 2}, {"start_on": date(2027, 4, 5)}, {"site_pc4": 3311},
    ],
)  # fmt: skip
def test_what_a_place_asks_stands_once_its_list_was_asked_for(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime, change: dict[str, Any]
) -> None:
    some(session, coach, 5, now)
    place = open_place(session, contractor, {}, now)
    shortlists.ask(session, contractor, place, now=now)

    with pytest.raises(DemandsStand):
        edit(session, contractor, place, now, **change)
    edit(session, contractor, place, now, title="Andere naam", places=2, lift=2, wage_hour_cents=1)
    assert get_vacancy(session, contractor, place).profile.title == "Andere naam"


def test_before_its_list_was_asked_for_a_place_can_ask_something_else(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    place = open_place(session, contractor, {}, now)
    assert shortlists.peek(session, contractor, place, now=now) is None
    edit(session, contractor, place, now, lift=1)


def test_a_copy_waits_a_day_has_other_names_and_takes_five_who_fit(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 5, now)
    weaker = some(session, coach, 4, now, lift=1)
    place = open_place(session, contractor, SMALL, now)
    first = shortlists.ask(session, contractor, place, now=now)

    copy = shortlists.copy_place(session, contractor, place, now=now)
    edit(session, contractor, copy.id, now, lift=1)
    open_vacancy(session, contractor, copy.id, expected_version=2, now=now)
    waiting = shortlists.ask(session, contractor, copy.id, now=now + DAY)
    assert (waiting.state, waiting.opens_at) == (ShortlistState.WAITING, now + 2 * DAY)
    assert waiting.lines == ()
    with pytest.raises(DemandsStand):
        edit(session, contractor, copy.id, now + DAY, lift=0)
    early = shortlists.ask(session, contractor, copy.id, now=now + 2 * DAY - timedelta(seconds=1))
    assert early == waiting
    opened = shortlists.ask(session, contractor, copy.id, now=now + 2 * DAY)
    assert opened.is_copy
    assert len(opened.lines) == 5
    assert not {line.pseudonym for line in opened.lines} & {line.pseudonym for line in first.lines}

    for number in weaker:
        close_candidate(session, coach, number, "moved", expected_version=1, now=now)
    for number in behind(session, place)[:1]:
        close_candidate(session, coach, number or 0, "moved", expected_version=1, now=now)
    again = shortlists.copy_place(session, contractor, place, now=now + 3 * DAY)
    open_vacancy(session, contractor, again.id, expected_version=1, now=now + 3 * DAY)
    shortlists.ask(session, contractor, again.id, now=now + 3 * DAY)
    few = shortlists.ask(session, contractor, again.id, now=now + 4 * DAY)
    assert few.state is ShortlistState.TOO_FEW, "four fit, and a copy takes five"


def test_a_place_typed_anew_that_asks_nearly_the_same_is_a_copy_too(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 6, now)
    shortlists.ask(session, contractor, open_place(session, contractor, {}, now), now=now)
    typed = open_place(session, contractor, {"lift": 1, "title": "Iets heel anders"}, now)
    other = open_place(
        session,
        contractor,
        {"rhythm": 2, "lift": 0, "hours_min": 20, "site_pc4": 3311, "stand": 1, "flex_weeks": 4},
        now,
    )
    rival = account_of(session, "rival", Right.CONTRACTOR, firm="Firma Twee")
    theirs = open_place(session, rival, {}, now)

    assert shortlists.ask(session, contractor, typed, now=now).state is ShortlistState.WAITING
    assert shortlists.ask(session, contractor, other, now=now).state is ShortlistState.SHOWN
    assert shortlists.ask(session, rival, theirs, now=now).state is ShortlistState.SHOWN


def test_an_import_does_not_change_what_a_place_asks_once_its_list_was_asked_for(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime, tmp_path: Path
) -> None:
    some(session, coach, 5, now)
    place = open_place(session, contractor, {"reference": "V-VAST"}, now)
    shortlists.ask(session, contractor, place, now=now)
    firm = get_vacancy(session, contractor, place).profile.contractor

    def brought(columns: str, values: str) -> list[str]:
        path = tmp_path / "places.csv"
        path.write_text(
            f"reference,contractor,region,sector,places,{columns}\n"
            f"V-VAST,{firm},demo,F42,4,{values}\n"
        )
        report = import_vacancies(session, operator("demo"), path, now=now)
        return [problem.why for problem in report.problems]

    assert any("stands" in why or "vast" in why for why in brought("lift", "none"))
    assert brought("title", "Andere naam") == []
    session.expire_all()
    kept = get_vacancy(session, contractor, place).profile
    assert (kept.lift, kept.title, kept.places) == (2, "Andere naam", 4)
