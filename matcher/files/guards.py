"""What may not pass: citizen service numbers, formulas in exports, needs nobody may have."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

_BSN_LENGTHS: Final = (8, 9)
_DIGIT_RUN: Final = re.compile(r"[0-9]+(?:[ .\-][0-9]+)*")
_ISO_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def contains_bsn(text: str) -> bool:
    """Whether a valid citizen service number stands in `text`, also with separators.

    Every group of neighbouring digit blocks that is 8 or 9 digits long is put to the 11-check; a
    date is not a number. Full-width digits and invisible characters do not hide one.
    """
    if sum(character.isdigit() for character in text) < min(_BSN_LENGTHS):
        return False
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) != "Cf"
    )
    plain = _ISO_DATE.sub("/", plain)
    return any(_run_holds_bsn(run.group()) for run in _DIGIT_RUN.finditer(plain))


def _run_holds_bsn(run: str) -> bool:
    blocks = re.split(r"[ .\-]", run)
    for start in range(len(blocks)):
        digits = ""
        for block in blocks[start:]:
            digits += block
            if len(digits) > max(_BSN_LENGTHS):
                break
            if len(digits) in _BSN_LENGTHS and passes_eleven_check(digits):
                return True
    return False


def passes_eleven_check(digits: str) -> bool:
    """The 11-check of a BSN: 9d1 + 8d2 + … + 2d8 - d9 is a multiple of 11 (8 digits: d1 is 0)."""
    number = [int(digit) for digit in digits.zfill(9)]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * digit for weight, digit in zip(weights, number, strict=True))
    return any(number) and total % 11 == 0


_FORMULA_START: Final = re.compile("'*[=+\\-@\t\r\x00＝＋－＠]")


def guard_formula(text: str) -> str:
    """`text` as a spreadsheet shows it as text: a leading apostrophe where it could be a formula.

    Apostrophes already there before such a character get one more, so that `unguard_formula`
    restores every text exactly (OWASP ASVS 5.0, 1.2.10).
    """
    return f"'{text}" if _FORMULA_START.match(text) else text


def unguard_formula(text: str) -> str:
    """The text as it was before `guard_formula`."""
    return text[1:] if text.startswith("'") and _FORMULA_START.match(text) else text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_A_NEED: Final[dict[str, frozenset[str]]] = {
    "money": _words(
        "money debt debts debtor creditor creditors garnishment schuld schulden geldzorgen geld "
        "schuldhulp schuldhulpverlening beslag loonbeslag bewindvoering"
    ),
    "benefit": _words(
        "benefit benefits uitkering uitkeringen bijstand pwet participatiewet wajong wia wao wsw "
        "doelgroep doelgroepregister ldr banenafspraak"
    ),
    "age": _words(
        "age ages leeftijd leeftijden leeftijdsgrens geboortejaar geboortedatum birthdate birthday "
        "birthyear dob minage maxage minimumleeftijd maximumleeftijd"
    ),
    "gender": _words("gender sex geslacht genders sekse mv vm mvx"),
    "origin": _words(
        "origin herkomst afkomst ethnicity ethnic etniciteit etnisch nationality nationaliteit "
        "geboorteland geboorteplaats birthplace migration migratieachtergrond religion religie "
        "geloof statushouder race ras"
    ),
    "health": _words(
        "health gezondheid diagnosis diagnose diagnoses illness disease ziekte ziekten ziek "
        "sickness medical medisch medication medicatie disability handicap beperking beperkingen "
        "arbeidsbeperking arbeidsbeperkt pregnancy pregnant zwanger zwangerschap verzuim "
        "ziekteverzuim"
    ),
}
_NEVER_PAIRS: Final = {
    ("birth", "year"): "age",
    ("birth", "date"): "age",
    ("date", "birth"): "age",
    ("birth", "country"): "origin",
    ("country", "birth"): "origin",
    ("p", "wet"): "benefit",
    ("m", "v"): "gender",
    ("v", "m"): "gender",
    ("sick", "leave"): "health",
}
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def forbidden_need(name: str) -> str | None:
    """Which of money, benefit, age, gender, origin and health a vacancy's column speaks of.

    Whole words are compared, in Dutch and English, also in ``camelCase``; ``stage`` is no ``age``.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    words = [word.lower() for word in _WORDS.findall(plain)]
    words = [word for word in words if word not in {"of", "the", "van"}]
    for subject, spellings in _NEVER_A_NEED.items():
        if spellings.intersection(words) or "".join(words) in spellings:
            return subject
    for pair in pairwise(words):
        if pair in _NEVER_PAIRS:
            return _NEVER_PAIRS[pair]
    return None


def shown_name(name: str) -> str:
    """A column name of the sender as a message may repeat it: short, printable, without a BSN."""
    if contains_bsn(name):
        return "(hidden)"
    printable = "".join(character if character.isprintable() else "?" for character in name)
    return f"{printable[:57]}..." if len(printable) > 60 else printable or "(empty name)"
