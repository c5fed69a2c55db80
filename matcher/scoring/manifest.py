"""The manifest beside an artefact: what it was learned from, what it needs, what it was worth.

JSON with sorted keys, ASCII only. ``self_sha256`` is the hash of everything else in it, so a
manifest that was edited says so itself; a registry keeps that hash and asks for it on load.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from matcher.scoring.refusals import ArtefactRefused

FORMAT: Final = 1
"""Of manifest and content together; raised whenever an older file would be read wrongly."""

SUFFIX: Final = ".skops"
MANIFEST_SUFFIX: Final = ".manifest.json"
MANIFEST_MAXIMUM: Final = 4 * 1024 * 1024

RANKS: Final = "rank"
"""The purpose of an artefact whose predictions may order people or places."""

NEVER_IN_RANKING: Final = ("money",)
"""Debt helps, never harms (P-3)."""
NEVER_A_FEATURE: Final = ("benefit", "birth_year", "reference")
"""Kept apart for the group audit, or no fact about somebody at all (P-4)."""

KINDS: Final = ("number", "boolean", "category", "date")
"""What a feature's value is; a date counts as days before the day of intake."""


@dataclass(frozen=True, slots=True)
class FeatureEntry:
    """One feature as the artefact takes it, in the order of the manifest.

    `monotone` is 1, -1 or 0; `imputation` says in words what stands in for an unknown;
    `dimension` is the readiness dimension under which its part is explained, or None.
    """

    name: str
    kind: str
    monotone: int
    imputation: str
    dimension: str | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands beside an artefact; `details` hold metrics, audit, calibration and data facts."""

    artefact_id: str
    cohort: str
    learner: str
    purpose: str
    is_synthetic: bool
    features: tuple[FeatureEntry, ...]
    outcome: Mapping[str, Any]
    seed: int
    data_sha256: str
    configuration_sha256: str
    libraries: Mapping[str, str]
    file_sha256: str
    file_bytes: int
    types: tuple[str, ...]
    details: Mapping[str, Any]
    format: int = FORMAT

    @property
    def file_name(self) -> str:
        """The one name its file may have."""
        return f"{self.artefact_id}{SUFFIX}"

    @property
    def features_sha256(self) -> str:
        """The hash of features, kinds, levels and order: what a service must offer."""
        return sha256(canonical([asdict(feature) for feature in self.features]))

    @property
    def sha256(self) -> str:
        """The hash that `to_bytes` writes as ``self_sha256``: what a registry keeps."""
        return sha256(canonical(self._document()))

    def _document(self) -> dict[str, Any]:
        document = asdict(self)
        document["features_sha256"] = self.features_sha256
        document["file"] = self.file_name
        return document

    def as_mapping(self) -> dict[str, Any]:
        """All of it in plain values, as the file holds it."""
        found: dict[str, Any] = json.loads(self.to_bytes())
        return found

    def to_bytes(self) -> bytes:
        """The file; equal manifests give equal bytes."""
        document = {**self._document(), "self_sha256": self.sha256}
        return (json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def canonical(value: Any) -> bytes:
    """`value` as JSON with one possible spelling; NaN and infinity have none."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256(data: bytes) -> str:
    """The hash in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def check_features(purpose: str, names: tuple[str, ...], name: str) -> None:
    """Refuses an artefact that uses what may never count (P-3, P-4)."""
    never = (*NEVER_A_FEATURE, *(NEVER_IN_RANKING if purpose == RANKS else ()))
    found = [feature for feature in names if feature.casefold() in never]
    if found:
        raise ArtefactRefused("forbidden_feature", name=name, found=", ".join(found))


def read_manifest(path: Path) -> Manifest:
    """The manifest of the artefact file `path`; `ArtefactRefused` with the reason."""
    beside = path.with_name(path.name.removesuffix(SUFFIX) + MANIFEST_SUFFIX)
    if not beside.is_file():
        beside = _only_manifest_in(path)
    data = beside.read_bytes()
    if len(data) > MANIFEST_MAXIMUM:
        raise ArtefactRefused("oversized", name=beside.name)
    try:
        document = json.loads(data)
        claimed = document.pop("self_sha256")
        found_format = int(document["format"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ArtefactRefused("manifest_unreadable", name=beside.name) from None
    if found_format != FORMAT:
        code = "older" if found_format < FORMAT else "newer"
        raise ArtefactRefused(code, name=path.name, found=found_format, expected=FORMAT)
    if sha256(canonical(document)) != claimed:
        raise ArtefactRefused("manifest_changed", name=beside.name)
    try:
        return _manifest(document)
    except (KeyError, TypeError, ValueError):
        raise ArtefactRefused("manifest_unreadable", name=beside.name) from None


def _only_manifest_in(path: Path) -> Path:
    """Where a file was renamed its manifest kept its name; only one there can be meant."""
    others = sorted(path.parent.glob(f"*{MANIFEST_SUFFIX}"))
    if len(others) != 1:
        raise ArtefactRefused("manifest_missing", name=path.name)
    return others[0]


def _manifest(document: dict[str, Any]) -> Manifest:
    document.pop("features_sha256")
    document.pop("file")
    features = tuple(
        FeatureEntry(**{**entry, "levels": tuple(entry["levels"])})
        for entry in document.pop("features")
    )
    types = tuple(document.pop("types"))
    return Manifest(features=features, types=types, **document)


def is_finite(numbers: Any) -> bool:
    """Whether no number in a flat sequence is NaN or infinite."""
    return all(math.isfinite(number) for number in numbers)
