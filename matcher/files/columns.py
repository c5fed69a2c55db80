"""The columns of a table as data: name, kind, limits, meaning, unit and example.

One table serves the readers and writers of files, the bodies of the API and its documentation, so
that a column means the same everywhere. The tables stand in ``columns_candidate``,
``columns_vacancy`` and ``columns_programme``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any, Final

from matcher.domain.vocabulary import ABILITIES, DEMANDS, LEVEL_MAXIMUM, LOADS
from matcher.files import cells
from matcher.reference.codes import load_codes


class Kind(StrEnum):
    """What a column holds, and so how it is read and written."""

    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    ORDERED_CODES = "ordered_codes"
    WORD = "word"
    SCALE = "scale"
    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    DATES = "dates"
    TIME = "time"
    OCCUPATION = "occupation"
    OCCUPATIONS = "occupations"
    RAISES = "raises"
    NEEDS = "needs"


LISTS: Final = frozenset(
    {Kind.CODES, Kind.ORDERED_CODES, Kind.DATES, Kind.OCCUPATIONS, Kind.RAISES, Kind.NEEDS}
)
"""Kinds that hold several values: ``|`` between them in a cell, a list in JSON."""

RAISABLE: Final = (*LEVEL_MAXIMUM, *LOADS, "direction", "guidance_hours")
"""What a programme can raise."""

NEEDABLE: Final[dict[str, float]] = {
    **{name: top for name, top in LEVEL_MAXIMUM.items() if name != "money"},
    **dict.fromkeys(LOADS, 2),
    "hours": 40,
    "hours_max": 40,
}
"""What a programme can ask as a lower bound, with the highest bound; never money (P-3)."""


def _papers() -> Collection[str]:
    lists = load_codes()
    return [*lists.list("credentials").codes, *lists.list("licences").codes]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `unit` is empty for text, codes and yes or no. `minimum` and `maximum` bound numbers and the
    length of texts. `codes` names lists in ``data/codes``, `words` a closed set (for ``SCALE`` in
    the order 0, 1, 2). `empty` is what an empty cell means (contract.md section 2: unknown, with
    exceptions). `unknown` are values that are read as unknown. `attribute` is the domain's name,
    where it differs.
    """

    name: str
    kind: Kind
    description_en: str
    description_nl: str
    example: str
    unit: str = ""
    required: bool = False
    minimum: float = 0
    maximum: float = 0
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    empty: Any = None
    unknown: tuple[int, ...] = ()
    attribute: str = field(default="")

    @property
    def field_name(self) -> str:
        """The attribute of the domain value that this column fills."""
        return self.attribute or self.name

    @property
    def is_list(self) -> bool:
        """Whether a cell can hold several values."""
        return self.kind in LISTS

    def description(self, lang: str) -> str:
        """The meaning in `lang`; any language but Dutch gives English."""
        return self.description_nl if lang == "nl" else self.description_en

    def known_codes(self) -> tuple[str, ...]:
        """The values that can stand here, for columns of codes and words; else none."""
        if self.words:
            return self.words
        lists = load_codes()
        return tuple(code for name in self.codes for code in lists.list(name).codes)

    def read(self, raw: object) -> Any:
        """The domain's value of a cell or JSON field; raises `CellError`."""
        if cells.is_empty(raw):
            return self.empty
        if self.is_list:
            return self._read_list(raw)
        value = self._read_one(raw)
        return None if value in self.unknown else value

    def _read_one(self, raw: object) -> Any:
        match self.kind:
            case Kind.TEXT:
                return cells.read_text(raw, int(self.maximum))
            case Kind.CODE:
                return cells.read_code(raw, self.codes)
            case Kind.WORD:
                return cells.read_word(raw, self.words)
            case Kind.SCALE:
                return self.words.index(cells.read_word(raw, self.words))
            case Kind.WHOLE:
                return cells.read_whole(raw, int(self.minimum), int(self.maximum), self.unknown)
            case Kind.NUMBER:
                return cells.read_number(raw, self.minimum, self.maximum)
            case Kind.MONEY:
                return cells.read_cents(raw, self.minimum, self.maximum)
            case Kind.BOOLEAN:
                return cells.read_boolean(raw)
            case Kind.DATE:
                return cells.read_date(raw)
            case Kind.TIME:
                return cells.read_time(raw)
            case Kind.OCCUPATION:
                return cells.read_occupation(raw)
        raise AssertionError(f"{self.name} is a list")

    def _read_list(self, raw: object) -> Any:
        match self.kind:
            case Kind.OCCUPATIONS:
                return cells.read_occupations(raw, int(self.maximum))
            case Kind.RAISES:
                return cells.read_raises(raw, RAISABLE)
            case Kind.NEEDS:
                return cells.read_needs(raw, NEEDABLE, ABILITIES, _papers())
            case Kind.DATES:
                return tuple(sorted({cells.read_date(item) for item in cells.split_list(raw)}))
        codes = [self._read_item(item) for item in cells.split_list(raw)]
        if self.kind is Kind.ORDERED_CODES:
            return tuple(dict.fromkeys(codes))
        return frozenset(codes)

    def _read_item(self, item: object) -> str:
        if self.words:
            return cells.read_word(item, self.words)
        return cells.read_code(item, self.codes)

    def write(self, value: Any) -> Any:
        """`value` of the domain as JSON holds it: text, number, true or false, list or null."""
        if value is None:
            return None
        match self.kind:
            case Kind.SCALE:
                return self.words[value]
            case Kind.CODES:
                return self._in_order(value)
            case Kind.ORDERED_CODES:
                return list(value)
            case Kind.MONEY:
                return cells.plain(value / 100)
            case Kind.DATES:
                return [item.isoformat() for item in value]
            case Kind.OCCUPATIONS:
                return [
                    code if years is None else f"{code}:{cells.plain(years)}"
                    for code, years in value
                ]
            case Kind.RAISES:
                return [f"{name}:+{steps}" for name, steps in value]
            case Kind.NEEDS:
                return [f"{name}>={cells.plain(bound)}" for name, bound in value]
        if isinstance(value, time):
            return value.isoformat("minutes")
        if isinstance(value, date):
            return value.isoformat()
        return cells.plain(value)

    def _in_order(self, codes: Collection[str]) -> list[str]:
        """Codes in the order of their list; one that is no longer listed comes last."""
        if len(codes) < 2:
            return list(codes)
        rank = {code: index for index, code in enumerate(self.known_codes())}
        return sorted(codes, key=lambda code: (rank.get(code, len(rank)), code))


