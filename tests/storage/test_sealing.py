"""What a stolen file, dump or disk shows, and what happens when keys come, go or are wrong."""

from __future__ import annotations

import base64
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from matcher.domain.access import operator
from matcher.domain.errors import InvalidInput
from matcher.domain.vocabulary import LOADS
from matcher.models import (
    Account,
    Base,
    Candidate,
    CandidateAudit,
    CandidateNote,
    IdempotencyRecord,
    IntakeDraft,
    Introduction,
    Message,
    OwnRequest,
    Vacancy,
    migrate,
)
from matcher.models.base import DataClass
from matcher.models.database import make_engine, session_factory
from matcher.models.keyring import DataKey, DataKeyError, Keyring, keyring_of
from matcher.models.sealing import Sealed, sealed_columns
from matcher.models.states import (
    Channel,
    IntroductionState,
    MessageState,
    NoteKind,
    OwnRequestKind,
    OwnRequestState,
    RequestState,
)
from matcher.repositories.scope import unscoped
from matcher.services.assessments import assess_candidate, plan_candidate
from matcher.services.backup import backup, restore
from matcher.services.candidates import create_candidate, get_candidate
from matcher.services.data_keys import rotate_key
from matcher.services.vacancies import create_vacancy

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
OPERATOR = operator("demo")
CANARY = "Kanarie-7Q"
"""Stands in every sealed text."""
NOT_SEALED = {
    ("candidate_audit", "reference"),
    ("candidate_audit", "region"),
    ("assessment", "readiness"),
}
"""What is looked up by, and a number that does not say which part of it is money."""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def fill(session: Session) -> int:
    """Something in every sealed column; the number of the candidate."""
    moments = {"created_at": NOW, "updated_at": NOW}
    person = create_candidate(
        session,
        OPERATOR,
        {
            "reference": "K-1",
            "contact_kind": "mail",
            "contact_value": f"{CANARY}@example.org",
            "rhythm": 3,
            "work_skills": 2,
            "money": 1,
            "home_base": 2,
            **dict.fromkeys(LOADS, 1),
        },
        now=NOW,
    )
    assess_candidate(session, OPERATOR, person.id, on=date(2027, 3, 1), now=NOW)
    plan_candidate(session, OPERATOR, person.id, on=date(2027, 3, 1), now=NOW)
    place = create_vacancy(
        session, OPERATOR, {"contractor": "Firm", "sector": "F42", "places": 1}, now=NOW
    )
    own = {"region": "demo", "candidate_id": person.id}
    account = Account(
        name="coach",
        rights=frozenset({"coach"}),
        region="demo",
        language="nl",
        is_active=True,
        failed_sign_ins=0,
        totp_secret=CANARY,
        **moments,
    )
    session.scalars(unscoped(select(Candidate), Candidate)).one().goal = CANARY
    session.add_all(
        [
            account,
            CandidateAudit(region="demo", reference="K-1", benefit=CANARY, birth_year=1987),
            CandidateNote(**own, kind=NoteKind.COACH, text=CANARY, created_at=NOW),
            OwnRequest(
                **own,
                kind=OwnRequestKind.ADDITION,
                text=CANARY,
                answer=CANARY,
                state=OwnRequestState.OPEN,
                due_on=NOW.date(),
                **moments,
            ),
            IntakeDraft(**own, card="work", answers={"lift": CANARY}, **moments),
            IdempotencyRecord(
                key="k",
                route="r",
                actor="1",
                request_hash="0" * 64,
                state=RequestState.FINISHED,
                body=CANARY,
                created_at=NOW,
            ),
            Introduction(
                **own,
                vacancy_id=place.id,
                organisation_id=session.scalar(unscoped(select(Vacancy.organisation_id), Vacancy)),
                pseudonym="P-1",
                state=IntroductionState.INVITED,
                invited_at=NOW,
                expires_at=NOW + timedelta(days=14),
                shares=(),
                shown={"hours_band": CANARY},
                **moments,
            ),
            Message(
                dedupe_key="m",
                template="ready",
                channel=Channel.MAIL,
                language="nl",
                recipient=CANARY,
                params={"link": CANARY},
                state=MessageState.QUEUED,
                attempts=0,
                created_at=NOW,
                next_try_at=NOW,
            ),
        ]
    )
    session.commit()
    return person.id


def dump(engine: Engine) -> str:
    """The whole database as whoever steals it reads it, with its files where there are files."""
    with engine.connect() as connection:
        shown = [
            str(tuple(row))
            for table in inspect(engine).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608  own names
        ]
    if engine.dialect.name == "sqlite":
        path = Path(str(make_url(str(engine.url)).database))
        for file in path.parent.glob(f"{path.name}*"):
            shown.append(file.read_bytes().decode("latin-1"))
    return "\n".join(shown)


