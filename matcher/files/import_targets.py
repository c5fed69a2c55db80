"""What the columns of an upload can fill: the columns of the contract, and how to reach people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from matcher.files import cells
from matcher.files.columns import Column
from matcher.files.columns_candidate import CANDIDATE_BY_NAME
from matcher.files.columns_programme import PROGRAMME_BY_NAME
from matcher.files.columns_vacancy import VACANCY_BY_NAME
from matcher.files.free_text import found_in
from matcher.files.messages import CellError
from matcher.models.states import ImportKind
from matcher.reference.import_columns import KnownColumn, load_import_columns

FIRST_NAME_MAXIMUM: Final = 60
CONTACT_MAXIMUM: Final = 120
NOTE_MAXIMUM: Final = 500
COACH_MAXIMUM: Final = 254
CONTACT: Final = ("phone", "email")
BESIDE: Final = ("first_name", *CONTACT, "coach", "note")
"""What a candidates upload can hold beside the columns of the contract."""

_NUMBER: Final = re.compile(r"0[0-9]{9}|\+[0-9]{9,14}|00[0-9]{10,14}")
_MARKS: Final = re.compile(r"[ ().\-/]")
_POWER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_DAMAGED: Final = re.compile("[ÃÂâ]")
_EMAIL: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a column can fill. `column` is that of the contract, None for `BESIDE`."""

    name: str
    known: KnownColumn
    read: Callable[[object], Any]
    required: bool = False
    column: Column | None = None

    @property
    def field_name(self) -> str:
        """The name of the value that it fills."""
        return self.name if self.column is None else self.column.field_name


def targets_of(kind: ImportKind) -> Mapping[str, Target]:
    """All that a file of this kind can fill, by name, in the order in which it is offered."""
    by_name = _COLUMNS[kind]
    found = {}
    for name, known in load_import_columns().columns[kind].items():
        column = by_name.get(name)
        if column is None:
            found[name] = Target(name, known, _BESIDE[name])
        else:
            found[name] = Target(name, known, column.read, column.required, column)
    return found


_COLUMNS: Final[Mapping[ImportKind, Mapping[str, Column]]] = {
    ImportKind.CANDIDATES: CANDIDATE_BY_NAME,
    ImportKind.VACANCIES: VACANCY_BY_NAME,
    ImportKind.PROGRAMMES: PROGRAMME_BY_NAME,
}


def read_phone(raw: object) -> str | None:
    """A phone number without marks; CellError for one whose digits were lost or are too few."""
    if cells.is_empty(raw):
        return None
    text = _digits(raw)
    if _POWER.fullmatch(text):
        raise CellError("phone_lost")
    number = _MARKS.sub("", text)
    if not _NUMBER.fullmatch(number):
        raise CellError("phone")
    return number


def _digits(raw: object) -> str:
    if isinstance(raw, cells.Unreadable):
        raise raw.refused()
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(cells.plain(raw))
    if not isinstance(raw, str):
        raise CellError("phone")
    return raw.strip()


def read_email(raw: object) -> str | None:
    """An e-mail address in lower case."""
    if cells.is_empty(raw):
        return None
    text = cells.read_text(raw, CONTACT_MAXIMUM)
    if not _EMAIL.fullmatch(text):
        raise CellError("email")
    return text.lower()


def read_first_name(raw: object) -> str | None:
    """What somebody is called; CellError when its letters were damaged on the way."""
    return None if cells.is_empty(raw) else _whole(cells.read_text(raw, FIRST_NAME_MAXIMUM))


def _whole(text: str) -> str:
    if mended(text) != text:
        raise CellError("letters_wrong")
    return text


def mended(text: str) -> str:
    """`text` with its letters again when UTF-8 was read as Windows-1252, else as it is."""
    if not _DAMAGED.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def read_coach(raw: object) -> str | None:
    """With what name or address the coach signs in, in lower case."""
    return None if cells.is_empty(raw) else cells.read_text(raw, COACH_MAXIMUM).casefold()


def read_note(raw: object) -> str | None:
    """A note; CellError when it says what is never asked, without repeating it."""
    if cells.is_empty(raw):
        return None
    text = _whole(cells.read_text(raw, NOTE_MAXIMUM))
    found = found_in(text)
    if found:
        raise CellError(
            "never_asked",
            subjects=", ".join(kind.en for kind in found),
            subjects_nl=", ".join(kind.nl for kind in found),
        )
    return text


_BESIDE: Final[Mapping[str, Callable[[object], Any]]] = {
    "first_name": read_first_name,
    "phone": read_phone,
    "email": read_email,
    "coach": read_coach,
    "note": read_note,
}
