"""The sentences of the rules in Dutch and English: ``data/texts`` with the names of the codes."""

from __future__ import annotations

from functools import cache
from typing import Any

from matcher.domain.wording import Wording
from matcher.reference.codes import load_codes
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

LANGUAGES = ("nl", "en")
"""Dutch is the original and the default."""

CODE_LISTS = {
    "sector": "sectors",
    "credential": "credentials",
    "licence": "licences",
    "lane": "lanes",
}
"""Facts that are said with the labels of a code list."""


@cache
def load_wording(language: str) -> Wording:
    """The wording of `language`; a language that is not kept falls back to Dutch."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    path = data_dir() / "texts" / f"{chosen}.yaml"
    document: dict[str, Any] = read_yaml(path)
    codes = load_codes()
    names: dict[str, dict[str, str]] = dict(document["names"])
    for fact, list_name in CODE_LISTS.items():
        names[fact] = {
            code.code: code.label(chosen) for code in codes.list(list_name).codes.values()
        }
    return Wording(
        language=chosen,
        templates={str(code): text for code, text in document["templates"].items()},
        names=names,
        months=tuple(document["months"]),
        conjunction=document["conjunction"],
    )