def raw(engine: Engine) -> dict[tuple[str, str], list[Any]]:
    """What stands in each sealed column."""
    with engine.connect() as connection:
        return {
            (table, column): list(connection.scalars(text(f'SELECT "{column}" FROM "{table}"')))  # noqa: S608  own names
            for table, column, _use in sealed_columns()
        }


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


# --- keys ---------------------------------------------------------------------------------------


@given(st.text(), st.sampled_from(["a.b", "candidate.loads"]))
def test_every_text_comes_back_and_only_for_its_own_use(written: str, use: str) -> None:
    ring = Keyring()
    sealed = ring.seal(written, use)

    assert ring.open(sealed, use) == written
    assert ring.seal(written, use) != sealed, "the same text is never sealed alike"
    with pytest.raises(DataKeyError):
        ring.open(sealed, f"{use}x")


@given(st.data())
def test_one_changed_character_is_noticed(data: st.DataObject) -> None:
    ring = Keyring()
    sealed = ring.seal("iets", "a.b")
    head, body = sealed.rsplit(".", 1)
    raw_bytes = bytearray(base64.b64decode(body))
    place = data.draw(st.integers(0, len(raw_bytes) - 1))
    raw_bytes[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(DataKeyError):
        ring.open(f"{head}.{base64.b64encode(raw_bytes).decode()}", "a.b")


def test_every_key_opens_and_the_first_one_seals() -> None:
    old, new = DataKey.new(), DataKey.new()
    before, after = Keyring([old]), Keyring([new, old])
    sealed = before.seal("x", "a.b")

    assert after.open(sealed, "a.b") == "x"
    assert after.seal("x", "a.b").split(".")[1] == new.number
    with pytest.raises(DataKeyError, match=new.number):
        before.open(after.seal("x", "a.b"), "a.b")
    assert after.derived_key("audit") == before.derived_key("audit")
    assert after.derived_key("audit") != after.derived_key("tombstone")
    assert before.derived_key("audit") in after.derived_keys("audit")


@pytest.mark.parametrize("text", ["", "short", "x" * 44, base64.b64encode(b"y" * 31).decode()])
def test_a_bad_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(DataKeyError) as refused:
        DataKey.from_text(text)
    assert not text or text not in str(refused.value)


def test_keys_are_written_in_either_alphabet() -> None:
    key = DataKey(bytes(range(223, 255)))
    url_safe = base64.urlsafe_b64encode(key.secret).decode().rstrip("=")
    assert DataKey.from_text(key.text) == DataKey.from_text(url_safe) == key
    assert key.text not in repr(key)


def test_the_file_of_keys_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    rings = [Keyring(folder=tmp_path) for _ in range(8)]
    start, found = Barrier(len(rings)), []

    def read(ring: Keyring) -> None:
        start.wait()
        found.append(ring.keys[0].number)

    threads = [Thread(target=read, args=(ring,)) for ring in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data_keys"]
    assert stat.S_IMODE((tmp_path / "data_keys").stat().st_mode) == 0o600


def test_a_process_that_knows_an_older_file_finds_the_new_key(tmp_path: Path) -> None:
    early, late = Keyring(folder=tmp_path), Keyring(folder=tmp_path)
    assert early.keys == late.keys
    late.add(DataKey.new(), seals=True)

    assert early.open(late.seal("x", "a.b"), "a.b") == "x"


def test_keys_come_from_the_environment_before_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = DataKey.new(), DataKey.new()
    monkeypatch.setenv("MATCHER_DATA_KEY", f"{first.text}, {second.text}")
    with opened(f"sqlite:///{tmp_path / 'm.sqlite3'}") as engine:
        ring = keyring_of(engine)
        assert ring.keys == (first, second)
        with pytest.raises(DataKeyError):
            ring.add(DataKey.new(), seals=True)
        migrate.upgrade(engine)
    assert not (tmp_path / "data_keys").exists()


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
        assert {name: len(values) for name, values in again.items()} == {
            name: len(values) for name, values in sealed.items()
        }
        assert migrate.check(engine).is_current


# --- a new key, and a restore elsewhere ----------------------------------------------------------


def test_a_new_key_seals_every_row_and_loses_nothing(
    new_database: Callable[[str], str], tmp_path: Path, database_url: str
) -> None:
    with opened(database_url) as engine:
        with session_factory(engine)() as session:
            number = fill(session)
            before = get_candidate(session, OPERATOR, number)
        old = keyring_of(engine).keys[0].number
        report = rotate_key(engine)
        held = {v.split(".")[1] for values in raw(engine).values() for v in values if v}

        assert held == {report.key} != {old}
        assert report.rows["candidate"] == report.rows["intake_draft"] == 1
        with session_factory(engine)() as session:
            assert get_candidate(session, OPERATOR, number) == before
            assert before.version == get_candidate(session, OPERATOR, number).version
        assert rotate_key(engine).rows["candidate"] == 1


def test_with_keys_from_outside_only_rows_of_an_older_key_are_sealed_anew(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = DataKey.new(), DataKey.new()
    monkeypatch.setenv("MATCHER_DATA_KEY", old.text)
    with opened(sqlite_url) as engine, session_factory(engine)() as session:
        fill(session)
    monkeypatch.setenv("MATCHER_DATA_KEY", f"{new.text},{old.text}")
    with opened(sqlite_url) as engine:
        assert rotate_key(engine).rows["candidate"] == 1
        assert rotate_key(engine).rows["candidate"] == 0
    monkeypatch.setenv("MATCHER_DATA_KEY", new.text)
    with opened(sqlite_url) as engine, session_factory(engine)() as session:
        assert get_candidate(session, OPERATOR, 1).profile.lift == 1


def copied(url: str, folder: Path) -> str:
    """An empty migrated database in a folder with keys of its own."""
    folder.mkdir()
    target = f"sqlite:///{folder / 'm.sqlite3'}"
    with opened(target) as engine:
        migrate.upgrade(engine)
    return target


def test_a_backup_brings_the_keys_of_a_file_to_another_installation(
    sqlite_url: str, tmp_path: Path
) -> None:
    with opened(sqlite_url) as engine:
        with session_factory(engine)() as session:
            number = fill(session)
        report = backup(engine, tmp_path / "b", now=NOW)
        keys = keyring_of(engine).keys
    assert report.carries_keys
    assert set(report.keys_needed) <= {key.number for key in keys}

    with opened(copied(sqlite_url, tmp_path / "elsewhere")) as engine:
        own = keyring_of(engine).keys[0]
        restore(engine, tmp_path / "b")
        with session_factory(engine)() as session:
            assert get_candidate(session, OPERATOR, number).profile.lift == 1
            late = create_candidate(session, OPERATOR, {"lift": 2}, now=NOW)
            assert get_candidate(session, OPERATOR, late.id).profile.lift == 2
        ring = keyring_of(engine)
        assert ring.keys[0] == own, "what comes is sealed with the key that was here"
        assert ring.derived_key("audit") == keys[-1].derived("audit")


def test_a_backup_of_keys_from_outside_does_not_hold_them_and_needs_them(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = DataKey.new()
    monkeypatch.setenv("MATCHER_DATA_KEY", key.text)
    with opened(sqlite_url) as engine:
        with session_factory(engine)() as session:
            number = fill(session)
        report = backup(engine, tmp_path / "b", now=NOW)
    assert not report.carries_keys
    assert report.keys_needed == (key.number,)

    for others in (None, DataKey.new().text):
        if others is None:
            monkeypatch.delenv("MATCHER_DATA_KEY")
        else:
            monkeypatch.setenv("MATCHER_DATA_KEY", others)
        with opened(copied(sqlite_url, tmp_path / f"to-{others is None}")) as engine:
            with pytest.raises(InvalidInput, match=f"{key.number}.*MATCHER_DATA_KEY"):
                restore(engine, tmp_path / "b")
            with session_factory(engine)() as session:
                assert session.scalars(unscoped(select(Candidate), Candidate)).all() == []

    monkeypatch.setenv("MATCHER_DATA_KEY", f"{DataKey.new().text},{key.text}")
    with opened(copied(sqlite_url, tmp_path / "with-key")) as engine:
        restore(engine, tmp_path / "b")
        with session_factory(engine)() as session:
            assert get_candidate(session, OPERATOR, number).profile.lift == 1


def test_a_row_without_its_key_says_which_key_is_missing(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = DataKey.new()
    monkeypatch.setenv("MATCHER_DATA_KEY", key.text)
    with opened(sqlite_url) as engine, session_factory(engine)() as session:
        number = fill(session)
    monkeypatch.setenv("MATCHER_DATA_KEY", DataKey.new().text)
    with (
        opened(sqlite_url) as engine,
        session_factory(engine)() as session,
        pytest.raises(DataKeyError, match=key.number),
    ):
        get_candidate(session, OPERATOR, number)
