"""Whether a text about a place asks for what nobody may ask of a candidate.

The words stand in ``data/codes/not_to_ask.yaml``; what matched is never told or kept.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from matcher.reference.codes import Code, CodeList, load_codes

_LEAST_AGE = 14
_WORDS = re.compile(r"[a-z]+|[0-9]+")


def asks_for(text: str) -> tuple[Code, ...]:
    """The subjects of ``not_to_ask`` that `text` asks for, in the order of the list."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    words = _WORDS.findall(plain.lower())
    line = f" {' '.join('#' if _is_age(word) else word for word in words)} "
    codes = load_codes().list("not_to_ask")
    return tuple(codes[code] for code, pattern in _patterns(codes) if pattern.search(line))


def _is_age(word: str) -> bool:
    return word.isdigit() and len(word) <= 3 and int(word) >= _LEAST_AGE


def _patterns(codes: CodeList) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (
            code.code,
            _pattern(tuple(code.attributes["words"]), tuple(code.attributes["phrases"])),
        )
        for code in codes.codes.values()
    ]


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...], phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(each).replace(r"\*", "[a-z]*") for each in (*words, *phrases))
    return re.compile(rf" (?:{'|'.join(parts)}) ")
