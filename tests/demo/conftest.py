"""One demo region for all tests here, on one day."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.demo.region import DEMO_SEED, DemoRegion, generate
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set

ON = date(2026, 11, 23)


@pytest.fixture(scope="package")
def region() -> DemoRegion:
    return generate(DEMO_SEED, ON)


@pytest.fixture(scope="package")
def setting() -> Setting:
    return Setting(load_rule_set("demo"), load_places(), ON)


@pytest.fixture(scope="package")
def pathways(region: DemoRegion, setting: Setting) -> Pathways:
    return Pathways(region.programmes, setting)
