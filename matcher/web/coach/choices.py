"""Code lists in a form beyond their labels: other texts, the numbers behind them, sector tiles."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms.fields import SelectChoice

from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.reference.codes import load_codes
from matcher.web.codes import codes_of, label_of


def text_of(list_name: str, code: str, attribute: str) -> str:
    """An attribute of a code that is itself a text, such as the question of a level."""
    return load_codes().list(list_name)[code].text(attribute, current_language())


def with_empty(choices: Iterable[SelectChoice], words: str | None = None) -> list[SelectChoice]:
    """Choices of a list to pick from, with an empty first line."""
    return [SelectChoice("", words or _("Kies")), *choices]


def not_known() -> str:
    """The words of the tile for an answer that is not known."""
    return _("Weet ik nog niet")


def values_of(list_name: str) -> dict[str, float | None]:
    """The number behind each code of a list that carries one; None where it carries none."""
    return {code.code: code.attributes.get("value") for code in codes_of(list_name)}


class SectorTiles:
    """The tiles for work, and the way between tiles and sector codes."""

    def __init__(self) -> None:
        self._tiles = {
            code.code: tuple(code.attributes["sectors"])
            for code in codes_of("sector_tiles")
            if code.attributes["sectors"]
        }

    def sectors(self, tiles: Iterable[str]) -> tuple[str, ...]:
        """The sectors behind `tiles`, in their order; an SBI code stands for itself."""
        found: dict[str, None] = {}
        for tile in tiles:
            found.update(dict.fromkeys(self._tiles.get(tile, (tile,))))
        return tuple(found)

    def tiles(self, sectors: Iterable[str]) -> list[str]:
        """The tiles that say `sectors`, in their order; a sector without a tile stays a code.

        Two tiles can stand for one sector (green and cleaning are both N81): the first is said.
        """
        left = list(dict.fromkeys(sectors))
        found: list[str] = []
        while left:
            tile = next(
                (tile for tile, codes in self._tiles.items() if codes[0] == left[0]), left[0]
            )
            codes = self._tiles.get(tile, (tile,))
            if not set(codes) <= set(left):
                tile, codes = left[0], (left[0],)
            found.append(tile)
            left = [sector for sector in left if sector not in codes]
        return found

    def label(self, tile: str) -> str:
        """The words of a tile, or of a sector that has none."""
        if tile in self._tiles:
            return label_of("sector_tiles", tile)
        return label_of("sectors", tile)

    def choices(self, extra: Iterable[str] = ()) -> list[SelectChoice]:
        """Every tile as a choice, and `extra` codes that somebody holds already."""
        known = dict.fromkeys([*self._tiles, *extra])
        return [SelectChoice(tile, self.label(tile)) for tile in known]
