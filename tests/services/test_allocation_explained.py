"""The explanation of an allocation: each reason, way in and empty place checked for itself."""

from __future__ import annotations

from dataclasses import replace

from matcher.domain.allocating import Choice, Method, SeatOrder
from matcher.domain.assessment import assess, current
from matcher.domain.decided_pairs import DecidedPair, PairDecision
from matcher.domain.pairs import assess_pair
from matcher.domain.pathways import Pathways
from matcher.domain.vocabulary import Lane
from matcher.reference.texts import load_wording
from matcher.services.allocation_explained import explanation
from matcher.services.allocation_inputs import site_hours
from matcher.services.allocation_vacant import relaxations
from matcher.services.allocation_views import edge_rows, summary
from matcher.services.allocations import allocate
from tests.services.allocation_world import (
    NO_SEATS,
    REGION,
    ROUTES,
    SETTING,
    decided,
    everybody,
)

PEOPLE = {c.reference: current(c, SETTING) for c in REGION.candidates}
SITES = {v.reference: v for v in REGION.vacancies}
WIDE = [replace(v, guidance_hours=40.0 * v.places) for v in REGION.vacancies]
WORDING = load_wording("nl")


def test_without_a_pair_the_best_allocation_is_worth_its_margin_less() -> None:
    result = allocate(everybody(), WIDE, NO_SEATS, Choice())
    rows = explanation(result, WORDING)["proposals"]

    assert len(rows) == len(result.proposals)
    assert any(row["runner_up"] for row in rows)
    for row in rows[:6]:
        assert row["exact"]
        never = DecidedPair(row["candidate"], row["vacancy"], PairDecision.FORBIDDEN)
        again = allocate(everybody(), WIDE, NO_SEATS, Choice(decided=(never,)))
        assert result.allocation.value - again.allocation.value == row["margin"]
        if row["runner_up"]:
            assert row["runner_up"]["vacancy"] == row["vacancy"]
        if row["instead"]:
            assert row["instead"]["candidate"] == row["candidate"]


def test_a_point_more_than_falls_short_gives_a_place() -> None:
    result = allocate(everybody(), WIDE, NO_SEATS, Choice())
    short = [r for r in explanation(result, WORDING)["left_out"] if r["short_by"] is not None]

    assert short
    for row in short[:4]:
        lock = DecidedPair(row["candidate"], row["vacancy"], PairDecision.LOCKED)
        again = allocate(everybody(), WIDE, NO_SEATS, Choice(decided=(lock,)))
        assert result.allocation.value - again.allocation.value == row["short_by"]


def test_everybody_left_out_has_a_reason_and_a_way_in_that_is_true() -> None:
    result = decided(Choice())
    rows = {row["candidate"]: row for row in explanation(result, WORDING)["left_out"]}

    assert set(rows) == set(result.unplaced)
    for reference, row in rows.items():
        assert row["reason"] == result.unplaced[reference]
        if row["reason"] == "places_taken":
            assert row["vacancy"] in SITES
        if row["reason"] == "lane" and row["would_change"]:
            change = row["would_change"]
            values = {change["field"]: change["value"], "observed_on": None}
            changed = PEOPLE[reference].with_values(values)
            assert assess(changed, ROUTES["demo"]).lane.lane is Lane(change["lane"])
    assert any(row["would_change"] for row in rows.values())


def test_who_fits_nowhere_is_shown_the_vacancy_with_the_fewest_blockers() -> None:
    shut = [replace(v, credentials=frozenset({"security"})) for v in REGION.vacancies]
    result = allocate(everybody(), shut, NO_SEATS, Choice())
    nowhere = [
        r for r in explanation(result, WORDING)["left_out"] if r["reason"] == "no_place_fits"
    ]

    assert nowhere
    for row in nowhere[:10]:
        pairs = {v.reference: assess_pair(PEOPLE[row["candidate"]], v, SETTING) for v in shut}
        own = pairs[row["vacancy"]]
        assert [b["code"] for b in row["blockers"]] == [b.code for b in own.blockers]
        assert len(own.blockers) == min(len(pair.blockers) for pair in pairs.values())
        assert all(b["closed_by"] for b in row["blockers"])


def test_an_empty_vacancy_says_how_many_would_fit_with_each_demand_let_go() -> None:
    result = decided(Choice(), seats=False)
    rows = explanation(result, WORDING)["empty_vacancies"]
    filled = {p.vacancy for p in result.proposals}
    small = SETTING.rules.small_employers

    assert {row["vacancy"] for row in rows} == {v for v in SITES if v not in filled}
    told = 0
    for row in rows[:5]:
        ways = {(way["demand"], way["subject"]): way for way in row["would_fill"]}
        for relaxed in relaxations(SITES[row["vacancy"]], small):
            fits = [
                person.profile.reference
                for person in result.placeable
                for pair in [
                    assess_pair(PEOPLE[person.profile.reference], relaxed.vacancy, SETTING)
                ]
                if pair.eligible and not pair.ask_first
            ]
            way = ways.get((relaxed.demand, relaxed.subject))
            known = site_hours(SITES[row["vacancy"]], SETTING) is not None
            if way is None:
                assert len(fits) == row["people"] or not known
                continue
            assert way["people"] == len(fits)
            assert way["without_place"] == sum(name in result.unplaced for name in fits)
            told += 1
    assert told


def test_another_method_gives_reasons_but_no_margins() -> None:
    result = decided(Choice(method=Method.GREEDY), seats=False)

    told = explanation(result, WORDING)

    assert told["proposals"]
    assert all(row["margin"] is None for row in told["proposals"])
    assert told["left_out"]


def test_an_officer_can_let_seats_go_by_value_and_each_order_tells_its_price() -> None:
    one_each = [replace(p, seats=1) for p in REGION.programmes]
    routes = {"demo": Pathways(one_each, SETTING)}
    by_wait = allocate(everybody(), REGION.vacancies, routes, Choice())
    by_value = allocate(everybody(), REGION.vacancies, routes, Choice(seats=SeatOrder.VALUE))
    told_wait = summary(by_wait, Choice())["seats"]
    told_value = summary(by_value, Choice(seats=SeatOrder.VALUE))["seats"]

    assert told_wait["order"] == "waiting"
    assert told_wait["price_percent"] > 0
    assert told_value["price_percent"] == 0
    assert by_value.seats.value == by_wait.seats.other_value
    assert by_wait.seats.days == by_value.seats.other_days
    seats = [p for p in by_value.proposals if p.vacancy is None]
    for programme in one_each:
        taken = sum(p.programme == programme.reference for p in by_value.proposals)
        assert taken <= 1
    assert all(p.value == 0 for p in seats)


def test_pruned_pairs_hold_both_sides_and_bound_what_they_lost() -> None:
    rules = SETTING.rules
    few = replace(rules.allocation, pairs_maximum=50, pairs_kept=2)
    setting = replace(SETTING, rules=replace(rules, allocation=few))
    routes = {"demo": Pathways((), setting)}
    full = decided(Choice(), seats=False)

    found = allocate(everybody(), REGION.vacancies, routes, Choice())

    assert found.pairs.pruned
    told = summary(found, Choice())
    assert told["pruned"] is True
    assert full.allocation.value <= found.allocation.value + told["loss_at_most"]
    kept = {(row["candidate"], row["vacancy"]) for row in edge_rows(found)}
    everything = {(row["candidate"], row["vacancy"]) for row in edge_rows(full)}
    assert kept < everything
    assert {vacancy for _, vacancy in kept} == {vacancy for _, vacancy in everything}
