"""A crawl of every route with every right: what is shown is exactly what the table allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import make_engine, session_factory
from matcher.services.visibility import Kind, Stage, visible_fields
from tests.privacy.conftest import as_app_role
from tests.privacy.crawl import Fetched, crawl
from tests.privacy.world import NOW, World, build, client_of

VIEWERS = (
    "coach", "colleague", "triager", "service_point", "lead", "contractor", "rival", "officer",
    "analyst", "admin", "own_ann", "own_dee", "elsewhere_lead", "visitor",
)  # fmt: skip

BEHIND_THE_WALL = ("coach", "lead", "contractor", "own_ann", "officer", "admin", "visitor")
"""Who crawls PostgreSQL as well; that the rules are the same there is another test's."""

KINDS = {
    "candidate": Kind.CANDIDATE,
    "draft": Kind.INTAKE_DRAFT,
    "note": Kind.NOTE,
    "request": Kind.OWN_REQUEST,
    "decision": Kind.DECISION,
    "message": Kind.MESSAGE,
    "account": Kind.ACCOUNT,
    "agreement": Kind.AGREEMENT,
    "call": Kind.CALL_REQUEST,
    "check": Kind.DISPLACEMENT_CHECK,
    "report": Kind.DISPLACEMENT_REPORT,
    "rights_change": Kind.RIGHTS_CHANGE,
    "upload": Kind.UPLOAD,
    "contribution": Kind.CONTRIBUTION,
    "contribution_check": Kind.CONTRIBUTION_CHECK,
    "settlement_decision": Kind.SETTLEMENT_DECISION,
    "rule_version": Kind.RULE_VERSION,
    "shadow": Kind.PREDICTION,
}
FIELDS = {("message", "params"): "letter", ("shadow", "probability"): "answers"}
"""A letter is its text with the link in it; what a shadow says is a field of nobody."""

TICKED = {"ann": {"first_name"}, "bas": {"first_name", "contact_value", "goal"}}
"""What the contractor is shown after a yes; ``cor`` has not answered yet."""

HOME = {"ann": "coach", "bas": "coach", "cor": "coach", "dee": "colleague"}

NO_PAGE = {
    ("triager", "request", "text"): "requests are answered by who guides the person",
    ("triager", "request", "answer"): "requests are answered by who guides the person",
    ("triager", "note", "text"): "notes stand on the page of who guides the person",
    ("coach", "request", "answer"): "an answered request leaves the coach's list",
    ("colleague", "request", "answer"): "an answered request leaves the coach's list",
    ("lead", "request", "answer"): "an answered request leaves the lead's list",
    ("elsewhere_lead", "request", "answer"): "an answered request leaves the lead's list",
    ("officer", "call", "work"): "calls stand on the pages of who makes them",
    ("contractor", "check", "reasons"): "the firm sees its own answers only in the form, once held",
    ("contractor", "settlement_decision", "why"): "is shown once a second officer confirmed it",
    ("rival", "settlement_decision", "why"): "is shown once a second officer confirmed it",
    ("contractor", "contribution_check", "why"): "is shown once a second officer confirmed it",
    ("rival", "contribution_check", "why"): "is shown once a second officer confirmed it",
}
"""Allowed by the table, and on no page that a crawl can open."""


@dataclass(frozen=True)
class Product:
    """The application on a database full of canaries, and what was fetched from it."""

    app: Flask
    world: World
    answers: dict[str, list[Fetched]] = field(default_factory=dict)


CRAWLS = [
    *(("sqlite", name) for name in VIEWERS),
    *(pytest.param("postgres", name, marks=pytest.mark.postgres) for name in BEHIND_THE_WALL),
]


@pytest.fixture(scope="module")
def product_on(new_database: Callable[[str], str]) -> Iterator[Callable[[str], Product]]:
    """The application on a kind of database; on PostgreSQL as a role that stands before a wall."""
    made: dict[str, Product] = {}

    def on(kind: str) -> Product:
        if kind not in made:
            url = new_database(kind)
            owner = make_engine(url)
            with session_factory(owner)() as session:
                world = build(session)
            owner.dispose()
            if kind == "postgres":
                url = as_app_role(url)
            app = create_app({"DATABASE_URL": url, "CLOCK": lambda: NOW, "LOG_LEVEL": "CRITICAL"})
            made[kind] = Product(app, world)
        return made[kind]

    yield on
    for product in made.values():
        engine_of(product.app).dispose()


