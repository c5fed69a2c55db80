"""Where postcodes lie: mean coordinates of four-digit postcodes, and the distance between them."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth, IUGG."""


class Places:
    """Centroids by four-digit postcode: pc4 -> (latitude, longitude) in degrees (WGS 84)."""

    def __init__(self, points: Mapping[int, tuple[float, float]]) -> None:
        self.points = dict(points)
        self._distances: dict[tuple[int, int], float | None] = {}

    def __len__(self) -> int:
        return len(self.points)

    def knows(self, pc4: int | None) -> bool:
        """Whether the postcode is in the table; an unknown one gives unknown travel."""
        return pc4 is not None and pc4 in self.points

    def distance_km(self, a: int | None, b: int | None) -> float | None:
        """Great-circle distance in km, None when either postcode is not known."""
        if a is None or b is None:
            return None
        key = (a, b) if a <= b else (b, a)
        if key not in self._distances:
            here, there = self.points.get(key[0]), self.points.get(key[1])
            self._distances[key] = (
                None if here is None or there is None else great_circle_km(here, there)
            )
        return self._distances[key]


def great_circle_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Haversine distance in km between two (latitude, longitude) pairs in degrees."""
    lat1, lon1, lat2, lon2 = (radians(value) for value in (*here, *there))
    # Products, not powers: compiled code then gives the same float, to the last bit.
    a, b = sin((lat2 - lat1) / 2), sin((lon2 - lon1) / 2)
    half = a * a + cos(lat1) * cos(lat2) * (b * b)
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
