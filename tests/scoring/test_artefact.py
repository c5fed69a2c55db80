"""Whatever is wrong with an artefact's file, it is refused with a sentence of its own."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io

from matcher.scoring.artefact import load
from matcher.scoring.manifest import MANIFEST_SUFFIX, canonical, sha256
from matcher.scoring.refusals import SENTENCES, ArtefactRefused
from matcher.scoring.skops_bytes import PINNED_TYPES, content_bytes, content_of
from tests.scoring.made import LINEAR, TREES, manifest, written


def beside(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".skops") + MANIFEST_SUFFIX)


def changed_manifest(path: Path, **changes: Any) -> None:
    """A manifest that was changed by somebody who also mended its own hash."""
    document = json.loads(beside(path).read_text())
    document.pop("self_sha256")
    document |= changes
    document["self_sha256"] = sha256(canonical(document))
    beside(path).write_text(json.dumps(document))


def replaced(path: Path, data: bytes) -> None:
    """Other bytes, and a manifest that vouches for them."""
    path.write_bytes(data)
    changed_manifest(path, file_sha256=sha256(data), file_bytes=len(data))


def refusal(path: Path, **asked: Any) -> ArtefactRefused:
    with pytest.raises(ArtefactRefused) as caught:
        load(path, **asked)
    return caught.value


def truncate(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-40])
    return path


def flip(path: Path) -> Path:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))
    return path


def rename(path: Path) -> Path:
    return path.rename(path.with_name("better.skops"))


def rename_both(path: Path) -> Path:
    shutil.move(beside(path), path.with_name("better" + MANIFEST_SUFFIX))
    return path.rename(path.with_name("better.skops"))


def grow(path: Path) -> Path:
    path.write_bytes(path.read_bytes() + b"more")
    return path


def lose(path: Path) -> Path:
    path.unlink()
    return path


def lose_manifest(path: Path) -> Path:
    beside(path).unlink()
    return path


def garble_manifest(path: Path) -> Path:
    beside(path).write_text("{")
    return path


def edit_manifest(path: Path) -> Path:
    beside(path).write_text(beside(path).read_text().replace('"seed": 1', '"seed": 2'))
    return path


def age(path: Path) -> Path:
    changed_manifest(path, format=0)
    return path


def come_from_later(path: Path) -> Path:
    changed_manifest(path, format=2)
    return path


def pickled(path: Path) -> Path:
    replaced(path, pickle.dumps({"weights": [1.0]}))
    return path


def calling_a_shell(path: Path) -> Path:
    """A skops file that would run a command when its types were trusted."""
    import os
    from functools import partial

    replaced(path, skops.io.dumps({"specification": partial(os.system, "true")}))
    return path


def holding_an_estimator(path: Path) -> Path:
    from sklearn.linear_model import LogisticRegression

    replaced(path, skops.io.dumps({"specification": LogisticRegression()}))
    return path


def a_bomb(path: Path) -> Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", "{}")
        archive.writestr("1.npy", bytes(70 * 1024 * 1024))
    replaced(path, held.getvalue())
    return path


def short_of_weights(path: Path) -> Path:
    content = content_of(path.read_bytes(), path.name)
    replaced(path, content_bytes({**content, "weights": content["weights"][:-1]}))
    return path


def not_a_number(path: Path) -> Path:
    content = content_of(path.read_bytes(), path.name)
    content["weights"][0] = np.nan
    replaced(path, content_bytes(content))
    return path


WRONG: list[tuple[Callable[[Path], Path], str]] = [
    (truncate, "truncated"),
    (flip, "altered"),
    (rename, "renamed"),
    (rename_both, "renamed"),
    (grow, "grown"),
    (lose, "missing"),
    (lose_manifest, "manifest_missing"),
    (garble_manifest, "manifest_unreadable"),
    (edit_manifest, "manifest_changed"),
    (age, "older"),
    (come_from_later, "newer"),
    (pickled, "not_skops"),
    (calling_a_shell, "malicious"),
    (holding_an_estimator, "malicious"),
    (a_bomb, "oversized"),
    (short_of_weights, "incoherent"),
    (not_a_number, "incoherent"),
]


@pytest.mark.parametrize(("spoil", "code"), WRONG, ids=[spoil.__name__ for spoil, _ in WRONG])
def test_a_file_that_is_not_right_is_refused_with_its_own_sentence(spoil, code, tmp_path):
    found = refusal(spoil(written(tmp_path)))
    assert found.code == code
    for lang in ("nl", "en"):
        assert "{" not in found.sentence(lang)


def test_no_two_reasons_share_a_sentence():
    for language in (0, 1):
        sentences = [both[language] for both in SENTENCES.values()]
        assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("reading", [LINEAR, TREES], ids=["linear", "trees"])
def test_what_was_written_is_read_and_the_same_content_gives_the_same_bytes(reading, tmp_path):
    first = written(tmp_path / "a", reading)
    again = written(tmp_path / "b", reading)
    assert first.read_bytes() == again.read_bytes()
    assert beside(first).read_bytes() == beside(again).read_bytes()
    assert load(first).manifest.types == PINNED_TYPES


def test_a_registry_that_kept_the_hash_refuses_another_artefact_of_that_name(tmp_path):
    path = written(tmp_path)
    kept = load(path).manifest.sha256
    load(path, expected_sha256=kept)
    written(tmp_path, seed=2)
    assert refusal(path, expected_sha256=kept).code == "other"


def test_what_ranks_never_uses_money_and_nothing_uses_group_membership(tmp_path):
    from dataclasses import replace

    from matcher.scoring.artefact import write_artefact
    from matcher.scoring.encoding import EncodedFeature

    for name, purpose in (("money", "rank"), ("benefit", "forecast"), ("birth_year", "rank")):
        features = (EncodedFeature(name, "number"),)
        reading = replace(LINEAR, weights=(1.0,), centres=(0.0,))
        with pytest.raises(ArtefactRefused) as caught:
            write_artefact(tmp_path, manifest(purpose=purpose), features, reading)
        assert caught.value.code == "forbidden_feature"


def test_a_service_without_the_features_refuses_before_it_predicts(tmp_path):
    predictor = load(written(tmp_path))
    offered = {"rhythm": "number", "has_vca": "boolean", "sector": "category"}
    predictor.require(offered)
    with pytest.raises(ArtefactRefused) as caught:
        predictor.require({**offered, "has_vca": "number"})
    assert caught.value.code == "mismatched"
    assert "has_vca" in str(caught.value)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"left": (1, 0, 2, 0, 0, 6, 0, 0)},
        {"column": (0, 0, 9, 0, 0, 3, 0, 0)},
        {"roots": (0, 99)},
        {"threshold": (float("nan"),) + (0.0,) * 7},
    ],
    ids=["a walk without end", "a column too far", "a root too far", "no number"],
)
def test_trees_that_do_not_hold_together_are_refused(spoilt, tmp_path):
    from dataclasses import replace

    assert refusal(written(tmp_path, replace(TREES, **spoilt))).code == "incoherent"
