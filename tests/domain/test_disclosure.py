"""What a contractor sees: totals with people merged, no difference over fewer than three."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.account import account_of
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.disclosure import (
    LEAST_PEOPLE,
    disclosed,
    published,
    quarters,
    released,
    who,
)
from matcher.domain.money_rules import BuildingBlocks, Group, MoneyRules
from tests.domain.money import START, contracts, days, many_contributions, plain_rules, rules

CONTRACT = Contract("O1", "works", 500_000_000, START, date(2027, 3, 31))


def table_rules() -> MoneyRules:
    """A table in which the amount tells the group."""
    plain = plain_rules()
    values = {"p_wet": 4_000_000, "ww": 2_000_000, "jobs": 5_000_000}
    groups = {code: Group(code, code, code, cents) for code, cents in values.items()}
    blocks = replace(plain.building_blocks, value=BuildingBlocks(groups))
    return replace(plain, building_blocks=blocks)


def placement(number: int, month: int, group: str = "ww") -> Contribution:
    start = date(2024 + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return Contribution(
        f"I{number}", "O1", "placement", person=f"P{number}", group=group, start_on=start,
        end_on=start + timedelta(days=700), hours_week=36.0,
    )  # fmt: skip


def test_fewer_than_three_people_show_no_amount() -> None:
    done = [placement(1, 4), placement(2, 4)]
    shown = disclosed(account_of(CONTRACT, done, table_rules(), date(2025, 1, 15)), done)

    assert [(line.count, line.cents) for line in shown.lines] == [(2, None)]
    assert (shown.credited_cents, shown.is_whole) == (0, False)


def test_three_people_show_a_total_to_the_last_quarter_and_a_fourth_changes_nothing() -> None:
    three = [placement(n, 4) for n in (1, 2, 3)]
    on = date(2025, 1, 15)
    alone = disclosed(account_of(CONTRACT, three, table_rules(), on), three)
    # 20,000 × 9/12 for each of three
    assert [(line.cents, line.until) for line in alone.lines] == [(4_500_000, date(2024, 12, 31))]

    for group in ("p_wet", "ww", "jobs"):
        four = [*three, placement(4, 8, group)]
        shown = disclosed(account_of(CONTRACT, four, table_rules(), on), four)
        assert shown.credited_cents == alone.credited_cents


@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["p_wet", "ww", "jobs"])), max_size=8),
    days(0, 1_000),
)
def test_people_come_in_with_at_least_two_others(came: list[tuple[int, str]], on: date) -> None:
    done = [placement(n, month, group) for n, (month, group) in enumerate(came)]
    account = account_of(CONTRACT, done, table_rules(), on)
    inside: set[str] = set()
    for end in quarters(CONTRACT.start_on, on):
        found, _until = released(replace(account, on=end + timedelta(days=1)), done)
        people = {who(item) for item in found}
        assert inside <= people
        assert len(people - inside) == 0 or len(people - inside) >= LEAST_PEOPLE
        inside = people


@given(
    st.lists(st.sampled_from(["p_wet", "ww", "jobs"]), min_size=1, max_size=2),
    st.sampled_from(["p_wet", "ww", "jobs"]),
    days(0, 1_000),
)
def test_no_group_of_few_people_shows_in_a_table(groups: list[str], other: str, on: date) -> None:
    def shown(first: str) -> object:
        done = [placement(n, 4, group) for n, group in enumerate([first, *groups[1:]])]
        return disclosed(account_of(CONTRACT, done, table_rules(), on), done)

    assert shown(groups[0]) == shown(other)


@given(contracts(), many_contributions(), rules(), days())
def test_where_one_value_holds_for_everybody_nothing_is_held_back(
    contract: Contract, done: list[Contribution], terms: MoneyRules, on: date
) -> None:
    account = account_of(contract, done, terms, on)
    shown = disclosed(account, done)

    if terms.building_blocks.value.is_uniform:
        assert shown.is_whole
        assert shown.credited_cents == account.credited_cents
    assert shown.credited_cents <= account.credited_cents or not shown.is_whole
    kinds = [line.kind for line in shown.lines]
    assert kinds == sorted(set(kinds))


# --- what anybody may read ------------------------------------------------------------------------

PEOPLE = 10


@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["p_wet", "ww", "jobs"])), max_size=9),
    days(0, 1_000),
    st.booleans(),
)
def test_of_fewer_than_ten_people_nothing_is_published_also_where_all_are_worth_the_same(
    came: list[tuple[int, str]], on: date, uniform: bool
) -> None:
    done = [
        placement(n, month, "p_wet" if uniform else group) for n, (month, group) in enumerate(came)
    ]
    terms = plain_rules() if uniform else table_rules()
    assert published(account_of(CONTRACT, done, terms, on), done, PEOPLE) is None


@given(
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["p_wet", "ww"])), min_size=10),
    st.lists(st.sampled_from(["p_wet", "ww", "jobs"]), max_size=9),
    days(400, 1_000),
)
def test_fewer_than_ten_more_change_nothing_that_is_published(
    came: list[tuple[int, str]], more: list[str], on: date
) -> None:
    ends = list(quarters(CONTRACT.start_on, on))
    month = (ends[-1].year - 2024) * 12 + ends[-1].month
    done = [placement(n, month, group) for n, (month, group) in enumerate(came)]
    later = [placement(1_000 + n, month, group) for n, group in enumerate(more)]
    alone, both = (
        published(account_of(CONTRACT, items, table_rules(), on), items, PEOPLE)
        for items in (done, [*done, *later])
    )
    inside, _until = released(account_of(CONTRACT, done, table_rules(), on), done, PEOPLE)
    if len({who(item) for item in inside}) == len(came):
        assert both == alone


def test_what_is_published_of_many_is_the_sum_of_their_lines_to_the_quarter() -> None:
    done = [placement(n, 4, "ww") for n in range(12)]
    found = published(account_of(CONTRACT, done, table_rules(), date(2025, 1, 15)), done, PEOPLE)
    # 20,000 × 9/12 for each of twelve
    assert found == 12 * 1_500_000


def test_purchases_are_about_nobody_and_published_from_the_first_quarter_on() -> None:
    bought = Contribution(
        "I1", "O1", "purchase", start_on=date(2024, 5, 1), end_on=date(2024, 5, 1),
        invoice_cents=100_000_00,
    )  # fmt: skip
    few = [bought, placement(1, 4)]
    for on, is_told in ((date(2024, 6, 1), False), (date(2024, 7, 2), True)):
        account = account_of(CONTRACT, few, table_rules(), on)
        alone = account_of(CONTRACT, [bought], table_rules(), on)
        found = published(account, few, PEOPLE)
        assert (found is not None) is is_told
        assert found is None or found == published(alone, [bought], PEOPLE)
