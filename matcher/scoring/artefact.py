"""An artefact on disk: written whole or not at all, read only when everything fits.

Two files side by side, ``<id>.skops`` and ``<id>.manifest.json``. `load` looks from the outside
in: name, length, hash, types, and only then content. Whatever is wrong is one `ArtefactRefused`
with its own sentence, so a service can go on by its rules and say why.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from matcher.scoring.encoding import EncodedFeature, feature_from_plain
from matcher.scoring.manifest import (
    FORMAT,
    MANIFEST_SUFFIX,
    Manifest,
    canonical,
    check_features,
    read_manifest,
    sha256,
)
from matcher.scoring.predictor import LinearReading, Predictor, Reading, TreesReading
from matcher.scoring.refusals import ArtefactRefused
from matcher.scoring.skops_bytes import PINNED_TYPES, content_bytes, content_of

FILE_MAXIMUM: Final = 32 * 1024 * 1024
_TREE_ARRAYS: Final = ("roots", "column", "threshold", "left", "right", "value")


def reading_content(
    features: tuple[EncodedFeature, ...], reading: LinearReading | TreesReading
) -> dict[str, Any]:
    """What is written into the skops file: one JSON text, and arrays."""
    specification = {
        "format": FORMAT,
        "base": reading.base,
        "features": [feature.to_plain() for feature in features],
        "reading": "linear" if isinstance(reading, LinearReading) else "trees",
    }
    arrays: dict[str, Any]
    if isinstance(reading, LinearReading):
        arrays = {"weights": np.array(reading.weights), "centres": np.array(reading.centres)}
    else:
        arrays = {name: np.array(getattr(reading, name)) for name in _TREE_ARRAYS}
    return {"specification": canonical(specification).decode(), **arrays}


def write_artefact(
    folder: Path,
    manifest: Manifest,
    features: tuple[EncodedFeature, ...],
    reading: LinearReading | TreesReading,
) -> Path:
    """Both files in `folder`, the manifest last; the path of the skops file.

    The manifest's hash, length and types are filled in here.
    """
    check_features(manifest.purpose, tuple(feature.name for feature in features), "the artefact")
    data = content_bytes(reading_content(features, reading))
    whole = replace(manifest, file_sha256=sha256(data), file_bytes=len(data), types=PINNED_TYPES)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / whole.file_name
    _write(path, data)
    _write(folder / f"{whole.artefact_id}{MANIFEST_SUFFIX}", whole.to_bytes())
    return path


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a reader sees the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    os.replace(beside, path)


def load(path: Path, *, expected_sha256: str | None = None) -> Predictor:
    """The predictor in `path`; `ArtefactRefused` for anything that is not exactly right.

    `expected_sha256` is the manifest's hash that a registry kept (`Manifest.sha256`).
    """
    name = path.name
    if not path.is_file():
        raise ArtefactRefused("missing", name=name)
    manifest = read_manifest(path)
    if manifest.file_name != name:
        raise ArtefactRefused("renamed", name=name, expected=manifest.file_name)
    if expected_sha256 is not None and manifest.sha256 != expected_sha256:
        raise ArtefactRefused("other", name=name)
    if path.stat().st_size > FILE_MAXIMUM:
        raise ArtefactRefused("oversized", name=name)
    data = path.read_bytes()
    if len(data) != manifest.file_bytes:
        code = "truncated" if len(data) < manifest.file_bytes else "grown"
        raise ArtefactRefused(code, name=name, found=len(data), expected=manifest.file_bytes)
    if sha256(data) != manifest.file_sha256:
        raise ArtefactRefused("altered", name=name)
    content = content_of(data, name)
    try:
        features, reading = _reading(content)
    except (KeyError, TypeError, ValueError) as error:
        raise ArtefactRefused("incoherent", name=name, found=str(error) or "a part") from None
    named = tuple((feature.name, feature.kind) for feature in features)
    if named != tuple((feature.name, feature.kind) for feature in manifest.features):
        raise ArtefactRefused("incoherent", name=name, found="its features and its manifest differ")
    check_features(manifest.purpose, tuple(feature.name for feature in features), name)
    return Predictor(manifest, features, reading)


def _reading(content: Mapping[str, Any]) -> tuple[tuple[EncodedFeature, ...], Reading]:
    """What the content says; ValueError and its kin when it contradicts itself."""
    specification = json.loads(content["specification"])
    features = tuple(feature_from_plain(plain) for plain in specification["features"])
    width = sum(feature.width for feature in features)
    base = int(specification["base"])
    if not all(math.isfinite(feature.fill) for feature in features):
        raise ValueError("a number that stands in for unknown is not finite")
    if specification["reading"] == "linear":
        return features, _linear(content, base, width)
    if specification["reading"] == "trees":
        return features, _trees(content, base, width)
    raise ValueError("a kind of reading that is not known")


def _linear(content: Mapping[str, Any], base: int, width: int) -> LinearReading:
    weights, centres = content["weights"], content["centres"]
    if weights.shape != (width,) or centres.shape != (width,):
        raise ValueError("as many weights as columns are needed")
    if not (np.isfinite(weights).all() and np.isfinite(centres).all()):
        raise ValueError("a weight is not finite")
    return LinearReading(base, tuple(weights.tolist()), tuple(centres.tolist()))


def _trees(content: Mapping[str, Any], base: int, width: int) -> TreesReading:
    arrays = {name: content[name] for name in _TREE_ARRAYS}
    nodes = arrays["column"].shape
    if len(nodes) != 1 or any(arrays[name].shape != nodes for name in _TREE_ARRAYS[1:]):
        raise ValueError("the arrays of the trees differ in length")
    if any(arrays[name].dtype.kind != "i" for name in _TREE_ARRAYS if name != "threshold"):
        raise ValueError("the arrays of the trees have other types")
    if np.isnan(arrays["threshold"]).any():
        raise ValueError("a threshold is not a number")
    order = np.arange(nodes[0])
    inner = arrays["left"] != 0
    for name in ("left", "right"):
        # Children stand after their parent, so every walk down ends.
        below = arrays[name][inner]
        if (below <= order[inner]).any() or (below >= nodes[0]).any():
            raise ValueError("a tree does not end")
    asked = arrays["column"][inner]
    if (asked < 0).any() or (asked >= width).any():
        raise ValueError("a tree asks for a column that is not there")
    roots = arrays["roots"]
    if roots.ndim != 1 or (roots < 0).any() or (roots >= nodes[0]).any():
        raise ValueError("a tree has no root")
    plain = {name: tuple(arrays[name].tolist()) for name in _TREE_ARRAYS}
    # A tree that is one leaf gives the same to all; its value belongs to the base.
    base += sum(plain["value"][root] for root in plain["roots"])
    return TreesReading(base=base, width=width, **plain)
