"""Where the files of artefacts stand, and how they get there and are read: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from matcher.models.keyring import keyring_of
from matcher.scoring.artefact import load
from matcher.scoring.manifest import MANIFEST_SUFFIX, SUFFIX
from matcher.scoring.predictor import Predictor
from matcher.scoring.refusals import ArtefactRefused
from matcher.services.offered import OFFERED

FOLDER_VARIABLE: Final = "MATCHER_ARTEFACTS"
_KIND: Final = "artefacts"
_PRODUCTION: Final = "production"
_KEPT_MAXIMUM: Final = 16

_Stamp = tuple[tuple[int, int, int] | None, ...]
_kept: dict[tuple[Path, str], tuple[_Stamp, Predictor | ArtefactRefused]] = {}
_lock = Lock()


def in_production() -> bool:
    """Whether this process serves real people, as ``MATCHER_ENVIRONMENT`` says or leaves open."""
    return os.environ.get("MATCHER_ENVIRONMENT", _PRODUCTION) == _PRODUCTION


def folder_of(session: Session) -> Path:
    """The folder named by ``MATCHER_ARTEFACTS``, else one beside the data keys."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    beside = keyring_of(session).beside(_KIND)
    return Path.cwd() / "instance" / _KIND if beside is None else beside


def file_of(session: Session, region: str, name: str) -> Path:
    """The file of a registered artefact, whether it is there or not."""
    return folder_of(session) / region / f"{name}{SUFFIX}"


def bring_in(session: Session, region: str, source: Path) -> Predictor:
    """Copies an artefact that is whole into the folder, the manifest last; its predictor.

    ArtefactRefused for one that is not, or that asks for what is not offered here.
    """
    predictor = read(source, None)
    path = file_of(session, region, predictor.manifest.artefact_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = source.with_name(source.name.removesuffix(SUFFIX) + MANIFEST_SUFFIX)
    for origin, target in (
        (source, path),
        (beside, path.with_name(path.name.removesuffix(SUFFIX) + MANIFEST_SUFFIX)),
    ):
        # A reader sees the old file or the new one, and never a part.
        aside = target.with_name(f".{target.name}.{os.getpid()}")
        aside.write_bytes(origin.read_bytes())
        os.replace(aside, target)
    return read(path, predictor.manifest.sha256)


def read(path: Path, expected_sha256: str | None) -> Predictor:
    """The predictor of a file that is whole and asks for no more than is offered."""
    predictor = load(path, expected_sha256=expected_sha256)
    predictor.require(OFFERED)
    return predictor


def kept(path: Path, expected_sha256: str) -> Predictor:
    """The same, read once and again as soon as either file changed; refused anew each time."""
    stamp = _stamp(path)
    key = (path, expected_sha256)
    with _lock:
        found = _kept.get(key)
    if found is None or found[0] != stamp:
        outcome: Predictor | ArtefactRefused
        try:
            outcome = read(path, expected_sha256)
        except ArtefactRefused as refusal:
            outcome = refusal
        found = (stamp, outcome)
        with _lock:
            if len(_kept) >= _KEPT_MAXIMUM:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    if isinstance(found[1], ArtefactRefused):
        raise ArtefactRefused(found[1].code, **found[1].facts)
    return found[1]


def _stamp(path: Path) -> _Stamp:
    beside = path.with_name(path.name.removesuffix(SUFFIX) + MANIFEST_SUFFIX)
    return tuple(_stamp_of(each) for each in (path, beside))


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
