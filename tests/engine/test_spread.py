"""Handing blocks out and taking them back: in order, bounded, and without more than is needed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import InvalidInput
from matcher.domain.pairs import Setting
from matcher.engine.batch import best_pairs
from matcher.engine.executors import executor_at
from matcher.engine.layout import Country
from matcher.engine.region_block import LEFT_OUT, RegionWork, match_block, taking_part
from matcher.engine.spread import Block, Common, InProcess, Work, in_order
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set
from tests.domain.strategies import ON
from tests.domain.world import World

SETTING = Setting(load_rule_set("demo"), load_places(), ON)
COMMON = Common("k", 7)


def times(common: Common, block: Block) -> bytes:
    product: int = common.value * block.value
    return str(product).encode()


class Shuffled(InProcess):
    """Gives blocks back in any order, now and then nothing, and counts what is out."""

    def __init__(self, seed: int, in_flight: int) -> None:
        super().__init__()
        self.in_flight = in_flight
        self.drawn = random.Random(seed)  # noqa: S311  decides an order, keeps no secret
        self.most = 0

    def submit(self, work: Work, common: Common, block: Block) -> None:
        super().submit(work, common, block)
        self.most = max(self.most, len(self._waiting))

    def completed(self, seconds: float) -> tuple[int, bytes] | None:
        if self.drawn.random() < 0.3:
            return None
        self._waiting.rotate(self.drawn.randrange(len(self._waiting)))
        return super().completed(seconds)


@given(st.integers(0, 40), st.integers(0, 5), st.integers(1, 7), st.integers())
def test_blocks_come_back_once_and_in_their_order_whoever_is_quickest(
    count: int, first: int, in_flight: int, seed: int
) -> None:
    executor = Shuffled(seed, in_flight)
    read: list[int] = []

    def blocks() -> Iterator[Block]:
        for number in range(first, first + count):
            read.append(number)
            yield Block(number, number)

    given_back = []
    for content in in_order(executor, times, COMMON, blocks()):
        if content is not None:
            given_back.append(int(content))
            assert len(read) <= len(given_back) + in_flight

    assert given_back == [7 * number for number in range(first, first + count)]
    assert executor.most <= in_flight


def test_whoever_stops_listening_leaves_nothing_out() -> None:
    executor = Shuffled(1, 4)
    contents = in_order(executor, times, COMMON, (Block(n, n) for n in range(9)))
    next(contents)
    assert executor._waiting

    contents.close()  # type: ignore[attr-defined]

    assert not executor._waiting


def test_the_text_of_what_is_handed_out_tells_nothing_of_anybody() -> None:
    somebody = CandidateProfile("K-canary", "demo")
    block = Block(3, taking_part({1: somebody}, 1, SETTING))

    assert "canary" not in f"{block!r} {block} {Common('k', somebody)!r}"


@pytest.mark.parametrize("seed", range(15))
def test_what_does_not_travel_changes_no_byte(seed: int) -> None:
    world = World(seed, unknown_one_in=4)
    people = {n: world.candidate(f"K{n}") for n in range(12)}
    places = tuple(world.vacancy(f"V{n}") for n in range(15))
    common = Common(f"world {seed}", RegionWork(places, tuple(range(15)), SETTING, 4))
    present = {n: one for n, one in people.items() if not one.is_paused(ON)}

    travelling = taking_part(people, len(people), SETTING)
    arrived = match_block(common, Block(0, travelling))

    country = Country(places, SETTING)
    best = best_pairs(list(present.values()), country, top=4)
    found = json.loads(arrived)
    expected = [
        [number, int(vacancy), int(fit)]
        for number, vacancies, fits in zip(present, best.vacancies, best.vacancy_fits, strict=True)
        for vacancy, fit in zip(vacancies, fits, strict=True)
        if vacancy >= 0
    ]
    assert [[number, vacancy, fit] for number, vacancy, _, fit in found["lines"]] == expected
    assert found["without"] == int((best.eligible == 0).sum())
    assert (found["people"], found["left_out"]) == (len(present), len(people) - len(present))
    for profile in travelling.profiles():
        assert {getattr(profile, name) for name in LEFT_OUT} == {None}
    assert {"money", "home_base"} < LEFT_OUT < {each.name for each in fields(CandidateProfile)}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://10.0.0.7:8786", "tls:// only"),
        ("tcp://localhost.example.org:8786", "tls:// only"),
        ("tls://10.0.0.7:8786", "MATCHER_SCHEDULER_CA"),
        ("tls://10.0.0.7", "give local:N"),
        ("tls://10.0.0.7:port", "give local:N"),
        ("http://127.0.0.1:8786", "give local:N"),
        ("local:0", "give local:N"),
        ("local:900", "at most local:256"),
    ],
)
def test_an_address_that_is_not_sealed_or_not_known_is_refused_by_name(
    address: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        executor_at(address)


def test_papers_that_are_not_there_are_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        executor_at("tls://10.0.0.7:8786", authority="/nowhere/ca.pem", key="/nowhere/key.pem")

    assert [problem.where for problem in refused.value.problems] == [
        "MATCHER_SCHEDULER_CA",
        "MATCHER_SCHEDULER_CERT",
        "MATCHER_SCHEDULER_KEY",
    ]