ProductOn = Callable[[str], Product]


def crawled(made: Product, name: str) -> list[Fetched]:
    """Everything that a viewer can fetch; crawled once."""
    if name in made.answers:
        return made.answers[name]
    account = None if name == "visitor" else made.world.accounts[name].account_id
    with session_factory(engine_of(made.app))() as session:
        client = client_of(made.app, session, account)
    made.answers[name] = crawl(made.app, client, made.world)
    return made.answers[name]


def reaches(name: str, whose: str, world: World) -> bool:
    """Whether the rows of somebody are in reach of a viewer at all."""
    viewer = world.accounts[name]
    if whose in world.people:
        if Right.CANDIDATE in viewer.rights:
            return name == f"own_{whose}"
        if Right.COACH in viewer.rights:
            return HOME.get(whose) == name
        return (viewer.region == "demo") is (whose != "eve")
    if whose in ("file", "town"):
        return viewer.region == "demo"
    if whose in ("een", "twee"):
        return viewer.region == "demo" and name != ("rival" if whose == "een" else "contractor")
    if whose == "region":
        return viewer.region == "demo"
    if whose == "firm":
        return viewer.region == "demo" and name != "rival"
    return True


def allowed(name: str, kind: str, field: str, whose: str, world: World) -> bool:
    """Whether the table lets a viewer see one field of one person."""
    if name == "visitor" or not reaches(name, whose, world):
        return False
    viewer = world.accounts[name]
    if name == "rival" and whose in world.people:
        return False  # nobody of the world was introduced to it
    if name == "contractor" and whose in world.people:
        shown = visible_fields(Kind.CANDIDATE, viewer.rights, Stage.AFTER_CONSENT)
        return kind == "candidate" and field in TICKED.get(whose, set()) & shown
    field = FIELDS.get((kind, field), field)
    return field in visible_fields(KINDS[kind], viewer.rights, Stage.OWN)


@pytest.mark.parametrize(("kind", "name"), CRAWLS)
def test_canaries_appear_exactly_where_the_table_allows(
    product_on: ProductOn, kind: str, name: str
) -> None:
    made = product_on(kind)
    answers = crawled(made, name)
    assert [each.address for each in answers if each.status >= 500] == []
    seen = {
        meaning: each.address
        for word, meaning in made.world.canaries.items()
        for each in answers
        if word in each.whole
    }
    seen |= {
        meaning: each.address
        for pattern, meaning in made.world.figures.items()
        for each in answers
        if re.search(pattern, each.body)
    }

    leaked = {
        meaning: address
        for meaning, address in seen.items()
        if not allowed(name, *meaning, made.world)
    }
    assert leaked == {}

    shown = {(kind, field) for kind, field, _whose in seen}
    expected = {
        (kind, field)
        for kind, field, whose in (*made.world.canaries.values(), *made.world.figures.values())
        if allowed(name, kind, field, whose, made.world)
    }
    unshown = {(kind, field) for viewer, kind, field in NO_PAGE if viewer == name}
    assert expected - shown == unshown, "the table allows more than any page shows"


def test_the_crawl_met_everything_it_should(product_on: ProductOn) -> None:
    made = product_on("sqlite")
    answers = crawled(made, "coach")
    opened = {each.endpoint for each in answers if each.status == 200}
    assert {"coach.person_page", "coach.advice", "api-candidates.get_candidate"} <= opened
    assert any("wie=regio" in each.address for each in answers), "links with filters are followed"
    assert len(made.world.canaries) > 80


@pytest.mark.parametrize("name", ["contractor", "rival", "service_point", "officer", "analyst"])
def test_benefit_and_year_of_birth_have_no_value_on_any_page_of_others(
    product_on: ProductOn, name: str
) -> None:
    for each in crawled(product_on("sqlite"), name):
        if each.endpoint.startswith(("api-codes", "api-rule-sets", "api-docs", "rules.")):
            continue
        assert "p_wet" not in each.body, each.address
        assert not re.search(r"\b1943\b", each.body), each.address
