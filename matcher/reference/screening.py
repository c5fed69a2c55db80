"""Whether a text about a place asks for what nobody may ask, or a note says what is never kept.

The words stand in ``data/codes``, in `not_to_ask` and `never_asked_terms`; what matched is never
told or kept.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from matcher.reference.codes import Code, CodeList, load_codes

_LEAST_AGE = 14
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_PARTS = re.compile(r"[a-z*]+|[0-9]+|#")
"""The same in a list, where an asterisk and a # stand for something."""


def asks_for(text: str) -> tuple[Code, ...]:
    """The subjects of ``not_to_ask`` that `text` asks for, in the order of the list."""
    line = " ".join("#" if _is_age(word) else word for word in _words(text))
    codes = load_codes().list("not_to_ask")
    return tuple(codes[code] for code, pattern in _patterns(codes) if pattern.search(f" {line} "))


def speaks_of(text: str, list_name: str) -> tuple[str, ...]:
    """The codes of a list with `words` and `phrases` that `text` holds; # is any number."""
    line = " ".join("#" if word.isdigit() else word for word in _words(text))
    codes = load_codes().list(list_name)
    return tuple(code for code, pattern in _patterns(codes) if pattern.search(f" {line} "))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return _WORDS.findall(plain.lower())


def _is_age(word: str) -> bool:
    return word.isdigit() and len(word) <= 3 and int(word) >= _LEAST_AGE


def _patterns(codes: CodeList) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (
            code.code,
            _pattern(tuple(code.attributes["words"]), tuple(code.attributes["phrases"])),
        )
        for code in codes.codes.values()
        if code.attributes["words"] or code.attributes["phrases"]
    ]


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...], phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = (
        re.escape(" ".join(_PARTS.findall(each))).replace(r"\*", "[a-z]*")
        for each in (*words, *phrases)
    )
    return re.compile(rf" (?:{'|'.join(parts)}) ")
