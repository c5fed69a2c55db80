"""The postcode centroids that ship with the project: every CSV of ``data/places``."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from matcher.domain.places import Places
from matcher.reference.paths import data_dir

COLUMNS = ("pc4", "place", "latitude", "longitude")


class PlacesError(ValueError):
    """A table of places that cannot be used; the message names the file and the line."""


def load_places() -> Places:
    """The centroids of every table in the data folder; of a code in two tables the last counts."""
    return _load(data_dir() / "places")


def load_place_names() -> dict[int, str]:
    """The place name of every postcode in those tables."""
    return {pc4: name for pc4, (name, _, _) in _rows(data_dir() / "places").items()}


@lru_cache(maxsize=8)
def _load(folder: Path) -> Places:
    rows = _rows(folder)
    return Places({pc4: (latitude, longitude) for pc4, (_, latitude, longitude) in rows.items()})


@lru_cache(maxsize=8)
def _rows(folder: Path) -> dict[int, tuple[str, float, float]]:
    rows: dict[int, tuple[str, float, float]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise PlacesError(f"{path.name}: the columns must be {', '.join(COLUMNS)}")
            for row in reader:
                try:
                    point = row["place"], float(row["latitude"]), float(row["longitude"])
                    rows[int(row["pc4"])] = point
                except (TypeError, ValueError) as error:
                    raise PlacesError(f"{path.name}, line {reader.line_num}: {error}") from error
    return rows
