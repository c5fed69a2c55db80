"""What happens when keys come, go, are wrong, or travel with a backup."""

from __future__ import annotations

import base64
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matcher.domain.errors import InvalidInput
from matcher.models import (
    Candidate,
    migrate,
)
from matcher.models.database import session_factory
from matcher.models.keyring import DataKey, DataKeyError, Keyring, keyring_of
from matcher.repositories.scope import unscoped
from matcher.services.backup import backup, restore
from matcher.services.candidates import create_candidate, get_candidate
from matcher.services.data_keys import rotate_key
from tests.storage.sealed import NOW, OPERATOR, fill, opened, raw

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
