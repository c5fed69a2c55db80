"""The rules of what is kept how long: each class of data has one, and something that does it."""

from __future__ import annotations

from datetime import date

from matcher.models import Base
from matcher.models.base import Retention
from matcher.reference.introductions import load_introduction_terms
from matcher.reference.retention import Ending, load_retention
from matcher.services.retention import ELSEWHERE, ROWS

ON = date(2027, 3, 1)


def test_every_class_of_data_has_a_rule_with_a_source_and_something_that_carries_it_out() -> None:
    rules = load_retention(ON)

    assert {rule.kind for rule in rules} == {kind.value for kind in Retention}
    assert all(rule.source and rule.title and rule.counted_from for rule in rules)
    carried_out = {
        rule.name for rule in rules if rule.ending not in (Ending.KEEP, Ending.WITH_THE_FILE)
    }
    assert carried_out == {*ROWS, *ELSEWHERE}


def test_every_class_that_holds_personal_data_ends() -> None:
    endings: dict[str, set[Ending]] = {}
    for rule in load_retention(ON):
        endings.setdefault(rule.kind, set()).add(rule.ending)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.info["class"] != "plain":
                assert endings[column.info["retention"]] != {Ending.KEEP}, column


def test_nothing_is_kept_under_a_pseudonym() -> None:
    assert {ending.value for ending in Ending} == {
        "erase", "count_and_erase", "empty", "with_the_file", "keep",
    }  # fmt: skip


def test_introductions_end_by_the_same_term_as_they_say_themselves() -> None:
    [rule] = [rule for rule in load_retention(ON) if rule.name == "introductions"]
    assert rule.days == load_introduction_terms(ON).erased_after.days
