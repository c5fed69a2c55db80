"""The second wall: PostgreSQL shows a transaction what its viewer may reach, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import NOBODY, Right, Viewer
from matcher.models import Base, Candidate, CaseloadChange, IntakeDraft, Vacancy
from matcher.models.base import Scoped
from matcher.models.database import make_engine, session_factory
from matcher.models.wall import whole_database
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import scoped, unscoped
from matcher.services.transactions import unit_of_work
from tests.storage.rows import DAY, NOW, STAMPS, account, firm_with_place, person

pytestmark = pytest.mark.postgres

SCOPED = sorted(
    (m.class_ for m in Base.registry.mappers if issubclass(m.class_, Scoped)),
    key=lambda model: model.__name__,
)
TABLES = [model.__tablename__ for model in SCOPED]
COMMITMENT = """
    INSERT INTO commitment (region, candidate_id, hours_a_week, until, created_at)
    VALUES ('demo', :id, 2, '2027-05-01', now())
"""


@pytest.fixture
def engine(app_role: str) -> Iterator[Engine]:
    engine = make_engine(app_role)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return session_factory(engine)


@pytest.fixture
def owner(owner_url: str, app_role: str) -> Iterator[sessionmaker[Session]]:
    """Sessions of the superuser of the tests, who walks through walls."""
    engine = make_engine(owner_url)
    yield session_factory(engine)
    engine.dispose()


class World:
    """Two regions, with people of several owners and rows of every scoped table about each."""

    def __init__(self, session: Session) -> None:
        rights = {"mine": Right.COACH, "covered": Right.COACH, "colleague": Right.COACH}
        self.accounts = {name: account(session, name, right) for name, right in rights.items()}
        self.firms: dict[str, int] = {}
        self.people: dict[tuple[str, str], int] = {}
        for region in ("demo", "haaglanden"):
            firm, place = firm_with_place(session, region)
            self.firms[region] = firm.id
            for name in ("mine", "covered", "colleague", "single", "nobody"):
                owner = self.accounts.get({"single": "colleague"}.get(name, name))
                made = person(session, region, place, name, owner)
                self.people[region, name] = made.id
        for number in (*self.accounts.values(), None):
            session.add(
                IntakeDraft(region="demo", card="new", answers={}, account_id=number, **STAMPS)
            )
            session.add(
                CaseloadChange(
                    region="demo", kind="stand_in", from_account_id=number, starts_on=DAY,
                    until=DAY, decided_at=NOW,
                )
            )  # fmt: skip
        session.commit()

    def viewers(self) -> Iterator[Viewer]:
        """Each right and pair of rights, at home, elsewhere and nowhere, with and without reach."""
        sets = [frozenset(some) for n in (1, 2) for some in combinations(Right, n)]
        for rights in sets:
            for region in ("demo", "haaglanden", None):
                yield Viewer(
                    self.accounts["mine"], rights, region, self.firms[region or "demo"],
                    candidate_id=self.people["demo", "colleague"],
                )  # fmt: skip
        coach = Viewer(self.accounts["mine"], frozenset({Right.COACH}), "demo")
        covers = frozenset({self.accounts["covered"]})
        single = frozenset({self.people["demo", "single"], self.people["haaglanden", "single"]})
        yield replace(coach, covers=covers)
        yield replace(coach, covers_candidates=single)
        yield replace(coach, covers=covers, covers_candidates=single)
        yield replace(coach, account_id=None)
        yield replace(coach, rights=frozenset(Right))
        yield NOBODY


@pytest.fixture
def world(owner: sessionmaker[Session]) -> World:
    with owner() as session:
        return World(session)


def test_every_scoped_table_stands_behind_the_wall(engine: Engine) -> None:
    query = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    with engine.connect() as connection:
        assert set(connection.scalars(query)) == set(TABLES)
        role = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert connection.scalar(role) is False


def test_the_wall_and_the_scope_reach_the_same_rows_for_everybody(
    world: World, owner: sessionmaker[Session], sessions: sessionmaker[Session]
) -> None:
    compared = 0
    for viewer in world.viewers():
        with owner() as first, sessions() as second:
            act_as(second, Actor(viewer, NOW))
            connection = second.connection()
            for model, table in zip(SCOPED, TABLES, strict=True):
                by_scope = set(first.scalars(scoped(select(model.id), viewer, model)))
                by_wall = set(connection.scalars(text(f"SELECT id FROM {table}")))  # noqa: S608  names of our own tables
                assert by_wall == by_scope, f"{table} for {viewer}"
                compared += len(by_scope)
    assert compared > 5_000


def test_raw_sql_without_a_viewer_finds_and_changes_nothing(world: World, engine: Engine) -> None:
    with engine.begin() as connection:
        for table in TABLES:
            assert connection.execute(text(f"SELECT * FROM {table}")).all() == []  # noqa: S608  names of our own tables
            assert connection.execute(text(f"DELETE FROM {table}")).rowcount == 0  # noqa: S608  names of our own tables
            assert connection.execute(text(f"UPDATE {table} SET id = id")).rowcount == 0  # noqa: S608  names of our own tables


@pytest.mark.parametrize(
    "settings",
    [
        {"matcher.rights": "coach,lead"},
        {"matcher.region": "demo", "matcher.account": "1"},
        {"matcher.rights": "lead", "matcher.region": "utrecht"},
        {"matcher.rights": "contractor", "matcher.organisation": "999999"},
        {"matcher.rights": "candidate", "matcher.candidate": "999999"},
        {"matcher.rights": "leader,coaching", "matcher.region": "demo"},
        {"matcher.open": "candidates,candidate_"},
    ],
)
def test_settings_that_name_nobody_of_here_find_nothing(
    world: World, engine: Engine, settings: dict[str, str]
) -> None:
    with engine.begin() as connection:
        for name, value in settings.items():
            connection.execute(select(func.set_config(name, value, True)))
        for table in TABLES:
            assert connection.execute(text(f"SELECT * FROM {table}")).all() == [], table  # noqa: S608  names of our own tables


def test_settings_end_with_their_transaction(
    world: World, engine: Engine, sessions: sessionmaker[Session]
) -> None:
    lead = Viewer(1, frozenset({Right.LEAD}), "demo")
    with sessions() as session:
        act_as(session, Actor(lead, NOW))
        count = session.connection().scalar(text("SELECT count(*) FROM candidate"))
        session.commit()
        again = session.connection().scalar(text("SELECT count(*) FROM candidate"))
        assert count == again == 5, "a session says again who is at work"
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM candidate")) == 0


def test_nothing_can_be_written_out_of_reach(world: World, sessions: sessionmaker[Session]) -> None:
    coach = Viewer(world.accounts["mine"], frozenset({Right.COACH}), "demo")
    theirs = world.people["demo", "colleague"]
    mine = world.people["demo", "mine"]
    with sessions() as session:
        act_as(session, Actor(coach, NOW))
        connection = session.connection()
        gone = text("UPDATE candidate SET goal = 'x' WHERE id = :id")
        assert connection.execute(gone, {"id": theirs}).rowcount == 0
        assert connection.execute(gone, {"id": mine}).rowcount == 1
        session.rollback()
    for statement, values in (
        ("UPDATE candidate SET region = 'haaglanden' WHERE id = :id", {"id": mine}),
        (
            "UPDATE candidate SET owner_account_id = :other WHERE id = :id",
            {"id": mine, "other": world.accounts["colleague"]},
        ),
        ("UPDATE commitment SET candidate_id = :id", {"id": theirs}),
        (COMMITMENT, {"id": theirs}),
    ):
        with sessions() as session:
            act_as(session, Actor(coach, NOW))
            with pytest.raises(ProgrammingError, match="row-level security"):
                session.connection().execute(text(statement), values)


def test_an_unscoped_statement_opens_the_tables_it_names_and_only_for_itself(
    world: World, sessions: sessionmaker[Session]
) -> None:
    contractor = Viewer(1, frozenset({Right.CONTRACTOR}), "demo", world.firms["demo"])
    joined = select(Candidate.id).join(Vacancy, Vacancy.region == Candidate.region)
    with sessions() as session:
        act_as(session, Actor(contractor, NOW))
        assert len(session.scalars(unscoped(select(Candidate), Candidate)).all()) == 10
        of_own_firm = session.scalars(unscoped(scoped(joined, contractor, Vacancy), Candidate))
        assert len(of_own_firm.all()) == 5, "the vacancies stay behind the wall"
        assert session.connection().scalar(text("SELECT count(*) FROM candidate")) == 0
        with unit_of_work(session):
            session.execute(unscoped(delete(Candidate), Candidate))
            assert session.connection().scalar(text("SELECT count(*) FROM vacancy")) == 1
            session.rollback()


def test_rows_that_are_streamed_come_through_an_opening_too(
    world: World, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session:
        act_as(session, Actor(NOBODY, NOW))
        streamed = session.execute(
            unscoped(select(Candidate.id), Candidate), execution_options={"yield_per": 2}
        )
        assert len(list(streamed)) == 10


def test_the_whole_database_opens_for_the_lines_within_and_closes_whatever_happens(
    world: World, sessions: sessionmaker[Session]
) -> None:
    def count(session: Session, table: str = "candidate") -> Any:
        return session.connection().scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608  names of our own tables

    with sessions() as session:
        act_as(session, Actor(NOBODY, NOW))
        with whole_database(session, "counting people", Candidate):
            assert (count(session), count(session, "vacancy")) == (10, 0)
            with whole_database(session, "counting all"):
                assert (count(session), count(session, "vacancy")) == (10, 2)
                session.commit()
                assert count(session) == 10, "also in the next transaction"
            assert count(session, "vacancy") == 0
        assert count(session) == 0
        with pytest.raises(KeyError), whole_database(session, "failing"):
            raise KeyError
        assert count(session) == 0
        with pytest.raises(ProgrammingError), whole_database(session, "failing in SQL"):
            session.connection().execute(text("SELECT nothing FROM nowhere"))
        session.rollback()
        assert count(session) == 0
        with (
            pytest.raises(ProgrammingError),
            session.begin_nested(),
            whole_database(session, "failing in a savepoint"),
        ):
            session.connection().execute(text("SELECT nothing FROM nowhere"))
        assert count(session) == 0
        with pytest.raises(ValueError, match="why"), whole_database(session, ""):
            pass


def test_what_waited_to_be_written_meets_the_wall_under_which_it_was_made(
    world: World, sessions: sessionmaker[Session]
) -> None:
    theirs = {"region": "demo", "candidate_id": world.people["demo", "colleague"]}
    coach = Viewer(world.accounts["mine"], frozenset({Right.COACH}), "demo")
    draft = {**theirs, "card": "time", "answers": {}, **STAMPS}
    with sessions() as session:
        act_as(session, Actor(coach, NOW))
        session.add(IntakeDraft(**draft))
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.scalars(unscoped(select(IntakeDraft), IntakeDraft))
        session.rollback()
        with whole_database(session, "keeping for somebody else", IntakeDraft):
            session.add(IntakeDraft(**draft))
        session.rollback()


def test_a_viewer_who_comes_in_later_in_a_transaction_counts_from_then_on(
    world: World, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session:
        counting = select(func.count()).select_from(Candidate.__table__)
        assert session.connection().scalar(counting) == 0
        act_as(session, Actor(Viewer(1, frozenset({Right.LEAD}), "demo"), NOW))
        assert session.connection().scalar(counting) == 5
        act_as(session, Actor(NOBODY, NOW))
        assert session.connection().scalar(counting) == 0


def test_the_owner_of_the_tables_stands_before_the_wall_too(
    owner: sessionmaker[Session], world: World
) -> None:
    with owner() as session:
        connection = session.connection()
        connection.execute(text("CREATE ROLE table_owner NOSUPERUSER NOBYPASSRLS"))
        connection.execute(text("GRANT USAGE, CREATE ON SCHEMA public TO table_owner"))
        connection.execute(text("ALTER TABLE candidate OWNER TO table_owner"))
        connection.execute(text("SET LOCAL ROLE table_owner"))
        assert connection.scalar(text("SELECT count(*) FROM candidate")) == 0
        session.rollback()


def test_bulk_statements_stay_behind_the_wall(
    world: World, sessions: sessionmaker[Session]
) -> None:
    coach = Viewer(world.accounts["mine"], frozenset({Right.COACH}), "demo")
    with sessions() as session:
        act_as(session, Actor(coach, NOW))
        changed = session.connection().execute(update(Candidate.__table__).values(not_reached=1))
        assert changed.rowcount == 2
        values = {"region": "haaglanden", "name": "A", "sectors": "", "version": 1, **STAMPS}
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.connection().execute(insert(Base.metadata.tables["arrangement"]), [values])