def scale(name: str, words: tuple[str, ...], en: str, nl: str, example: str) -> Column:
    """A load: an ability or a demand, as words in files and 0, 1, 2 in the domain."""
    return Column(name, Kind.SCALE, en, nl, example, words=words)


def level(name: str, en: str, nl: str, example: str = "3") -> Column:
    """A level from 0 to the top of `name`."""
    return Column(name, Kind.WHOLE, en, nl, example, unit="level", maximum=LEVEL_MAXIMUM[name])


EDUCATION_LEVELS: Final = (1, 6)
EDUCATION_UNKNOWN: Final = (0, 7)
"""VUM codes 0 (not applicable) and 7 (not known yet) are read as unknown."""


def by_name(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    """The columns by their name."""
    return {column.name: column for column in columns}


LOAD_WORDS_EN: Final = {
    "lift": "lifting",
    "stand": "standing",
    "walk": "walking",
    "bend": "bending and kneeling",
    "outdoor": "working outdoors",
    "height": "working at height",
    "pace": "keeping up a steady pace",
    "interruptions": "changes and interruptions",
    "group": "working in a group",
    "alone": "working alone",
    "customers": "contact with customers or the public",
}
LOAD_WORDS_NL: Final = {
    "lift": "tillen",
    "stand": "staan",
    "walk": "lopen",
    "bend": "bukken en knielen",
    "outdoor": "buiten werken",
    "height": "werken op hoogte",
    "pace": "in een vast tempo werken",
    "interruptions": "wisselingen en onderbrekingen",
    "group": "in een groep werken",
    "alone": "alleen werken",
    "customers": "contact met klanten of publiek",
}


def abilities() -> tuple[Column, ...]:
    """The load abilities of a candidate."""
    return tuple(
        scale(
            load,
            ABILITIES,
            f"Ability for {LOAD_WORDS_EN[load]}, as told or tried",
            f"Wat iemand kan: {LOAD_WORDS_NL[load]}, zoals verteld of geprobeerd",
            "can",
        )
        for load in LOADS
    )


def demands() -> tuple[Column, ...]:
    """The demands of a place."""
    return tuple(
        scale(
            load,
            DEMANDS,
            f"How much the work asks of {LOAD_WORDS_EN[load]}",
            f"Hoeveel het werk vraagt: {LOAD_WORDS_NL[load]}",
            "some",
        )
        for load in LOADS
    )
