"""Questions that take more than one field: wishes, parts of the week, and work done before."""

from __future__ import annotations

import re
from typing import Any

from wtforms.fields import SelectChoice

from matcher.domain.candidate import CandidateProfile
from matcher.domain.vocabulary import WINDOWS
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.reference.codes import load_codes
from matcher.web.coach.choices import SectorTiles, not_known, with_empty
from matcher.web.coach.fields import OneTileField, PickField, TilesField
from matcher.web.coach.question import Fields, Question, Values
from matcher.web.codes import choices_of, codes_of, label_of
from matcher.web.forms import TextField, WholeNumberField, longest

WISHES = 3
"""Wishes that are asked for; a file may bring more, and they are kept."""
_WISHES = tuple(f"sector_{number}" for number in range(1, WISHES + 1))
OCCUPATIONS = 3
CUSTOM = "custom"
"""The choice that opens the grid of 28 parts of the week."""


class WishesQuestion(Question):
    """Wanted work in order of preference; nothing chosen is unknown, never counted against."""

    kind = "wishes"

    def __init__(self) -> None:
        super().__init__("sectors")

    @property
    def title(self) -> str:
        return _("Welk werk wilt u het liefst doen?")

    @property
    def field_names(self) -> tuple[str, ...]:
        return _WISHES

    def fields(self, profile: CandidateProfile | None) -> Fields:
        tiles = SectorTiles()
        held = () if profile is None else tiles.tiles(profile.sectors)
        choices = with_empty(tiles.choices(held), not_known())
        labels = (_("Eerste keus"), _("Tweede keus"), _("Derde keus"))
        return {
            name: PickField(label, choices)
            for name, label in zip(self.field_names, labels, strict=True)
        }

    def fill(self, profile: CandidateProfile) -> Values:
        held = SectorTiles().tiles(profile.sectors)[:WISHES]
        held += [""] * (WISHES - len(held))
        return {name: tile or None for name, tile in zip(self.field_names, held, strict=True)}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        tiles = SectorTiles()
        chosen = [form[name].data for name in self.field_names if form[name].data]
        more = () if profile is None else tiles.tiles(profile.sectors)[WISHES:]
        return {self.name: tiles.sectors([*chosen, *more])}

    def say(self, value: Any) -> str:
        tiles = SectorTiles()
        return ", ".join(tiles.label(tile) for tile in tiles.tiles(value or ()))


class NeverQuestion(Question):
    """Work that somebody never wants; none is a full answer."""

    kind = "boxes"

    def __init__(self) -> None:
        super().__init__("sectors_never")

    @property
    def title(self) -> str:
        return _("Welk werk wilt u niet doen?")

    def fields(self, profile: CandidateProfile | None) -> Fields:
        tiles = SectorTiles()
        held = () if profile is None else tiles.tiles(sorted(profile.sectors_never))
        return {self.name: TilesField(self.title, tiles.choices(held))}

    def fill(self, profile: CandidateProfile) -> Values:
        return {self.name: SectorTiles().tiles(sorted(profile.sectors_never))}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        return {self.name: frozenset(SectorTiles().sectors(form[self.name].data or ()))}

    def problems(self, form: Any) -> dict[str, str]:
        never = set(form[self.name].data or ())
        wishes = [form[name].data for name in _WISHES if name in form]
        if never.isdisjoint(wishes):
            return {}
        words = _("U koos dit werk bij ‘het liefst’ en bij ‘niet’. Haal een van de twee weg.")
        return {self.name: words}

    def is_known(self, profile: CandidateProfile) -> bool:
        return True

    def say(self, value: Any) -> str:
        if not value:
            return _("geen")
        tiles = SectorTiles()
        return ", ".join(tiles.label(tile) for tile in tiles.tiles(sorted(value or ())))


