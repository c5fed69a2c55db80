"""What a firm is asked: only what the rules read, never more than ten things, and less on trust."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.contracts import Contribution
from matcher.domain.credits import missing
from matcher.domain.declaring import asked, correctable, groups_used, kinds_used, needed
from matcher.domain.money_rules import LightPath, MoneyRules
from tests.domain.money import START, rules, sourced

LIGHT = sourced("light_path", LightPath(3, 5, Fraction(50)))


@given(rules())
def test_only_kinds_and_groups_of_the_rules_are_offered(found: MoneyRules) -> None:
    alternatives = {} if found.alternatives is None else found.alternatives.value
    assert set(kinds_used(found)) == {"placement", *alternatives}
    blocks = found.building_blocks.value
    assert groups_used(found) == (() if blocks.is_uniform else tuple(blocks.groups))


@given(rules(), st.booleans())
def test_no_form_asks_more_than_ten_things_and_five_on_the_light_path(
    found: MoneyRules, light: bool
) -> None:
    with_path = replace(found, light_path=LIGHT)
    for kind in kinds_used(found):
        fields = asked(kind, with_path, light=light)
        assert len(fields) == len(set(fields)) <= (5 if light else 10)
        assert set(needed(kind, with_path)) <= set(fields)
        assert set(fields) <= set(asked(kind, with_path, light=False))
        assert set(correctable(kind)) - {"end_on"} <= set(asked(kind, with_path, light=False))


@given(rules())
def test_where_one_value_holds_for_everybody_no_group_is_ever_asked(found: MoneyRules) -> None:
    is_uniform = found.building_blocks.value.is_uniform
    for kind in kinds_used(found):
        assert ("group" in asked(kind, found, light=False)) == (
            kind == "placement" and not is_uniform
        )


@given(rules(), st.data())
def test_what_is_asked_on_the_light_path_is_enough_to_count(
    found: MoneyRules, data: st.DataObject
) -> None:
    with_path = replace(found, light_path=LIGHT)
    kind = data.draw(st.sampled_from(kinds_used(found)))
    values = {
        "start_on": START, "hours_week": 24.0, "activity_hours": 8.0, "invoice_cents": 100,
        "group": data.draw(st.sampled_from(list(found.building_blocks.value.groups))),
    }  # fmt: skip
    fields = asked(kind, with_path, light=True)
    given = {name: value for name, value in values.items() if name in fields}

    assert missing(Contribution("I", "O", kind, **given), with_path) == ()


@pytest.mark.parametrize("kind", ["placement", "activity", "purchase", "training"])
def test_a_check_changes_no_group_and_nobody(kind: str) -> None:
    assert not {"group", "person", "age", "permanent"} & set(correctable(kind))
