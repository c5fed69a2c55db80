"""The draw of declarations: anybody can do it again, and a good record halves it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.drawing import LOTS, CheckVerdict, Draw, Ground, draw, has_light_path, lot
from matcher.domain.money_rules import LightPath, SampledChecks
from tests.domain.money import plain_rules, sourced

verdicts = st.lists(st.one_of(st.none(), st.sampled_from(list(CheckVerdict))), max_size=12)
RULES = replace(
    plain_rules(),
    sampled_checks=sourced("sampled_checks", SampledChecks(Fraction(10), 10)),
    light_path=sourced("light_path", LightPath(3, 5, Fraction(50))),
)
GOOD = [CheckVerdict.IN_ORDER] * 3


@given(st.text(max_size=40))
def test_a_seed_always_draws_the_same_number_and_anybody_can_compute_it(seed: str) -> None:
    assert lot(seed) == int(hashlib.sha256(seed.encode()).hexdigest(), 16) % 10_000
    assert 0 <= lot(seed) < LOTS


@given(verdicts, st.text(max_size=20))
def test_the_first_of_a_firm_is_always_looked_at(
    found: list[CheckVerdict | None], seed: str
) -> None:
    drawn = draw(RULES, found, first=True, seed=seed)

    assert drawn.is_drawn
    assert drawn.ground is Ground.FIRST


@given(verdicts, st.text(max_size=20))
def test_the_light_path_halves_the_rate_and_nothing_else_changes_it(
    found: list[CheckVerdict | None], seed: str
) -> None:
    drawn = draw(RULES, found, first=False, seed=seed)

    said = [one for one in found if one not in (None, CheckVerdict.WITHDRAWN)]
    light = len(said) >= 3 and set(said[-3:]) == {CheckVerdict.IN_ORDER}
    assert drawn == Draw(
        Ground.LIGHT if light else Ground.SAMPLE, 500 if light else 1_000, seed, lot(seed)
    )
    assert drawn.is_drawn == (lot(seed) < drawn.rate)
    assert not drawn.is_drawn or draw(RULES, [], first=False, seed=seed).is_drawn


def test_a_record_is_lost_by_one_that_is_not_in_order_and_won_again() -> None:
    assert has_light_path(RULES, GOOD)
    for against in (CheckVerdict.CORRECTED, CheckVerdict.NOT_SHOWN):
        assert not has_light_path(RULES, [*GOOD, against])
        assert not has_light_path(RULES, [*GOOD, against, *GOOD[:2]])
        assert has_light_path(RULES, [*GOOD, against, *GOOD])
    # What runs, and what a firm took back itself, says nothing.
    assert has_light_path(RULES, [*GOOD, CheckVerdict.WITHDRAWN, None])


@given(verdicts, st.booleans(), st.text(max_size=20))
def test_a_region_that_does_not_use_a_rule_has_none_of_it(
    found: list[CheckVerdict | None], first: bool, seed: str
) -> None:
    without = replace(RULES, sampled_checks=None)
    assert not draw(without, found, first=first, seed=seed).is_drawn
    assert not has_light_path(replace(RULES, light_path=None), found)


def test_over_two_hundred_declarations_the_rate_lies_within_binomial_bounds() -> None:
    drawn = sum(draw(RULES, [], first=False, seed=f"of-{number}").is_drawn for number in range(200))

    # 99 % of Binomial(200, 0.1) lies within these.
    assert 10 <= drawn <= 31
