"""VUM (Verbeteren Uitwisseling Matchingsgegevens): what reading and writing share.

After the public OpenAPI of VNG-Realisatie/UM-Pilot: UM-Gemeente-WerkzoekendenProfielen 0.8.7 and
UM-Gemeente-Vacatures 0.8.2. Codes come as integers or as text, empty values mean absent, and
attributes that are not known are allowed. Constructs with ``oneOf`` refuse every value in strict
validators (each alternative accepts anything, and refers back to the choice), so nothing is ever
written in them. Nothing about a person's name, address, phone, mail or register is read or kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from matcher.domain.errors import Problem
from matcher.files.cells import Unreadable, is_empty, read_whole
from matcher.files.messages import CellError, quoted, say
from matcher.reference.codes import load_codes

VUM_HOURS_UNKNOWN: Final = (0, 99)
HOURS_MAXIMUM: Final = 40
TRAVEL_MAXIMUM: Final = 180
DUTCH: Final = "nld"
SBI_FILLER: Final = "99999"
"""The highest number that the format allows, and no class of SBI 2008."""

LEVEL_OF_LANGUAGE: Final = {"1": 0, "2": 2, "3": 3, "4": 4}
"""Work Dutch of a VUM language level: none is below A1, fair A2, good B1, excellent above B1."""
LANGUAGE_OF_LEVEL: Final = {0: 1, 1: 0, 2: 2, 3: 3, 4: 4}
"""The way back; A1 lies between none and fair, so it is written as unknown and never as less."""


class VumItem:
    """One object of VUM, walked by path; remarks and problems gather under the VUM name."""

    def __init__(self, value: Mapping[str, Any], row: int, lang: str) -> None:
        self.value = value
        self.row = row
        self.lang = lang
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def note(self, path: str, code: str, **facts: object) -> None:
        """Names how something was read."""
        self.notes.append(Problem(path, say(code, self.lang, **facts), self.row))

    def problem(self, path: str, code: str, **facts: object) -> None:
        """Names why the row is left out."""
        self.problems.append(Problem(path, say(code, self.lang, **facts), self.row))

    def get(self, path: str) -> Any:
        """What stands at ``a.b.c``; None when it is absent or empty."""
        return self.inside(self.value, path, path)

    def inside(self, value: Any, path: str, shown: str) -> Any:
        """What stands at `path` in `value`, called `shown` in problems."""
        for part in path.split("."):
            if value is None:
                return None
            if not isinstance(value, Mapping):
                self.problem(shown, "vum_object")
                return None
            value = value.get(part)
            if isinstance(value, Unreadable):
                self.problem(shown, value.code, **dict(value.facts))
                return None
            if is_empty(value) or value == {}:
                value = None
        return value

    def listing(self, path: str) -> list[Mapping[str, Any]]:
        """The objects of the list at `path`; one object alone counts as a list of one."""
        found = self.get(path)
        if found is None:
            return []
        items = found if isinstance(found, list) else [found]
        objects = [item for item in items if isinstance(item, Mapping)]
        if len(objects) < sum(not is_empty(item) for item in items):
            self.problem(path, "vum_object")
        return objects

    def code(self, value: Mapping[str, Any], name: str, path: str) -> str | None:
        """A code as text, whether VUM gave it as text or as a number."""
        found = self.inside(value, name, f"{path}.{name}")
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, str | int):
            self.problem(f"{path}.{name}", "text")
            return None
        return str(found).strip()

    def whole(self, path: str, maximum: int) -> int | None:
        """A whole number from 0 to `maximum` at `path`."""
        found = self.get(path)
        if found is None:
            return None
        try:
            return read_whole(found, 0, maximum)
        except CellError as error:
            self.problem(path, error.code, **error.facts)
            return None

    def hours(self, path: str) -> int | None:
        """Hours a week; 99 and 0 are unknown, more than 40 is 40, each with a note."""
        found = self.whole(path, 99)
        if found is None:
            return None
        if found in VUM_HOURS_UNKNOWN:
            self.note(path, "vum_unknown", value=found)
            return None
        if found > HOURS_MAXIMUM:
            self.note(path, "vum_capped", value=found, maximum=HOURS_MAXIMUM)
            return HOURS_MAXIMUM
        return found

    def education(self, path: str) -> int | None:
        """The level of education; 0 and 7 are unknown."""
        found = self.whole(path, 7)
        if found is None:
            return None
        level = load_codes().list("vum_education")[str(found)].attributes.get("education")
        if level is None:
            self.note(path, "vum_unknown", value=found)
            return None
        return int(level)

    def sectors(self, path: str) -> list[str]:
        """The SBI 2008 divisions of ``codeSbi``; 0 and what is no division is unknown."""
        found = []
        for item in self.listing(path):
            where = f"{path}.codeSbi"
            code = self.code(item, "codeSbi", path)
            if code is None:
                continue
            if code.strip("0") == "" or code == SBI_FILLER:
                self.note(where, "vum_unknown", value=quoted(code))
                continue
            division = _divisions().get(code[:2].zfill(2)) if code.isascii() else None
            if division is None or not code.isdigit():
                self.note(where, "vum_sector", value=quoted(code))
            elif division not in found:
                found.append(division)
        return found

    def licences(self, path: str) -> list[str]:
        """Licences that have a code here; the others are named and left out."""
        known = load_codes().list("vum_licence")
        found = []
        for item in self.listing(path):
            code = self.code(item, "codeSoortRijbewijs", path)
            if code is None:
                continue
            licence = known[code].attributes.get("licence") if code in known else None
            if licence is None:
                self.note(f"{path}.codeSoortRijbewijs", "vum_no_code", value=quoted(code))
            elif licence not in found:
                found.append(licence)
        return found

    def dutch(self, path: str) -> dict[str, int]:
        """`language_speak` and `language_read` of Dutch; another language says nothing of them."""
        found: dict[str, int] = {}
        entries = [(self.code(item, "codeTaal", path), item) for item in self.listing(path)]
        for language, item in entries:
            if language != DUTCH:
                if language is not None and all(other != DUTCH for other, _ in entries):
                    self.note(f"{path}.codeTaal", "vum_language", value=quoted(language))
                continue
            for column, part in (("language_speak", "Mondeling"), ("language_read", "Lezen")):
                name = f"codeNiveauTaalbeheersing{part}"
                code = self.code(item, name, path)
                if code is None or column in found:
                    continue
                if code in LEVEL_OF_LANGUAGE:
                    found[column] = LEVEL_OF_LANGUAGE[code]
                elif code in ("0", "8"):
                    self.note(f"{path}.{name}", "vum_unknown", value=code)
                else:
                    self.problem(f"{path}.{name}", "word", words="0, 1, 2, 3, 4, 8")
        return found

    def postcode(self, value: object, path: str) -> int | None:
        """The four digits of a postcode such as 4622AB."""
        text = "".join(str(value).split()) if isinstance(value, str | int) else ""
        digits, letters = text[:4], text[4:]
        fits = digits.isascii() and digits.isdigit() and len(digits) == 4 and digits[0] != "0"
        if fits and (
            not letters or (len(letters) == 2 and letters.isascii() and letters.isalpha())
        ):
            return int(digits)
        self.note(path, "vum_postcode")
        return None

    def renamed(self, problems: Iterable[Problem], paths: Mapping[str, str]) -> list[Problem]:
        """Problems of columns, called by the VUM name that the value came from."""
        return [Problem(paths.get(p.where, p.where), p.why, p.row) for p in problems]


def _divisions() -> dict[str, str]:
    """SBI 2008 divisions by their two digits: 42 is F42."""
    sectors = load_codes().list("sectors").codes
    return {code[1:]: code for code in sectors if len(code) == 3}


def language_entry(speak: int | None, read: int | None) -> list[dict[str, Any]]:
    """Levels of work Dutch as VUM writes them; nothing when both are unknown."""
    if speak is None and read is None:
        return []
    entry: dict[str, Any] = {"codeTaal": DUTCH}
    if speak is not None:
        entry["codeNiveauTaalbeheersingMondeling"] = LANGUAGE_OF_LEVEL[speak]
    if read is not None:
        entry["codeNiveauTaalbeheersingLezen"] = LANGUAGE_OF_LEVEL[read]
    return [entry]


def hours_entry(least: float | None, most: float | None) -> dict[str, int]:
    """Hours in whole numbers: never fewer at least, never more at most."""
    entry = {}
    if most is not None:
        entry["aantalWerkurenPerWeekMaximaal"] = max(1, int(most))
    if least is not None:
        whole = -int(-least // 1)
        entry["aantalWerkurenPerWeekMinimaal"] = (
            whole if most is None else min(whole, entry["aantalWerkurenPerWeekMaximaal"])
        )
    return entry


def sbi(sector: str) -> int | None:
    """The number of a division; a section alone has none."""
    return int(sector[1:]) if len(sector) == 3 else None


def licence_entries(licences: Iterable[str]) -> list[dict[str, str]]:
    """Licences as VUM writes them, in the order given."""
    known = load_codes().list("vum_licence")
    return [{"codeSoortRijbewijs": code} for code in licences if code in known]


def without_empty(value: dict[str, Any]) -> dict[str, Any]:
    """`value` without what says nothing: None, empty lists and empty objects."""
    return {key: item for key, item in value.items() if item not in (None, [], {})}
