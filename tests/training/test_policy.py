"""Rules over who is treated: the best tree at its thresholds, and no gain where there is none."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from training.policy import learn_tree


def brute(x, gain, cuts):
    """The worth of the best tree of two questions, tried one by one."""
    best = max(gain.sum(), 0.0)
    sides = [x[:, c] <= cut for c, cut in cuts]
    for first, left, right in product(sides, sides, sides):
        parts = (first & left, first & ~left, ~first & right, ~first & ~right)
        sizes = [part.mean() for part in parts]
        if min(sizes) < 0.05 or not 0.05 <= first.mean() <= 0.95:
            continue
        best = max(best, sum(max(gain[part].sum(), 0.0) for part in parts))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_the_tree_of_two_questions_is_the_best_there_is(seed):
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(240, 2))
    gain = np.where((x[:, 0] > 0) == (x[:, 1] > 0.3), 1.0, -1.0) + draw.normal(size=240)
    decide, words = learn_tree(x, ["a", "b"], gain, 2)
    reached = float((decide(x) * gain).sum())
    cuts = [
        (column, cut)
        for column in range(2)
        for cut in np.quantile(x[:, column], np.linspace(0, 1, 11)[1:-1])
    ]
    assert reached == pytest.approx(brute(x, gain, cuts))
    assert "at most" in words


def test_where_everyone_gains_everyone_is_treated():
    x = np.random.default_rng(1).normal(size=(100, 1))
    decide, words = learn_tree(x, ["a"], np.ones(100), 2)
    assert decide(x).all()
    assert words == "treat"


def test_without_a_question_to_ask_the_sign_of_the_whole_decides():
    decide, words = learn_tree(np.ones((50, 1)), ["a"], -np.ones(50), 2)
    assert not decide(np.ones((3, 1))).any()
    assert words == "do not treat"
