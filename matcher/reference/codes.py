"""The code lists of ``data/codes``: extendable by editing YAML, without code.

A file is one list, named after the file: ``title``, ``source``, ``dated``, optional ``note`` and
``codes``, where every code has a Dutch and an English label and may carry attributes. A code with
``values`` makes a second list, named ``list.code``; ``members`` names codes that exist and are
called after the group they stand in, unless an entry of their own follows.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.errors import MatcherError, Problem
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

LANGUAGES = ("nl", "en")
NEAREST = 3
"""How many known codes an error about an unknown one names."""


class CodeListError(ValueError):
    """A code list file that cannot be used; the message names the file and the code."""


class UnknownCodeError(MatcherError):
    """A code that the list does not hold; `nearest` are the known ones closest to it."""

    def __init__(self, list_name: str, code: str, nearest: tuple[str, ...]) -> None:
        hint = f"; the nearest known codes are {', '.join(nearest)}" if nearest else ""
        super().__init__(f"'{code}' is not a known code of {list_name}{hint}")
        self.list_name = list_name
        self.code = code
        self.nearest = nearest

    def problem(self, where: str, row: int | None = None) -> Problem:
        """The same as a problem of a field or a cell."""
        return Problem(where=where, why=str(self), row=row)


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its labels; `attributes` is what else the file says about it."""

    code: str
    nl: str
    en: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def label(self, lang: str) -> str:
        """The label in `lang`; any other language than Dutch falls back to English."""
        return self.nl if lang == "nl" else self.en

    def text(self, name: str, lang: str) -> str:
        """An attribute that is itself a text in two languages, such as ``explanation``."""
        texts: Mapping[str, str] = self.attributes[name]
        return texts["nl" if lang == "nl" else "en"]


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list in the order of its file; `dated` is the day on which it was drawn up."""

    name: str
    title: Mapping[str, str]
    source: str
    dated: date
    codes: Mapping[str, Code]
    note: str | None = None

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __getitem__(self, code: str) -> Code:
        return self.codes[code]

    def nearest(self, code: str) -> tuple[str, ...]:
        """The known codes that look or are called most like `code`, best first."""
        by_name = {known.casefold(): known for known in self.codes}
        for entry in self.codes.values():
            for label in (entry.nl, entry.en):
                by_name.setdefault(label.casefold(), entry.code)
        wanted = code.strip().casefold()
        near = difflib.get_close_matches(wanted, list(by_name), n=2 * NEAREST, cutoff=0.5)
        if not near:  # nothing looks like it: name some codes all the same
            codes = [known.casefold() for known in self.codes]
            near = difflib.get_close_matches(wanted, codes, n=NEAREST, cutoff=0.0)
        return tuple(dict.fromkeys(by_name[name] for name in near))[:NEAREST]


@dataclass(frozen=True, slots=True)
class CodeLists:
    """Every list of one data folder."""

    lists: Mapping[str, CodeList]

    def names(self) -> tuple[str, ...]:
        """The names of all lists, sorted."""
        return tuple(sorted(self.lists))

    def list(self, name: str) -> CodeList:
        """The list called `name`; a ``KeyError`` is a fault of the program, not of input."""
        return self.lists[name]

    def label(self, name: str, code: str, lang: str) -> str:
        """The label of `code`, or the code itself when the list no longer holds it.

        Stored records may carry a code that was taken out later: they stay readable.
        """
        entry = self.lists[name].codes.get(code)
        return code if entry is None else entry.label(lang)

    def require(self, name: str, code: str) -> str:
        """`code` itself when the list holds it; raises `UnknownCodeError` with the nearest ones."""
        known = self.lists[name]
        if code not in known:
            raise UnknownCodeError(name, code, known.nearest(code))
        return code


def load_codes() -> CodeLists:
    """Every code list of the data folder, read once a folder."""
    return _load(data_dir() / "codes")


@lru_cache(maxsize=8)
def _load(folder: Path) -> CodeLists:
    lists: dict[str, CodeList] = {}
    for path in sorted(folder.glob("*.yaml")):
        for code_list in _read(path):
            lists[code_list.name] = code_list
    if not lists:
        raise CodeListError(
            f"{folder} holds no code lists; set MATCHER_DATA_DIR to the data folder"
        )
    return CodeLists(lists)


def _read(path: Path) -> tuple[CodeList, ...]:
    content = read_yaml(path)
    for key in ("title", "source", "dated", "codes"):
        if not isinstance(content, dict) or key not in content:
            raise CodeListError(f"{path.name}: '{key}' is missing")
    head = {"source": content["source"], "dated": content["dated"]}
    codes: dict[str, Code] = {}
    nested: list[CodeList] = []
    for code, entry in content["codes"].items():
        made = _code(path, code, entry)
        codes[code] = made
        for member in made.attributes.get("members", ()):
            codes.setdefault(member, _member(path, member, made))
        if "values" in made.attributes:
            values = {
                value: _code(path, value, texts)
                for value, texts in made.attributes["values"].items()
            }
            title = {"nl": made.nl, "en": made.en}
            nested.append(CodeList(f"{path.stem}.{code}", title, codes=values, **head))
    whole = CodeList(path.stem, content["title"], codes=codes, note=content.get("note"), **head)
    return (whole, *nested)


def _code(path: Path, code: object, entry: object) -> Code:
    if not isinstance(code, str):
        raise CodeListError(f"{path.name}: put the code {code!r} in quotes, it must be text")
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(language), str) for language in LANGUAGES
    ):
        raise CodeListError(f"{path.name}: '{code}' needs a Dutch (nl) and an English (en) label")
    rest = {key: value for key, value in entry.items() if key not in LANGUAGES}
    return Code(code=code, nl=entry["nl"], en=entry["en"], attributes=rest)


def _member(path: Path, member: object, group: Code) -> Code:
    if not isinstance(member, str):
        raise CodeListError(f"{path.name}: put the code {member!r} in quotes, it must be text")
    return Code(
        code=member,
        nl=f"{group.nl} ({member})",
        en=f"{group.en} ({member})",
        attributes={"parent": group.code},
    )
