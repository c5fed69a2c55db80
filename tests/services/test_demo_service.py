from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.domain.errors import Conflict
from matcher.domain.vocabulary import Lane
from matcher.services.accounts import (
    add_account,
    find_viewer,
    set_password,
    sign_in,
    viewer_today,
)
from matcher.services.audit import verify, who_looked
from matcher.services.candidates import list_candidates
from matcher.services.caseload import lane_counts, today_list
from matcher.services.demo import demo_password, load_demo
from matcher.services.fits import count_fits
from matcher.services.vacancies import list_vacancies


def test_the_demo_region_has_something_for_everybody_and_is_loaded_once(
    session: Session, on: date, now: datetime
) -> None:
    report = load_demo(session, on=on, seed=1, now=now)
    again = load_demo(session, on=on, seed=1, now=now)

    assert report.loaded
    assert not again.loaded
    assert (again.candidates, again.vacancies, again.programmes) == (
        report.candidates,
        report.vacancies,
        report.programmes,
    )
    # Sixty, two whose firm was asked about displacement, one whose firm saw who fits, and two of
    # the municipality.
    assert (report.candidates, report.vacancies, report.programmes) == (312, 65, 20)
    assert again.sign_ins == report.sign_ins
    viewers = {}
    for role, name, password in report.sign_ins:
        account = sign_in(session, name, password, now=now)
        assert account is not None
        assert account.rights == {Right(role)}
        viewers[Right(role)] = find_viewer(session, account.id)
    assert set(viewers) == set(Right)
    coach, triager, contractor = (
        viewers[right] for right in (Right.COACH, Right.TRIAGER, Right.CONTRACTOR)
    )
    assert coach is not None
    assert triager is not None
    assert contractor is not None

    own = viewers[Right.CANDIDATE]
    assert own is not None
    own = viewer_today(session, own, on)
    assert own.candidate_id is not None
    looked = who_looked(session, own, own.candidate_id)
    assert {(line.right, line.action.value) for line in looked} >= {
        ("coach", "read"), ("coach", "create"), ("coach", "suggest"), ("triager", "read"),
    }  # fmt: skip
    assert verify(session).broken is None

    assert len(list_candidates(session, coach, limit=200).items) == 80
    today = today_list(session, coach, on=on)
    assert len(today) == 10
    assert {"returns", "review", "missing"} <= {line.why for line in today}
    counts = lane_counts(session, triager)
    assert counts["unassessed"] == 0
    assert all(counts[lane] for lane in Lane)
    own = list_vacancies(session, contractor).items
    assert own
    assert all(record.profile.employer_size < 10 for record in own if record.profile.employer_size)
    assert count_fits(session, contractor, own[0].id, on=on).band


def test_a_database_in_use_gets_no_demo_with_public_passwords(
    session: Session, on: date, now: datetime
) -> None:
    add_account(
        session,
        name="someone",
        password="a long enough one",
        rights=["lead"],
        region="demo",
        now=now,
    )

    with pytest.raises(Conflict):
        load_demo(session, on=on, seed=1, now=now)


def test_an_account_that_only_bears_the_name_of_a_role_is_no_demo(
    session: Session, on: date, now: datetime
) -> None:
    account = add_account(
        session,
        name="coach",
        password=demo_password(Right.COACH),
        rights=["coach"],
        region="demo",
        now=now,
    )
    set_password(session, account.id, "another long one", now=now)

    with pytest.raises(Conflict):
        load_demo(session, on=on, seed=1, now=now)
