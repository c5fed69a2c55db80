"""Distances between many postcodes, in steps: the great circle of ``matcher.domain.places``."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matcher.domain.places import EARTH_RADIUS_KM

UNPLACED = -1


@njit(cache=True, nogil=True)
def _steps(
    here: NDArray[np.float64],
    there: NDArray[np.float64],
    steps: NDArray[np.float64],
    radius: float,
    found: NDArray[np.int16],
) -> None:
    # The sines are the C library's, as in Python, and the terms stand in the same order: the
    # distance is the same float, so no comparison can fall out differently.
    for row in range(here.shape[0]):
        lat1, lon1 = radians(here[row, 0]), radians(here[row, 1])
        for column in range(there.shape[0]):
            lat2, lon2 = radians(there[column, 0]), radians(there[column, 1])
            if np.isnan(lat1) or np.isnan(lat2):
                found[row, column] = UNPLACED
                continue
            a = sin((lat2 - lat1) / 2)
            b = sin((lon2 - lon1) / 2)
            half = a * a + cos(lat1) * cos(lat2) * (b * b)
            distance = 2 * radius * asin(min(1.0, sqrt(half)))
            low, high = 0, len(steps)
            while low < high:
                middle = (low + high) // 2
                if steps[middle] < distance:
                    low = middle + 1
                else:
                    high = middle
            found[row, column] = low


def distance_steps(
    here: NDArray[np.float64], there: NDArray[np.float64], steps: NDArray[np.float64]
) -> NDArray[np.int16]:
    """How many of the rising `steps` (km) lie below each distance.

    `here` is (n, 2) and `there` (m, 2), latitude and longitude in degrees, NaN where not known;
    the result is (n, m), `UNPLACED` where either is not known.
    """
    found = np.empty((len(here), len(there)), np.int16)
    _steps(here, there, steps, EARTH_RADIUS_KM, found)
    return found
