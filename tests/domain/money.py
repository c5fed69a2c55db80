"""Random contracts, contributions and money rules within the ranges of the contract."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from matcher.domain.contracts import Contract, Contribution
from matcher.domain.money_rules import (
    Alternative,
    Bonus,
    BuildingBlocks,
    ExistingStaff,
    FullTime,
    Group,
    MoneyRules,
    ObligationRule,
    PsoEffect,
    SettlementRule,
    Sourced,
    Thresholds,
)

START = date(2024, 4, 1)
KINDS = ("works", "services", "supplies")
LEVELS = ("none", "aspirant", "basis", "1", "2", "3", "30plus")
GROUPS = ("p_wet", "ww", "jobs", "school", "sw")
HOURS = st.integers(0, 240).map(lambda quarters: quarters / 4)

cents = st.integers(0, 10_000_000_00)
percents = st.decimals(0, 100, places=2).map(Fraction)


def sourced(name: str, value: object) -> Sourced:
    return Sourced(name, value, f"source of {name}", None, None)


def days(first: int = -500, last: int = 1_200) -> st.SearchStrategy[date]:
    return st.integers(first, last).map(lambda offset: START + timedelta(days=offset))


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(strategy, strategy, st.none())


def used(draw: st.DrawFn, name: str, strategy: st.SearchStrategy) -> Sourced | None:
    """A rule that a region uses or leaves out."""
    return sourced(name, draw(strategy)) if draw(st.booleans()) else None


@st.composite
def blocks(draw: st.DrawFn) -> BuildingBlocks:
    uniform = draw(st.one_of(st.none(), st.integers(1, 6_000_000)))
    groups = {
        code: Group(
            code,
            code,
            code,
            cents_per_year=None if uniform is not None else draw(st.integers(1, 6_000_000)),
            maximum_months=draw(st.one_of(st.none(), st.integers(1, 36))),
            always_counts=code == "jobs",
        )
        for code in GROUPS[:-1]
    }
    groups["sw"] = Group("sw", "sw", "sw", by_invoice=True)
    return BuildingBlocks(groups, uniform)


alternatives = st.fixed_dictionaries(
    {},
    optional={
        "activity": st.builds(
            Alternative,
            cents_per_hour=st.integers(1, 20_000),
            hours_per_day=st.integers(1, 10),
            maximum_cents_per_day=st.one_of(st.none(), st.integers(1, 150_000)),
        ),
        "purchase": st.builds(Alternative, percent_of_invoice=percents),
        "training": st.builds(Alternative, percent_of_invoice=percents),
    },
)
bonuses = st.just(
    (
        Bonus("age", "a", "a", 500_000, minimum_age=50),
        Bonus("permanent", "p", "p", 1_000_000, permanent=True),
        Bonus("after", "h", "h", 250_000, after_groups=frozenset({"school"}), after_months=3),
    )
)


@st.composite
def rules(draw: st.DrawFn) -> MoneyRules:
    """Any combination of rules that the schema allows."""
    by_kind = {kind: draw(percents) for kind in KINDS}
    thresholds = st.builds(
        Thresholds,
        minimum_cents=st.fixed_dictionaries(dict.fromkeys(KINDS, cents)),
        minimum_months=st.integers(0, 24),
    )
    pso = st.builds(
        PsoEffect,
        holder=st.sampled_from(["main", "main_or_sub"]),
        valid_at=st.sampled_from(["tender", "throughout", "tender_and_throughout"]),
        discount_percent=st.fixed_dictionaries(dict.fromkeys(LEVELS, percents)),
    )
    settlement = st.builds(
        SettlementRule,
        factor_percent=st.integers(0, 300).map(Fraction),
        cure_period_days=st.integers(0, 365),
        effort_defence=st.booleans(),
    )
    base = draw(st.sampled_from(["contract_value", "wage_sum"]))
    full_time = FullTime(Fraction(draw(st.integers(72, 80))) / 2, draw(st.booleans()))
    return MoneyRules(
        slug="anywhere",
        version="anywhere 1",
        reference_column="tendered_on",
        reference_date=START,
        obligation=sourced("obligation", ObligationRule(base, by_kind, draw(maybe(cents)))),
        building_blocks=sourced("building_blocks", draw(blocks())),
        full_time=sourced("full_time", full_time),
        thresholds=used(draw, "thresholds", thresholds),
        counting_window=used(draw, "counting_window", st.integers(1, 36)),
        pre_contract_window=used(draw, "pre_contract_window", st.integers(0, 24)),
        bonuses=used(draw, "bonuses", bonuses),
        alternatives=used(draw, "alternatives", alternatives),
        pso_effect=used(draw, "pso_effect", pso),
        existing_staff=used(
            draw, "existing_staff", st.builds(ExistingStaff, st.integers(0, 2_000_000), percents)
        ),
        settlement=used(draw, "settlement", settlement),
    )


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    start = draw(days(0, 60))
    return Contract(
        reference="O1",
        kind=draw(st.sampled_from(KINDS)),
        value_cents=draw(cents),
        wage_cents=draw(cents),
        start_on=start,
        end_on=start + timedelta(days=draw(st.integers(0, 1_100))),
        tendered_on=draw(maybe(days(-300, 0))),
        pso_level=draw(maybe(st.sampled_from(LEVELS))),
        pso_valid_until=draw(maybe(days())),
        pso_holder=draw(maybe(st.sampled_from(["main", "sub"]))),
        existing_staff_fte=draw(maybe(HOURS)),
    )


@st.composite
def contributions(draw: st.DrawFn, number: int) -> Contribution:
    """A contribution that lacks nothing that its kind asks for."""
    kind = draw(st.sampled_from(["placement"] * 4 + ["activity", "purchase", "training"]))
    start = draw(days())
    return Contribution(
        reference=f"I{number}",
        contract="O1",
        kind=kind,
        person=draw(maybe(st.sampled_from(["P1", "P2"]))),
        group=draw(st.sampled_from(GROUPS)),
        age=draw(maybe(st.integers(16, 67))),
        permanent=draw(maybe(st.booleans())),
        start_on=start if kind == "placement" else draw(maybe(st.just(start))),
        end_on=draw(maybe(st.integers(0, 900).map(lambda more: start + timedelta(days=more)))),
        hours_week=draw(HOURS),
        activity_hours=draw(HOURS),
        invoice_cents=draw(cents),
    )


@st.composite
def many_contributions(draw: st.DrawFn) -> list[Contribution]:
    return [draw(contributions(number)) for number in range(draw(st.integers(0, 6)))]


def plain_rules(counting_window: int | None = None) -> MoneyRules:
    """5 %, 30,000 for everybody, 36 hours, 150 % after 90 days."""
    groups = {"p_wet": Group("p_wet", "P-wet", "P-wet")}
    window = None if counting_window is None else sourced("counting_window", counting_window)
    percent = dict.fromkeys(KINDS, Fraction(5))
    return MoneyRules(
        slug="plain",
        version="plain 1",
        reference_column="start_on",
        reference_date=START,
        obligation=sourced("obligation", ObligationRule("contract_value", percent)),
        building_blocks=sourced("building_blocks", BuildingBlocks(groups, 3_000_000)),
        full_time=sourced("full_time", FullTime(Fraction(36))),
        counting_window=window,
        settlement=sourced("settlement", SettlementRule(Fraction(150), 90, True)),
    )
