"""Two officers change the rules: advice of the council, bounds, one winner, and nothing before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import Account, RuleVersion, RuleVersionStep
from matcher.models.database import session_factory
from matcher.models.states import RuleState, RuleStep
from matcher.reference.rule_texts import problems_of
from matcher.repositories.scope import unscoped
from matcher.services import rule_steps
from matcher.services.retention import run_retention
from matcher.services.rule_versions import document_on, forget, rules_on, spans
from tests.services.at_once import at_once
from tests.services.conftest import NOW, TODAY, account_of
from tests.services.ruling import COUNCIL, DEMO, HIGHER, PERCENT, approved, offered, with_city

SOON = date(2027, 4, 1)


@pytest.fixture
def author(session: Session) -> Viewer:
    return account_of(session, "author", Right.OFFICER)


@pytest.fixture
def second(session: Session) -> Viewer:
    return account_of(session, "second", Right.OFFICER)


def test_a_draft_begins_as_what_holds_under_a_new_version(
    session: Session, author: Viewer, now: datetime
) -> None:
    draft = rule_steps.begin(session, author, now=now)

    assert draft.name == "2026.4"
    assert draft.text == DEMO.replace('version: "2026.3"', 'version: "2026.4"')
    assert (draft.state, draft.base_id, draft.author_name) == (RuleState.DRAFT, None, "author")
    assert rule_steps.problems(session, draft) == []


def test_nothing_changes_before_the_first_day_of_what_two_people_approved(
    session: Session, author: Viewer, second: Viewer, now: datetime
) -> None:
    def percent(on: date) -> Any:
        return document_on(session, "demo", on)["entries"]["obligation"]["value"]["percent"][
            "works"
        ]

    draft = rule_steps.begin(session, author, now=now)
    rule_steps.write(session, author, draft.id, draft.text.replace(PERCENT, HIGHER), now=now)
    assert percent(date(2030, 1, 1)) == 5
    rule_steps.advise(session, author, draft.id, COUNCIL, now=now)
    rule_steps.offer(session, author, draft.id, SOON, now=now)
    assert percent(date(2030, 1, 1)) == 5
    done = rule_steps.approve(session, second, draft.id, now=now)

    assert (done.state, done.second_name) == (RuleState.APPROVED, "second")
    assert percent(SOON - timedelta(days=1)) == 5
    assert percent(SOON) == 6
    assert rules_on(session, "demo", SOON).version == "demo 2026.4 / national 2026.1"
    assert rules_on(session, "haaglanden", SOON).version.startswith("haaglanden ")
    first, then = spans(session, "demo", TODAY)
    assert (first.number, first.until, first.in_force) == (0, SOON - timedelta(days=1), True)
    assert (then.version, then.since, then.until, then.in_force) == ("2026.4", SOON, None, False)
    steps = rule_steps.steps_of(session, author, done.id)
    assert [one.step.value for one in steps] == ["approve", "offer", "advise", "write", "begin"]
    assert len({one.text_sha256 for one in steps}) == 2


def test_without_the_advice_of_the_council_or_a_reason_it_is_not_offered(
    session: Session, author: Viewer, now: datetime
) -> None:
    draft = rule_steps.begin(session, author, now=now)
    with pytest.raises(Conflict, match="client council"):
        rule_steps.offer(session, author, draft.id, SOON, now=now)
    for missing in COUNCIL:
        with pytest.raises(InvalidInput, match=missing):
            rule_steps.advise(session, author, draft.id, {**COUNCIL, missing: None}, now=now)
    both = {**COUNCIL, "not_asked_why": "Alleen een spelfout."}
    with pytest.raises(InvalidInput, match="not_asked_why"):
        rule_steps.advise(session, author, draft.id, both, now=now)
    ahead = {**COUNCIL, "council_on": TODAY + timedelta(days=1)}
    with pytest.raises(InvalidInput, match="council_on"):
        rule_steps.advise(session, author, draft.id, ahead, now=now)

    why = {"not_asked_why": "Alleen een spelfout; de raad kreeg bericht."}
    rule_steps.advise(session, author, draft.id, why, now=now)
    assert rule_steps.offer(session, author, draft.id, SOON, now=now).state is RuleState.OFFERED


def test_another_text_needs_the_advice_again(
    session: Session, author: Viewer, now: datetime
) -> None:
    draft = rule_steps.begin(session, author, now=now)
    rule_steps.advise(session, author, draft.id, COUNCIL, now=now)
    found = rule_steps.write(session, author, draft.id, DEMO + "\n# more\n", now=now)

    assert found.state is RuleState.DRAFT
    with pytest.raises(Conflict, match="client council"):
        rule_steps.offer(session, author, draft.id, SOON, now=now)


def test_who_wrote_it_does_not_approve_it_and_the_database_says_so_too(
    session: Session, author: Viewer, now: datetime
) -> None:
    asked = offered(session, author, SOON, now=now)
    with pytest.raises(Forbidden, match="somebody else"):
        rule_steps.approve(session, author, asked.id, now=now)
    by_hand = unscoped(update(RuleVersion).where(RuleVersion.id == asked.id), RuleVersion)
    with pytest.raises(DatabaseError, match="two_people"), session.begin_nested():
        session.execute(by_hand.values(second_by=author.account_id))


def test_only_officers_of_the_region_with_an_account_of_their_own_take_part(
    session: Session, author: Viewer, now: datetime
) -> None:
    asked = offered(session, author, SOON, now=now)
    stranger = account_of(session, "far", Right.OFFICER, region="haaglanden")
    analyst = account_of(session, "analyst", Right.ANALYST)

    with pytest.raises(NotFound):
        rule_steps.approve(session, stranger, asked.id, now=now)
    for nobody in (analyst, operator("demo")):
        with pytest.raises(Forbidden):
            rule_steps.approve(session, nobody, asked.id, now=now)
    other = account_of(session, "other", Right.OFFICER)
    draft = rule_steps.begin(session, author, now=now)
    with pytest.raises(Forbidden, match="only who began"):
        rule_steps.write(session, other, draft.id, "slug: demo", now=now)


def test_a_version_comes_back_with_the_reason_and_can_be_offered_again(
    session: Session, author: Viewer, second: Viewer, now: datetime
) -> None:
    asked = offered(session, author, SOON, now=now)
    with pytest.raises(InvalidInput, match="why"):
        rule_steps.send_back(session, second, asked.id, " ", now=now)
    back = rule_steps.send_back(session, second, asked.id, "De datum is te vroeg.", now=now)

    assert back.state is RuleState.ADVISED
    assert rule_steps.steps_of(session, author, asked.id)[0].why == "De datum is te vroeg."
    again = rule_steps.offer(session, author, asked.id, date(2027, 7, 1), now=now)
    assert rule_steps.approve(session, second, again.id, now=now).effective_on == date(2027, 7, 1)


def test_a_first_day_lies_ahead_and_after_the_version_before(
    session: Session, author: Viewer, second: Viewer, now: datetime
) -> None:
    for day in (TODAY, TODAY - timedelta(days=30)):
        with pytest.raises(InvalidInput, match="after today"):
            offered(session, author, day, now=now)
    waiting = offered(session, author, SOON, now=now)
    with pytest.raises(InvalidInput, match="after today"):
        rule_steps.approve(session, second, waiting.id, now=now + timedelta(days=60))
    rule_steps.approve(session, second, waiting.id, now=now)
    change = ("hours_week: 36", "hours_week: 38")
    with pytest.raises(InvalidInput, match="2027-04-01"):
        offered(session, author, SOON, now=now, replace=change)


def test_what_was_begun_before_another_was_approved_is_begun_again(
    session: Session, author: Viewer, second: Viewer, now: datetime
) -> None:
    late = offered(session, author, date(2027, 6, 1), now=now)
    other = account_of(session, "other", Right.OFFICER)
    early = offered(session, other, SOON, now=now, replace=("hours_week: 36", "hours_week: 38"))
    rule_steps.approve(session, second, early.id, now=now)

    with pytest.raises((Conflict, InvalidInput)):
        rule_steps.approve(session, second, late.id, now=now)


def test_what_was_approved_stays_as_it_is_also_by_hand(
    session: Session, author: Viewer, second: Viewer, now: datetime
) -> None:
    done = approved(session, author, second, SOON, now=now)
    with pytest.raises(Conflict, match="approved"):
        rule_steps.write(session, author, done.id, DEMO, now=now)
    with pytest.raises(Conflict, match="approved"):
        rule_steps.withdraw(session, author, done.id, "weg", now=now)
    here = RuleVersion.id == done.id
    for values in (
        {"text": "x"}, {"state": RuleState.DRAFT}, {"effective_on": TODAY}, {"name": "9"},
        {"council_advice": "anders"}, {"second_by": author.account_id},
        {"author_id": second.account_id},
    ):  # fmt: skip
        statement = unscoped(update(RuleVersion).where(here).values(**values), RuleVersion)
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(statement)
    steps = RuleVersionStep.rule_version_id == done.id
    for statement in (
        unscoped(delete(RuleVersion).where(here), RuleVersion),
        unscoped(delete(RuleVersionStep).where(steps), RuleVersionStep),
        unscoped(update(RuleVersionStep).where(steps).values(why="x"), RuleVersionStep),
    ):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(statement)


def test_a_text_on_an_older_version_is_refused_and_a_withdrawn_one_stays_to_be_read(
    session: Session, author: Viewer, now: datetime
) -> None:
    draft = rule_steps.begin(session, author, now=now)
    rule_steps.write(session, author, draft.id, DEMO, now=now, expected_version=draft.version)
    with pytest.raises(Stale):
        rule_steps.write(session, author, draft.id, "x", now=now, expected_version=draft.version)
    rule_steps.withdraw(session, author, draft.id, "Niet nodig.", now=now)

    assert rule_steps.get_version(session, author, draft.id).state is RuleState.WITHDRAWN
    assert spans(session, "demo", TODAY)[-1].number == 0


def test_closed_accounts_stay_while_an_approved_version_names_them(
    session: Session, author: Viewer, second: Viewer, now: datetime
) -> None:
    done = approved(session, author, second, SOON, now=now)
    idle = account_of(session, "idle", Right.OFFICER)
    closed = {"is_active": False, "updated_at": now - timedelta(days=4_000)}
    session.execute(update(Account).values(**closed))
    session.commit()

    run_retention(session, on=TODAY, now=now)

    session.expire_all()
    assert set(session.scalars(select(Account.id))) == {author.account_id, second.account_id}
    assert idle.account_id not in session.scalars(select(Account.id)).all()
    kept = rule_steps.get_version(session, second, done.id)
    assert (kept.author_name, kept.second_name) == ("author", "second")


# --- bounds -------------------------------------------------------------------------------------

_ENTRY = "source: demo, valid_from: 2026-01-01, valid_until: , value:"
OUT_OF_BOUNDS = st.one_of(
    st.tuples(
        st.just(PERCENT),
        st.integers(101, 10**6).map(lambda n: f"percent: {{works: {n}, services: 5, supplies: 2}}"),
    ),
    st.tuples(
        st.just("hours_week: 36"),
        st.sampled_from(["0", "61", ".inf", ".nan", "veel"]).map("hours_week: {}".format),
    ),
    st.tuples(st.just("{months: 12}"), st.integers(121, 9999).map("{{months: {}}}".format)),
    st.tuples(st.just("slug: demo"), st.sampled_from(["slug: haaglanden", "slug: national"])),
    st.tuples(st.just("  obligation:\n"), st.just("  verplichting:\n")),
    st.tuples(
        st.just("entries:\n"),
        st.integers(37, 500).map(
            lambda n: f"entries:\n  readiness_weights: {{{_ENTRY} {{rhythm: {n}}}}}\n"
        ),
    ),
    st.tuples(
        st.just("entries:\n"),
        st.just(f"entries:\n  lane_thresholds: {{{_ENTRY} {{money_calm: 1}}}}\n"),
    ),
)


@settings(max_examples=25, deadline=None)
@given(change=OUT_OF_BOUNDS)
def test_a_text_out_of_bounds_has_a_problem_that_names_it(change: tuple[str, str]) -> None:
    assert change[0] in DEMO
    assert problems_of(DEMO.replace(*change, 1), "demo")


@settings(max_examples=30, deadline=None)
@given(works=st.one_of(st.decimals(-50, "1.99", places=2), st.decimals("7.01", 500, places=2)))
def test_a_municipality_outside_the_bounds_of_its_region_is_refused_by_name(works: Decimal) -> None:
    (problem,) = problems_of(with_city(works), "demo")

    assert "voorbeeldstad" in problem.path
    assert problem.path.endswith("obligation.value.percent.works")
    assert problem.allowed == "2 to 7"


def test_a_draft_out_of_bounds_never_becomes_effective_whatever_way_it_came(
    session: Session, author: Viewer, second: Viewer, now: datetime
) -> None:
    for bad in (
        DEMO.replace(PERCENT, "percent: {works: 101, services: 5, supplies: 2}"),
        with_city(8),
        "[",
        "",
        DEMO,  # the version of the file itself
        DEMO.replace('"2026.3"', '"2026.9"').replace("from: 2020-01-01", "from: 2030-01-01", 1),
    ):  # fmt: skip
        draft = rule_steps.begin(session, author, now=now)
        rule_steps.write(session, author, draft.id, bad, now=now)
        rule_steps.advise(session, author, draft.id, COUNCIL, now=now)
        with pytest.raises(InvalidInput):
            rule_steps.offer(session, author, draft.id, SOON, now=now)
        # Somebody brings it to a second person around every page and step.
        forced = unscoped(update(RuleVersion).where(RuleVersion.id == draft.id), RuleVersion)
        session.execute(forced.values(state=RuleState.OFFERED, effective_on=SOON, name="x"))
        session.commit()
        session.expire_all()
        with pytest.raises(InvalidInput):
            rule_steps.approve(session, second, draft.id, now=now)
        forget(session)
        assert rules_on(session, "demo", date(2031, 1, 1)).version.startswith("demo 2026.3")


# --- at the same moment -------------------------------------------------------------------------


def test_of_a_hundred_approvals_at_once_one_wins_and_never_that_of_the_author(
    engine_alone: Engine,
) -> None:
    with session_factory(engine_alone)() as session:
        author = account_of(session, "author", Right.OFFICER)
        people = [account_of(session, f"p-{number}", Right.OFFICER) for number in range(10)]
        asked = offered(session, author, SOON, now=NOW)
    approvers = [author] * 20 + people * 8
    works = [
        lambda session, who=who: rule_steps.approve(session, who, asked.id, now=NOW)
        for who in approvers
    ]

    found = at_once(engine_alone, works)

    assert found["done"] == 1
    assert sum(found.values()) == 100
    with session_factory(engine_alone)() as session:
        rows = session.scalars(unscoped(select(RuleVersion), RuleVersion)).all()
        assert [row.state for row in rows] == [RuleState.APPROVED]
        assert rows[0].second_by in {one.account_id for one in people}
        said = unscoped(select(RuleVersionStep.account_id), RuleVersionStep).where(
            RuleVersionStep.step == RuleStep.APPROVE
        )
        assert session.scalars(said).all() == [rows[0].second_by]


def test_of_two_versions_approved_at_once_one_holds(engine_alone: Engine) -> None:
    with session_factory(engine_alone)() as session:
        one, other = (account_of(session, name, Right.OFFICER) for name in ("one", "other"))
        first = offered(session, one, SOON, now=NOW)
        then = offered(session, other, date(2027, 9, 1), now=NOW)
    works = [
        lambda session, who=who, number=number: rule_steps.approve(session, who, number, now=NOW)
        for who, number in [(other, first.id), (one, then.id)] * 6
    ]

    assert at_once(engine_alone, works)["done"] == 1
    with session_factory(engine_alone)() as session:
        count = session.execute(text("SELECT 1")).scalar()
        assert count == 1
        states = session.scalars(unscoped(select(RuleVersion.state), RuleVersion)).all()
        assert sorted(state.value for state in states) == ["approved", "offered"]
