"""Answers that many give alike, worked out once: distinct values and who has which."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.candidate import CandidateProfile


def classes_of(values: Iterable[Hashable]) -> tuple[NDArray[np.int32], list[Any]]:
    """For each value the number of its class, and the distinct values by number."""
    numbers: dict[Hashable, int] = {}
    rows = [numbers.setdefault(value, len(numbers)) for value in values]
    return np.array(rows, np.int32), list(numbers)


def person(**values: Any) -> CandidateProfile:
    """Somebody of whom only `values` are known, to ask a column rule about those."""
    return CandidateProfile("", "", **values)
