"""What free text says that is never asked: found so that somebody can say it in another way.

The kinds, their words and the way out of each stand in ``data/codes/never_asked_terms.yaml``. What
matched is never told, logged or kept, and how often it happens to whom is counted nowhere
(practice.md section 7, 15).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from matcher.files.guards import contains_bsn
from matcher.reference.codes import Code, load_codes
from matcher.reference.screening import speaks_of

LIST: Final = "never_asked_terms"
KEEP_REASONS: Final = "keep_text_reasons"
"""The list of reasons for which a text can stay as it is."""

_DATE = re.compile(
    r"(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)[0-9]{2}(?![0-9])"
)
_AMOUNT = re.compile(
    r"(?:€|\beur(?:o)?\b) ?[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+ ?(?:€|euro\b)"
)
_SERVICE = re.compile(r"(?<![0-9])0[89]00[ -][0-9]{4}(?:[0-9]{3})?(?![0-9])")
"""Numbers of services, which are nobody's own."""
_GAP = r"[ .\-]?"
_PHONE = re.compile(
    rf"(?<![0-9+])(?:"
    rf"(?:\+|00)31{_GAP}\(?0?\)?{_GAP}[1-9](?:{_GAP}[0-9]){{8}}"
    rf"|\(?0[1-7][0-9]{{0,2}}\)?[ \-/]+[0-9](?:{_GAP}[0-9]){{5,8}}"
    rf"|06(?:{_GAP}[0-9]){{8}}"
    rf"|0[1-7][0-9]{{8}}"
    rf")(?![0-9])"
)
_DIGITS_OF_A_NUMBER: Final = (10, 11, 13)
_EMAIL = re.compile(
    r"[\w.+-]{1,64} ?(?:@|\(at\)|\[at\]|\bapenstaartje\b) ?"
    r"[\w-]{1,63}(?: ?(?:\.|\bpunt\b|\(dot\)) ?[\w-]{2,63})+",
    re.IGNORECASE,
)
_IBAN_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2})(?=[ .\-]?[0-9][ .\-]?[0-9])")
_DIGIT = re.compile(r"\d")
_SHORTEST: Final = 8
"""Characters of the shortest of the numbers that are never saved."""


class KeptText(str):
    """A text that somebody wants kept as it is, for one of the reasons of `KEEP_REASONS`.

    The reason makes that somebody stops to think; it is not kept either.
    """

    __slots__ = ()


def found_in(text: str) -> tuple[Code, ...]:
    """The kinds of what `text` says that is never asked, those that can never be saved first."""
    kinds = load_codes().list(LIST)
    plain = _plain(text)
    names = {*_numbers(plain), *speaks_of(plain, LIST)}
    found = [code for code in kinds.codes.values() if code.code in names]
    return tuple(sorted(found, key=lambda code: bool(code.attributes["keepable"])))


def never_saved(text: str) -> tuple[Code, ...]:
    """Those of them that no reason lets through: a BSN, and a bank account number."""
    # Every cell of a large file passes here, and most can hold neither.
    if len(text) < _SHORTEST or not _DIGIT.search(text):
        return ()
    names = list(_numbers(_plain(text)))
    if not names:
        return ()
    kinds = load_codes().list(LIST)
    return tuple(kinds[name] for name in names if not kinds[name].attributes["keepable"])


def way_out(kinds: tuple[Code, ...], language: str) -> str:
    """What to do about the kinds found, in one or two sentences."""
    head = "Hier staat iets over" if language == "nl" else "This says something about"
    labels = ", ".join(code.label(language) for code in kinds)
    return f"{head}: {labels}. {kinds[0].text('way_out', language)}"


def contains_iban(text: str) -> bool:
    """Whether a valid IBAN stands in `text`, also with spaces, dots or dashes (ISO 13616)."""
    return any(True for _iban in _ibans(_plain(text)))


def _plain(text: str) -> str:
    """`text` without invisible characters, full-width digits as digits, one kind of space."""
    normal = unicodedata.normalize("NFKC", text)
    shown = (c for c in normal if unicodedata.category(c) != "Cf")
    return re.sub(r"[‐-―−]", "-", re.sub(r"\s", " ", "".join(shown)))


def _numbers(plain: str) -> Iterator[str]:
    """The kinds that are recognised by their form."""
    if contains_bsn(plain) and contains_bsn(_without(plain)):
        yield "bsn"
    ibans = list(_ibans(plain))
    if ibans:
        yield "iban"
    for iban in ibans:
        plain = plain.replace(iban, "/")
    if any(_is_number(match.group()) for match in _PHONE.finditer(plain)):
        yield "phone"
    if _EMAIL.search(plain):
        yield "email"


def _without(plain: str) -> str:
    """`plain` without dates, amounts, phone numbers and IBANs, whose digits can look like a BSN."""
    for pattern in (_DATE, _AMOUNT, _SERVICE):
        plain = pattern.sub("/", plain)
    plain = _PHONE.sub(lambda match: "/" if _is_number(match.group()) else match.group(), plain)
    for iban in list(_ibans(plain)):
        plain = plain.replace(iban, "/")
    return plain


def _is_number(match: str) -> bool:
    return sum(character.isdigit() for character in match) in _DIGITS_OF_A_NUMBER


def _ibans(plain: str) -> Iterator[str]:
    """The pieces of `plain` that are an IBAN: a known country, its length, and modulo 97 is 1."""
    upper = plain.upper()
    starts = list(_IBAN_START.finditer(upper))
    if not starts:
        return
    lengths: Mapping[str, int] = load_codes().list(LIST)["iban"].attributes["lengths"]
    for start in starts:
        length = lengths.get(start.group(1))
        if length is None:
            continue
        found, end = "", start.start()
        while len(found) < length and end < len(upper):
            character = upper[end]
            if character.isascii() and character.isalnum():
                found += character
            elif character not in " .-":
                break
            end += 1
        if len(found) == length and _passes_97(found):
            yield plain[start.start() : end]


def _passes_97(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
