"""How columns of a sender's file are recognised: ``data/imports/columns.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

_MARKS = re.compile(r"[^a-z0-9+<]+")


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """Something that can be filled: its short label, and the headers that senders give it."""

    name: str
    nl: str
    en: str
    headers: frozenset[str]

    def label(self, lang: str) -> str:
        """The label in `lang`; any language but Dutch gives English."""
        return self.nl if lang == "nl" else self.en


@dataclass(frozen=True, slots=True)
class NeverAsked:
    """What no file may bring: its name and what to do instead, in Dutch and English."""

    code: str
    labels: Mapping[str, str]
    ways_out: Mapping[str, str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class ImportColumns:
    """What is known about files of all kinds.

    `values` holds words of senders by the column or kind of value that they stand for. A header is
    doubted when fewer than `doubted_under` of its cells can be read, and another one put in its
    place when `fits_from` of them can; both are shares of the filled cells of `sample_rows`.
    """

    columns: Mapping[str, Mapping[str, KnownColumn]]
    row_keys: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[str, str]]
    never: Sequence[NeverAsked]
    doubted_under: float
    fits_from: float
    sample_rows: int

    def never_asked(self, header: str) -> NeverAsked | None:
        """What `header` asks that nobody may ask; None for any other."""
        words = plain_header(header)
        padded = f" {words} "
        for item in self.never:
            if words in item.words or any(f" {word} " in padded for word in item.words):
                return item
        return None


def plain_header(text: str) -> str:
    """A header as it is compared: lower case without accents, marks as single spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(_MARKS.sub(" ", plain.casefold()).split())


def load_import_columns() -> ImportColumns:
    """What ``columns.yaml`` of the data folder says."""
    return _read(data_dir() / "imports" / "columns.yaml")


@lru_cache(maxsize=4)
def _read(path: Path) -> ImportColumns:
    found: dict[str, Any] = read_yaml(path)
    kinds = found["kinds"]
    return ImportColumns(
        columns={
            kind: {name: _column(name, entry) for name, entry in of_kind["columns"].items()}
            for kind, of_kind in kinds.items()
        },
        row_keys={kind: tuple(of_kind["row_key"]) for kind, of_kind in kinds.items()},
        values={
            name: {word.casefold(): value for word, value in words.items()}
            for name, words in found["values"].items()
        },
        never=tuple(_never(entry) for entry in found["never"]),
        doubted_under=float(found["shares"]["doubted_under"]),
        fits_from=float(found["shares"]["fits_from"]),
        sample_rows=int(found["sample_rows"]),
    )


def _column(name: str, entry: Mapping[str, Any]) -> KnownColumn:
    headers = {plain_header(text) for text in (name, entry["nl"], entry["en"], *entry["headers"])}
    return KnownColumn(name, entry["nl"], entry["en"], frozenset(headers))


def _never(entry: Mapping[str, Any]) -> NeverAsked:
    return NeverAsked(
        entry["code"],
        {"nl": entry["nl"], "en": entry["en"]},
        entry["way_out"],
        frozenset(plain_header(word) for word in entry["words"]),
    )
