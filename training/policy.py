"""What it is worth to decide who gets a place by a rule, beside everyone, no one, lot and need.

Risk is not effect: "neediest first" helped in one trial and hurt in another (evidence.md). The
value of a rule is the mean outcome if all were treated by it, from doubly robust scores; rules are
learned on other people than they are judged on. Where the interval of a difference holds nought
the answer is "no evidence".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from training.cells import Floats
from training.dataset import Dataset
from training.treatment_model import Nuisances, doubly_robust

CUTS: Final = 9
"""Thresholds tried in each column: its tenths."""
LEAST: Final = 0.05
"""Share of the people that each side of a question keeps at least."""
LEARNED_FROM: Final = 10_000
"""Rows that a rule is learned from at most: every so many of more."""
FOLDS: Final = 5
_Z: Final = 1.959964
NO_EVIDENCE: Final = "no evidence"

Question = tuple[int, float]
"""Column and threshold: is it at most that?"""


def policies(
    data: Dataset, x: Floats, names: list[str], y: Floats, found: Nuisances
) -> dict[str, Any]:
    """The values of all rules and of what they are set against."""
    if data.treated is None:  # pragma: no cover - the caller asks only where there is a treatment
        raise ValueError("no treatment")
    scores = doubly_robust(y, data.treated, found)
    share = float(data.treated.mean())
    need = -_ranks(found.untreated)
    chosen: dict[str, Floats] = {
        "everyone": np.ones(data.rows),
        "no_one": np.zeros(data.rows),
        "random": np.full(data.rows, share),
        "neediest_first": (need >= np.quantile(need, 1 - share)).astype(float),
    }
    described: dict[str, list[str]] = {}
    for rule, depth in (("one_question", 1), ("two_questions", 2)):
        chosen[rule], described[rule] = _crossed(x, names, scores, depth, data)
    told: dict[str, Any] = {}
    for name, treated in chosen.items():
        told[name] = {
            "value": _value(_worth(scores, treated)),
            "treated_share": round(float(treated.mean()), 6),
        }
    for rule in ("neediest_first", "one_question", "two_questions"):
        told[rule]["against"] = {
            other: _verdict(_worth(scores, chosen[rule]) - _worth(scores, chosen[other]))
            for other in ("everyone", "no_one", "random", "neediest_first")
            if other != rule
        }
        told[rule]["rules"] = described.get(rule, [])
    return {"places_share": round(share, 6), "policies": told, "answer": _answer(told)}


def _ranks(values: Floats) -> Floats:
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(len(values))
    return ranks


def _worth(scores: NDArray[np.float64], treated: Floats) -> Floats:
    return scores[:, 0] * (1 - treated) + scores[:, 1] * treated


def _value(each: Floats) -> dict[str, float]:
    middle, half = float(each.mean()), _Z * float(each.std(ddof=1)) / np.sqrt(len(each))
    return {
        "value": round(middle, 6),
        "low": round(middle - half, 6),
        "high": round(middle + half, 6),
    }


def _verdict(each: Floats) -> dict[str, Any]:
    told: dict[str, Any] = _value(each)
    if told["low"] > 0:
        told["verdict"] = "better"
    elif told["high"] < 0:
        told["verdict"] = "worse"
    else:
        told["verdict"] = NO_EVIDENCE
    return told


def _answer(told: dict[str, Any]) -> str:
    """One sentence: whether any learned rule beats treating everyone and drawing lots."""
    for rule in ("two_questions", "one_question"):
        against = told[rule]["against"]
        if all(against[other]["verdict"] == "better" for other in ("everyone", "random")):
            return f"{rule} is better than treating everyone and than drawing lots"
    return f"{NO_EVIDENCE} that a learned rule is better than treating everyone or drawing lots"


def _crossed(
    x: Floats, names: list[str], scores: NDArray[np.float64], depth: int, data: Dataset
) -> tuple[Floats, list[str]]:
    """A rule for each fold, learned on the others; and the rules in words."""
    gain = scores[:, 1] - scores[:, 0]
    treated = np.zeros(len(x))
    words = []
    people = np.unique(data.clusters)
    splitter = KFold(FOLDS, shuffle=True, random_state=data.cohort.seed % 2**32)
    for learn, judge in splitter.split(people):
        inside = np.isin(data.clusters, people[learn])
        outside = np.isin(data.clusters, people[judge])
        decide, text = learn_tree(x[inside], names, gain[inside], depth)
        treated[outside] = decide(x[outside])
        words.append(text)
    return treated, words


def learn_tree(
    x: Floats, names: list[str], gain: Floats, depth: int
) -> tuple[Callable[[Floats], Floats], str]:
    """The tree of at most `depth` (1 or 2) questions whose leaves treat where that gains.

    At depth two every first question is weighed with the best second one on either side, so the
    tree is the best there is at these thresholds.
    """
    if len(x) > LEARNED_FROM:
        step = -(-len(x) // LEARNED_FROM)
        x, gain = x[::step], gain[::step]
    questions, sides = _questions(x)
    whole = float(gain.sum())
    best, tree = max(whole, 0.0), whole > 0
    if not questions:
        return lambda rows: _decide(tree, rows), _words(tree, names)
    left = sides @ gain
    worth = np.maximum(left, 0.0) + np.maximum(whole - left, 0.0)
    first = int(worth.argmax())
    if worth[first] > best + 1e-9:
        best = float(worth[first])
        tree = (questions[first], bool(left[first] > 0), bool(whole - left[first] > 0))
    if depth == 2:
        deeper, found = _two_questions(questions, sides, gain)
        if deeper > best + 1e-9:
            tree = found
    return lambda rows: _decide(tree, rows), _words(tree, names)


def _questions(x: Floats) -> tuple[list[Question], Floats]:
    """All questions, and a row for each with 1 for who answers yes."""
    questions: list[Question] = []
    sides = []
    for column in range(x.shape[1]):
        cuts = np.unique(np.quantile(x[:, column], np.linspace(0, 1, CUTS + 2)[1:-1]))
        for cut in cuts.tolist():
            side = x[:, column] <= cut
            if LEAST <= side.mean() <= 1 - LEAST:
                questions.append((column, cut))
                sides.append(side)
    return questions, np.array(sides, dtype=np.float64).reshape(len(sides), len(x))


def _two_questions(questions: list[Question], sides: Floats, gain: Floats) -> tuple[float, Any]:
    """The best pair of second questions under each first one, from sums over every pair."""
    whole, rows = float(gain.sum()), sides.shape[1]
    sums, sizes = sides @ gain, sides.sum(axis=1)
    both, both_size = (sides * gain) @ sides.T, sides @ sides.T
    # First question i splits into yes and no; second question j splits each again.
    halves = (
        _second(both, sums[:, None] - both, sums, both_size, sizes[:, None] - both_size, rows),
        _second(
            sums[None, :] - both,
            whole - sums[:, None] - sums[None, :] + both,
            whole - sums,
            sizes[None, :] - both_size,
            rows - sizes[:, None] - sizes[None, :] + both_size,
            rows,
        ),
    )
    (yes_worth, yes), (no_worth, no) = halves
    first = int((yes_worth + no_worth).argmax())

    def below(side: tuple[int, bool, bool]) -> Any:
        index, treats_yes, treats_no = side
        return treats_yes if index < 0 else (questions[index], treats_yes, treats_no)

    found = (questions[first], below(yes[first]), below(no[first]))
    return float(yes_worth[first] + no_worth[first]), found


def _second(
    inside: Floats, outside: Floats, whole: Floats, size: Floats, other: Floats, rows: int
) -> tuple[Floats, list[tuple[int, bool, bool]]]:
    """For each first question the best second on one side; index -1 where none gains."""
    worth = np.maximum(inside, 0.0) + np.maximum(outside, 0.0)
    worth = np.where((size < LEAST * rows) | (other < LEAST * rows), -np.inf, worth)
    index = worth.argmax(axis=1)
    order = np.arange(len(whole))
    best = worth[order, index]
    plain = np.maximum(whole, 0.0)
    gains = best > plain + 1e-9
    chosen = [
        (int(j), bool(inside[i, j] > 0), bool(outside[i, j] > 0))
        if gains[i]
        else (-1, bool(whole[i] > 0), bool(whole[i] > 0))
        for i, j in enumerate(index)
    ]
    return np.where(gains, best, plain), chosen


def _decide(tree: Any, rows: Floats) -> Floats:
    if isinstance(tree, bool):
        return np.full(len(rows), float(tree))
    (column, cut), left, right = tree
    below = rows[:, column] <= cut
    return np.where(below, _decide(left, rows), _decide(right, rows))


def _words(tree: Any, names: list[str]) -> str:
    if isinstance(tree, bool):
        return "treat" if tree else "do not treat"
    (column, cut), left, right = tree
    return (
        f"{names[column]} at most {cut:g}: {_words(left, names)}; else: {_words(right, names)}"
        if isinstance(left, bool) and isinstance(right, bool)
        else f"{names[column]} at most {cut:g}: ({_words(left, names)}); else: "
        f"({_words(right, names)})"
    )


def policy_columns(data: Dataset, skip: str) -> tuple[Floats, list[str]]:
    """The features a rule may ask about: those with an order, unknown at the middle."""
    columns, names = [], []
    for index, (feature, column) in enumerate(zip(data.features, data.columns, strict=True)):
        if feature.column == skip or (column.levels and not feature.levels):
            continue
        values = data.x[:, index]
        if np.isnan(values).all():
            continue
        columns.append(np.where(np.isnan(values), np.nanmedian(values), values))
        names.append(feature.name)
    table = np.column_stack(columns) if columns else np.zeros((data.rows, 0))
    return table, names