class WindowsQuestion(Question):
    """When somebody can work: a preset, or the grid that stands behind “adjust”."""

    kind = "windows"

    def __init__(self) -> None:
        super().__init__("blocked")

    @property
    def title(self) -> str:
        return _("Wanneer kunt u werken?")

    @property
    def field_names(self) -> tuple[str, ...]:
        return ("windows", "free")

    @staticmethod
    def presets() -> dict[str, frozenset[str]]:
        """The windows that fall away under each preset, by its code."""
        return {c.code: frozenset(c.attributes["blocked"]) for c in codes_of("window_presets")}

    def fields(self, profile: CandidateProfile | None) -> Fields:
        presets = [*choices_of("window_presets"), SelectChoice(CUSTOM, _("Aanpassen"))]
        return {
            "windows": OneTileField(self.title, presets),
            "free": TilesField(_("Deze dagdelen kan het wel"), choices_of("windows")),
        }

    def fill(self, profile: CandidateProfile) -> Values:
        preset = next(
            (code for code, away in self.presets().items() if away == profile.blocked), CUSTOM
        )
        free = [window for window in WINDOWS if window not in profile.blocked]
        return {"windows": preset, "free": free}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = form["windows"].data
        if chosen is None:
            return {}
        if profile is not None:
            shown = self.fill(profile)
            if chosen == shown["windows"] and set(form["free"].data or ()) != set(shown["free"]):
                chosen = CUSTOM  # the grid was changed, and no script moved the choice along
        if chosen == CUSTOM:
            return {self.name: frozenset(WINDOWS) - frozenset(form["free"].data or ())}
        return {self.name: self.presets()[chosen]}

    def problems(self, form: Any) -> dict[str, str]:
        if form["windows"].data == CUSTOM and not form["free"].data:
            return {"free": _("Kies minstens één dagdeel dat wel kan.")}
        return {}

    def is_known(self, profile: CandidateProfile) -> bool:
        return True

    def say(self, value: Any) -> str:
        for code, away in self.presets().items():
            if away == frozenset(value or ()):
                return label_of("window_presets", code)
        free = [window for window in WINDOWS if window not in (value or ())]
        return ", ".join(label_of("windows", window).lower() for window in free)


class OccupationsQuestion(Question):
    """Work done before, as ISCO-08 codes with years."""

    kind = "work"

    def __init__(self) -> None:
        super().__init__("occupations")

    @property
    def title(self) -> str:
        return _("Welk werk hebt u al gedaan?")

    @property
    def field_names(self) -> tuple[str, ...]:
        numbers = range(1, OCCUPATIONS + 1)
        return tuple(name for n in numbers for name in (f"work_{n}", f"years_{n}"))

    def fields(self, profile: CandidateProfile | None) -> Fields:
        found: dict[str, Any] = {}
        for number in range(1, OCCUPATIONS + 1):
            found[f"work_{number}"] = TextField(
                _("Werk"), [longest(120)], render_kw={"list": "occupations", "autocomplete": "off"}
            )
            found[f"years_{number}"] = WholeNumberField(_("Jaren"), minimum=0, maximum=60)
        return found

    def fill(self, profile: CandidateProfile) -> Values:
        found: Values = {}
        for number, (code, years) in enumerate(profile.occupations[:OCCUPATIONS], start=1):
            found[f"work_{number}"] = occupation_words(code)
            found[f"years_{number}"] = None if years is None else int(years)
        return found

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        held = () if profile is None else profile.occupations
        exact = dict(held)
        found = []
        for number in range(1, OCCUPATIONS + 1):
            code = occupation_code(form[f"work_{number}"].data)
            if code is not None:
                years = form[f"years_{number}"].data
                was = exact.get(code)
                same = was is not None and years == int(was)
                found.append((code, was if same else None if years is None else float(years)))
        return {self.name: (*found, *held[OCCUPATIONS:])}

    def problems(self, form: Any) -> dict[str, str]:
        known = load_codes().list("occupations")
        found = {}
        for number in range(1, OCCUPATIONS + 1):
            typed = form[f"work_{number}"].data
            if typed and occupation_code(typed) is None:
                near = ", ".join(label_of("occupations", code) for code in known.nearest(typed))
                words = _("Dit werk kennen we niet. Kies uit de lijst, bijvoorbeeld: %(near)s")
                found[f"work_{number}"] = words % {"near": near}
        return found

    def say(self, value: Any) -> str:
        return ", ".join(occupation_words(code) for code, _years in value or ())


def occupation_words(code: str) -> str:
    """An occupation as it stands in the list: “Stratenmaker (7112)”."""
    label = label_of("occupations", code)
    return label if code in label else f"{label} ({code})"


def occupation_code(text: str | None) -> str | None:
    """The code that a line of the list, a label or a bare code stands for; None without one."""
    if not text:
        return None
    known = load_codes().list("occupations")
    found = re.search(r"\(([0-9]{1,4})\)$", text)
    if found and found[1] in known:
        return found[1]
    if text in known:
        return text
    wanted, language = text.casefold(), current_language()
    for code in known.codes.values():
        if code.label(language).casefold() == wanted:
            return code.code
    return None


def occupation_lines() -> list[str]:
    """Every occupation to choose from: groups and jobs that have a name of their own."""
    named = (code for code in codes_of("occupations") if f"({code.code})" not in code.nl)
    return [occupation_words(code.code) for code in named]
