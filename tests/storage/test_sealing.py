"""What a stolen file, dump or disk shows of what people told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.domain.vocabulary import LOADS
from matcher.models import (
    Base,
    Candidate,
    CandidateAudit,
    CandidateNote,
    Introduction,
    migrate,
)
from matcher.models.base import DataClass
from matcher.models.database import session_factory
from matcher.models.sealing import Sealed
from matcher.repositories.scope import unscoped
from matcher.services.candidates import create_candidate, get_candidate
from tests.storage.sealed import CANARY, NOW, OPERATOR, dump, fill, opened, raw

NOT_SEALED = {
    ("candidate_audit", "reference"),
    ("candidate_audit", "region"),
    ("assessment", "readiness"),
}
"""What is looked up by, and a number that does not say which part of it is money."""


LATER_TABLES = {
    "agreement",
    *("upload", "upload_block", "remembered_columns", "probable_double", "prediction"),
    *("contribution", "ledger_entry", "displacement_check", "allocation_line"),
    *("displacement_report", "contribution_check"),
}
"""Tables with sealed columns that came after the migration that seals."""


# --- the promise --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "column",
    [column for table in Base.metadata.sorted_tables for column in table.columns],
    ids=lambda c: f"{c.table.name}.{c.name}",
)
def test_health_data_and_what_is_handled_as_strictly_are_sealed(column: Any) -> None:
    if column.info["class"] in (DataClass.HEALTH, DataClass.SENSITIVE):
        name = (column.table.name, column.name)
        assert isinstance(column.type, Sealed) != (name in NOT_SEALED)


def test_a_dump_of_the_database_shows_no_load_no_money_and_no_word_of_anybody(
    database_url: str,
) -> None:
    with opened(database_url) as engine:
        with session_factory(engine)() as session:
            fill(session)
        stolen = dump(engine)

        assert "K-1" in stolen, "the dump is a real one"
        assert CANARY not in stolen
        assert not re.search(r'"(lift|stand|money|home_base|profile|lane)"\s*:', stolen)
        held = raw(engine)
        # Nobody wrote a list of matches; every other sealed column holds something.
        empty = {name for name, values in held.items() if not any(values)}
        assert empty == {("match_list", "candidate_input"), ("match_list", "result")}
        assert all(
            str(value).startswith("s1.") for values in held.values() for value in values if value
        )


def test_what_was_sealed_reads_as_what_was_written(database_url: str) -> None:
    with opened(database_url) as engine:
        with session_factory(engine)() as session:
            number = fill(session)
        with session_factory(engine)() as session:
            record = get_candidate(session, OPERATOR, number)
            [note] = session.scalars(unscoped(select(CandidateNote), CandidateNote))
            [noted] = session.scalars(unscoped(select(CandidateAudit), CandidateAudit))
            [shown] = session.scalars(unscoped(select(Introduction), Introduction))

            assert {getattr(record.profile, name) for name in LOADS} == {1}
            assert (record.profile.money, record.profile.home_base) == (1, 2)
            assert record.contact_value == f"{CANARY}@example.org"
            assert (note.text, noted.benefit, noted.birth_year) == (CANARY, CANARY, 1987)
            assert shown.shown == {"hours_band": CANARY}


def test_a_level_is_set_read_and_forgotten_under_its_own_name() -> None:
    row = Candidate(lift=2, money=0)
    row.stand = 1
    row.lift = None

    assert (row.lift, row.stand, row.money, row.home_base) == (None, 1, 0, None)
    assert (row.loads, row.support) == ({"stand": 1}, {"money": 0})
    for name, value in (("lift", 3), ("money", 5), ("stand", -1)):
        with pytest.raises(ValueError, match=name):
            setattr(row, name, value)


def test_how_many_answers_there_are_does_not_show(session: Session) -> None:
    lengths = set()
    for number, values in enumerate(({}, {"lift": 0}, dict.fromkeys(LOADS[:5], 2))):
        profile = {"reference": f"K-{number}", **values}
        row = create_candidate(session, OPERATOR, profile, now=NOW)
        sealed = text("SELECT loads FROM candidate WHERE id = :id")
        lengths.add(len(session.connection().scalar(sealed, {"id": row.id}) or ""))
    assert len(lengths) <= 2


def test_a_sealed_column_cannot_be_searched_or_sorted() -> None:
    for question in (
        lambda: CandidateNote.text == "x",
        lambda: CandidateNote.text.in_(["x"]),
        lambda: CandidateNote.text.icontains("x"),
        lambda: Candidate.loads.desc(),
    ):
        with pytest.raises(TypeError):
            question()
    assert str(CandidateNote.text.is_(None)).endswith("IS NULL")


# --- a database that was there before ------------------------------------------------------------


def test_the_migration_seals_rows_that_are_there_and_opens_them_on_the_way_down(
    database_url: str,
) -> None:
    with opened(database_url) as engine:
        with session_factory(engine)() as session:
            number = fill(session)
            before = get_candidate(session, OPERATOR, number)
        sealed = raw(engine)
        migrate.downgrade(engine, "0008")
        with engine.connect() as connection:
            plain = connection.execute(
                text('SELECT lift, "group", money, goal, contact_value FROM candidate')
            ).one()
            answers = connection.scalar(text("SELECT answers FROM intake_draft"))
            year = connection.scalar(text("SELECT birth_year FROM candidate_audit"))

        assert tuple(plain) == (1, 1, 1, CANARY, f"{CANARY}@example.org")
        assert (answers, year) == ('{"lift":"Kanarie-7Q"}', 1987)

        migrate.upgrade(engine)
        with session_factory(engine)() as session:
            assert get_candidate(session, OPERATOR, number) == before
        again = raw(engine)
        assert CANARY not in dump(engine)
        # Tables that came later went with their rows on the way down.
        kept = [name for name in sealed if name[0] not in LATER_TABLES]
        assert {name: len(again[name]) for name in kept} == {
            name: len(sealed[name]) for name in kept
        }
        assert migrate.check(engine).is_current
