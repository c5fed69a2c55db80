"""A file that is not the one that was registered is refused with its own sentence; rules go on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict
from matcher.models.states import ArtefactState
from matcher.scoring.encoding import EncodedFeature
from matcher.scoring.manifest import MANIFEST_SUFFIX, canonical, sha256
from matcher.scoring.refusals import ArtefactRefused
from matcher.services import artefact_files, artefacts
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from matcher.services.offered import NEVER_OFFERED, OFFERED
from tests.services.conftest import TODAY, account_of
from tests.services.learned import FEATURES, file_in, registered, serving


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files of registered artefacts stand; runs are made beside it."""
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


@pytest.fixture
def analyst(session: Session) -> Viewer:
    return account_of(session, "analyst", Right.ANALYST)


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


def kept_file(session: Session, name: str = "learned-1") -> Path:
    return artefact_files.file_of(session, "demo", name)


def manifest_of(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".skops") + MANIFEST_SUFFIX)


# --- coming in ----------------------------------------------------------------------------------


def test_what_is_registered_is_copied_whole_and_twice_changes_nothing(
    session: Session, folder: Path, now: datetime
) -> None:
    one = registered(session, folder, now)
    two = artefacts.register(session, "demo", folder / "learned-1.skops", now=now)

    assert (one.id, one.state) == (two.id, ArtefactState.REGISTERED)
    for origin in (folder / "learned-1.skops", manifest_of(folder / "learned-1.skops")):
        copy = kept_file(session).with_name(origin.name)
        assert copy.read_bytes() == origin.read_bytes()
    assert not [each for each in kept_file(session).parent.iterdir() if each.name[0] == "."]


def test_another_artefact_under_a_known_name_is_no_artefact_of_ours(
    session: Session, folder: Path, now: datetime
) -> None:
    registered(session, folder, now)
    before = kept_file(session).read_bytes(), manifest_of(kept_file(session)).read_bytes()
    with pytest.raises(Conflict, match="another artefact is registered as learned-1"):
        registered(session, folder, now, seed=9)
    assert before == (kept_file(session).read_bytes(), manifest_of(kept_file(session)).read_bytes())


@pytest.mark.parametrize("purpose", ["rank", "forecast"])
@pytest.mark.parametrize("name", sorted({*NEVER_OFFERED, "group_of_origin", "gender"}))
def test_money_and_group_membership_are_no_feature_whatever_the_purpose(
    session: Session, folder: Path, now: datetime, name: str, purpose: str
) -> None:
    assert name not in OFFERED
    features = (*FEATURES[:2], EncodedFeature(name, "category", levels=("a", "b"), has_flag=True))
    with pytest.raises(ArtefactRefused) as caught:
        artefacts.register(
            session, "demo", file_in(folder, features=features, purpose=purpose), now=now
        )
    assert caught.value.code in ("forbidden_feature", "mismatched")
    assert name in caught.value.sentence("nl")


# --- the file on disk, while the service goes on ------------------------------------------------


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))


def rename(path: Path) -> None:
    """Both files of another artefact under the name of this one."""
    better = file_in(path.parent / "elsewhere", "better-9")
    os.replace(manifest_of(better), manifest_of(path))
    os.replace(better, path)


def lose(path: Path) -> None:
    path.unlink()


def vouched(path: Path, data: bytes | None = None, **changes: Any) -> None:
    """Changes by somebody who also mended every hash in the manifest."""
    if data is not None:
        path.write_bytes(data)
        changes = {"file_sha256": sha256(data), "file_bytes": len(data), **changes}
    document = json.loads(manifest_of(path).read_text())
    document.pop("self_sha256")
    document |= changes
    document["self_sha256"] = sha256(canonical(document))
    manifest_of(path).write_text(json.dumps(document))


def age(path: Path) -> None:
    vouched(path, format=0)


def come_from_later(path: Path) -> None:
    vouched(path, format=99)


def be_another(path: Path) -> None:
    vouched(path, seed=77)


def edit(path: Path) -> None:
    manifest_of(path).write_text(manifest_of(path).read_text().replace('"seed": 1', '"seed": 2'))


WRONGS: tuple[tuple[Callable[[Path], None], str], ...] = (
    (truncate, "truncated"),
    (flip, "altered"),
    (rename, "renamed"),
    (lose, "missing"),
    (age, "older"),
    (come_from_later, "newer"),
    (be_another, "other"),
    (edit, "manifest_changed"),
)


@pytest.mark.parametrize(("harm", "code"), WRONGS, ids=[code for _harm, code in WRONGS])
def test_a_file_that_is_not_the_one_is_refused_and_the_rules_go_on(
    session: Session,
    coach: Viewer,
    folder: Path,
    now: datetime,
    harm: Callable[[Path], None],
    code: str,
) -> None:
    serving(session, folder, now)
    person = create_candidate(session, coach, {"reference": "K-1", "rhythm": 3}, now=now)
    with_it = assess_candidate(session, coach, person.id, on=TODAY, now=now)
    assert with_it.result["artefact"] == "learned-1"
    path = kept_file(session)
    whole = {each: each.read_bytes() for each in (path, manifest_of(path))}

    harm(path)
    standing = artefacts.standing_of(session, "demo")
    without = assess_candidate(session, coach, person.id, on=TODAY, now=now)

    assert (standing.state, standing.refusal and standing.refusal.code) == ("refused", code)
    assert without.result == {**with_it.result, "artefact": None}
    for each, data in whole.items():
        each.write_bytes(data)
    assert artefacts.standing_of(session, "demo").state == "serves", "it serves again by itself"


def test_a_malicious_file_is_refused_before_it_is_opened(
    session: Session, coach: Viewer, folder: Path, now: datetime, tmp_path: Path
) -> None:
    from functools import partial

    import skops.io

    mark = tmp_path / "opened"
    serving(session, folder, now)
    harmful = skops.io.dumps({"specification": partial(os.system, f"touch {mark}")})
    vouched(kept_file(session), harmful)
    assert artefacts.standing_of(session, "demo").refusal is not None

    source = file_in(folder, "learned-2")
    vouched(source, harmful)
    with pytest.raises(ArtefactRefused) as caught:
        artefacts.register(session, "demo", source, now=now)
    assert caught.value.code == "malicious"
    assert not mark.exists()


def test_each_refusal_has_a_sentence_of_its_own_in_both_languages(
    session: Session, folder: Path, now: datetime
) -> None:
    told: dict[str, set[str]] = {"nl": set(), "en": set()}
    for number, (harm, _code) in enumerate(WRONGS):
        name = f"learned-{number}"
        row = registered(session, folder, now, name)
        harm(kept_file(session, name))
        viewer = Viewer(None, frozenset({Right.ANALYST}), "demo")
        refusal = artefacts.why_not_used(session, viewer, row.id)
        assert refusal is not None
        for lang, sentences in told.items():
            sentences.add(refusal.sentence(lang).replace(name, "…"))
    assert [len(sentences) for sentences in told.values()] == [len(WRONGS)] * 2
