"""The sentences of model card and data sheet, in English and Dutch: ``data/cards/texts.yaml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@lru_cache(maxsize=4)
def _texts(path: Path) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = read_yaml(path)
    return texts


def texts() -> dict[str, dict[str, str]]:
    """Every sentence by key and language."""
    return _texts(data_dir() / "cards" / "texts.yaml")


def say(key: str, lang: str, **facts: object) -> str:
    """The sentence in ``nl`` or ``en``."""
    return texts()[key][lang].format(**facts)


def named(key: str, lang: str) -> str:
    """A code in words, or as it is where it has none."""
    return say(key, lang) if key in texts() else key
