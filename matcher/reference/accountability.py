"""What the accountability pack says that stands in no code: ``data/accountability``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

NAMES = ("controllers", "description", "purposes", "questions", "risks")


def load_accountability() -> Mapping[str, Mapping[str, Any]]:
    """The documents by name; how long data are kept is read by ``retention``."""
    return _load(data_dir() / "accountability")


@lru_cache(maxsize=8)
def _load(folder: Path) -> dict[str, Mapping[str, Any]]:
    return {name: read_yaml(folder / f"{name}.yaml") for name in NAMES}
