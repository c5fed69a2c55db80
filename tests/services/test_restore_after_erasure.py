"""No older backup brings somebody back who was erased."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from matcher.models.database import session_factory
from matcher.models.keyring import keyring_of
from matcher.services.backup import backup, restore
from matcher.services.candidates import create_candidate
from matcher.services.erasure import erase_candidate, is_erased
from tests.services.erased import (
    NOW,
    OPERATOR,
    REFERENCE,
    about,
    somebody,
    whole,
)


@pytest.mark.parametrize("known_by", ["the database", "the file", "a file given"])
def test_an_older_backup_does_not_bring_an_erased_person_back(
    engine_of_its_own: Engine, tmp_path: Path, known_by: str
) -> None:
    engine = engine_of_its_own
    with session_factory(engine)() as session:
        number = somebody(session)
        other = create_candidate(session, OPERATOR, {"reference": "K-stays"}, now=NOW)
        session.commit()
        backup(engine, tmp_path / "old.backup", now=NOW)
        erase_candidate(session, OPERATOR, number, now=NOW)
        path = keyring_of(session).beside("tombstones")
    assert path is not None
    given = None
    if known_by == "the database":
        path.unlink()
    elif known_by == "a file given":
        given = path.rename(tmp_path / "from elsewhere")
    if known_by != "the database":
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM tombstone"))

    report = restore(engine, tmp_path / "old.backup", force=True, tombstones=given)

    with session_factory(engine)() as session:
        left = whole(session)
        assert report.erased == 1
        assert about(left, number) == {}
        assert [row["id"] for row in left["candidate"]] == [other.id]
        assert {row["name"] for row in left["account"]} == {"coach"}
        assert is_erased(session, "demo", REFERENCE), "also after the next restore"
        again = backup(engine, tmp_path / "new.backup", now=NOW)
        assert again.rows["tombstone"] == 1


def test_a_backup_from_after_the_erasure_knows_it_by_itself(
    engine_of_its_own: Engine, tmp_path: Path
) -> None:
    engine = engine_of_its_own
    with session_factory(engine)() as session:
        erase_candidate(session, OPERATOR, somebody(session), now=NOW)
        path = keyring_of(session).beside("tombstones")
    backup(engine, tmp_path / "b", now=NOW)
    assert path is not None
    path.unlink()
    restore(engine, tmp_path / "b", force=True)
    with session_factory(engine)() as session:
        assert is_erased(session, "demo", REFERENCE)
