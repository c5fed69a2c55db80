"""The words a cohort file may use for one thing, and how they are read."""

from __future__ import annotations

import re
from typing import Final

from training.cohort import BOOLEAN, CATEGORY, DATE, GROUPED, NUMBER, REPEATED, TEMPORAL

_SAID: Final = {
    NUMBER: (
        "number numeric numerical float int integer continuous real count amount ordinal ordered "
        "level interval ratio"
    ),
    BOOLEAN: "boolean bool binary flag yes_no dummy",
    CATEGORY: "category categorical nominal text string str code factor enum",
    DATE: "date day datetime",
}
_IMPUTED: Final = {
    "none": "none no refuse forbid never",
    "median": "median",
    "mean": "mean average",
    "zero": "zero 0 false",
    "constant": "constant fill value",
    "mode": "mode most_frequent frequent commonest",
    "flag": (
        "flag indicator missing_indicator missing_flag median_flag median_indicator "
        "mean_indicator mean_flag zero_indicator zero_flag"
    ),
    "level": "level category own_level missing unknown own_category",
}
_SPLITS: Final = {
    TEMPORAL: "temporal time dates rolling",
    REPEATED: (
        "repeated stratified repeated_stratified repeated_stratified_folds folds random kfold "
        "stratified_folds repeated_stratified_kfold"
    ),
    GROUPED: "grouped group groups",
}


def _by_word(said: dict[str, str]) -> dict[str, str]:
    return {word: meant for meant, words in said.items() for word in words.split()}


KIND_WORDS: Final = _by_word(_SAID)
IMPUTATION_WORDS: Final = _by_word(_IMPUTED)
SPLIT_WORDS: Final = _by_word(_SPLITS)
MONOTONE_WORDS: Final = {
    **dict.fromkeys(("+", "1", "+1", "up", "increasing", "positive", "plus"), 1),
    **dict.fromkeys(("-", "-1", "down", "decreasing", "negative", "minus"), -1),
    **dict.fromkeys(("none", "0", "no", "null", "", "false"), 0),
}

_DAYS: Final = {"day": 1, "week": 7, "month": 30.4375, "quarter": 91.3125, "year": 365.25}
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(day|week|month|quarter|year)s?")


def folded(word: object) -> str:
    """A word as the tables above spell it."""
    return re.sub(r"[\s\-]+", "_", str(word).strip().casefold()) if word != "-" else "-"


def read_span(value: object) -> int | None:
    """A number of days, or text such as ``12 months``; None when it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return round(value)
    text = str(value).strip().casefold().replace("_", " ")
    if text.isdigit():
        return int(text)
    found = _SPAN.fullmatch(text)
    return None if found is None else round(float(found[1]) * _DAYS[found[2]])
