"""A small region to allocate in, for the tests of allocations."""

from __future__ import annotations

from matcher.demo.region import generate
from matcher.domain.allocating import Choice
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.vocabulary import Lane
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set
from matcher.services.allocation_inputs import Participant, participants
from matcher.services.allocations import AllocationResult, allocate
from tests.domain.strategies import ON

SETTING = Setting(load_rule_set("demo"), load_places(), ON)
REGION = generate(3, ON, candidates=120, vacancies=30, programmes=20)
ROUTES = {"demo": Pathways(REGION.programmes, SETTING)}
NO_SEATS = {"demo": Pathways((), SETTING)}
EVERY_LANE = tuple(Lane)


def everybody() -> list[Participant]:
    """The people of the region who are not paused."""
    return participants(REGION.candidates, ROUTES, ON)


def decided(choice: Choice, *, seats: bool = True) -> AllocationResult:
    """The region allocated."""
    return allocate(everybody(), REGION.vacancies, ROUTES if seats else NO_SEATS, choice)
