"""Fetching every address of the application as somebody, whatever routes there will be.

`fills` says with which numbers and words the arguments of a route are tried; an argument that is
not known here fails the crawl, so that a new route cannot slip past it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from matcher.http.permissions import is_static
from tests.privacy.world import Person, World

MISSING = 987_654
"""A number that no row has."""
PAGES_MAXIMUM = 560
"""More addresses than this for one viewer is a crawl that runs in circles."""

WORDS: dict[str, tuple[str, ...]] = {
    "secret": ("geen-geheim-dat-er-is",),
    "name": ("sectors", "purposes"),
    "slug": ("demo",),
    "code": ("F42",),
    "field": ("rhythm",),
}
TRIED = ("ann", "dee", "eve")
"""Whose pages are opened: the coach's, the colleague's, and somebody's of another region."""
OF_A_PERSON = {
    "candidate_id", "assessment_id", "commitment_id", "note_id", "draft_id", "introduction_id",
    "message_id", "decision_id", "seat_id", "elsewhere_id", "placement_id", "line_id",
    "pair_id",
}  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """One answer: the address asked for, and what came back."""

    address: str
    endpoint: str
    status: int
    body: str
    headers: dict[str, str]

    @property
    def whole(self) -> str:
        """Everything that came back, in lower case."""
        return (self.body + repr(sorted(self.headers.items()))).casefold()


def rules(app: Flask, method: str = "GET") -> list[Rule]:
    """The routes of the application that answer to `method`, in a fixed order."""
    found = [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not is_static(rule.endpoint)
    ]
    return sorted(found, key=lambda rule: (rule.rule, rule.endpoint))


def numbers(world: World, endpoint: str, argument: str) -> list[int]:
    """The numbers that a whole-number argument is tried with; KeyError for an unknown one."""
    if argument in OF_A_PERSON:
        of_people = [p.ids[argument] for p in world.people.values() if argument in p.ids]
        return of_people or [MISSING]
    if argument == "request_id" and endpoint.startswith("talent_centre."):
        return [world.ids["contractor"]["call_id"]]
    known: dict[str, Callable[[], list[int]]] = {
        "vacancy_id": lambda: [world.ids[who]["vacancy_id"] for who in ("contractor", "rival")],
        **{
            name: lambda name=name: [  # type: ignore[misc]  # bound here
                world.ids[who].get(name, MISSING) for who in ("contractor", "rival")
            ]
            for name in ("contract_id", "number", "contribution_id", "sample_id", "share_id")
        },
        **{
            name: lambda name=name: [  # type: ignore[misc]  # bound here
                world.ids.get("region", {}).get(name, MISSING)
            ]
            for name in ("programme_id", "cohort_id", "line_id", "arrangement_id", "promotion_id")
        },
        "request_key": lambda: [
            *(f"place-{world.ids[who]['vacancy_id']}" for who in ("contractor", "rival")),
            f"call-{world.ids['contractor']['call_id']}",
        ],
        "request_id": lambda: [p.ids["own_request_id"] for p in world.people.values()],
        "account_id": lambda: [0, *(v.account_id or 0 for v in world.accounts.values())],
        "change_id": lambda: [world.ids["admin"]["change_id"]],
        "week": lambda: [0, 8],
        "artefact_id": lambda: [
            world.ids.get(which, {}).get("artefact_id", MISSING) for which in ("region", "shadow")
        ],
        "rule_version": lambda: [0, world.ids.get("region", {}).get("version_id", MISSING)],
        "version_id": lambda: [world.ids.get("region", {}).get("version_id", MISSING)],
        "token_id": lambda: [MISSING],
        "subject_id": lambda: [world.ids.get("region", {}).get("programme_id", MISSING)],
        "job_id": lambda: [world.ids.get("lead", {}).get("job_id", MISSING)],
        "allocation_id": lambda: [world.ids.get("lead", {}).get("allocation_id", MISSING)],
        "import_id": lambda: sorted(world.uploads.values()) or [MISSING],
        "upload_id": lambda: sorted(world.uploads.values()) or [MISSING],
        "check_id": lambda: [world.ids.get("contractor", {}).get("check_id", MISSING)],
        "organisation_id": lambda: [
            world.accounts[who].organisation_id or MISSING for who in ("contractor", "rival")
        ],
        "report_id": lambda: [world.ids.get("region", {}).get("report_id", MISSING)],
        "double_id": lambda: [world.ids.get("region", {}).get("double_id", MISSING)],
    }
    return known[argument]()


def fills(world: World, rule: Rule) -> Iterator[dict[str, Any]]:
    """Every set of arguments that a route is tried with."""
    people: list[Person | None] = [None]
    if "candidate_id" in rule.arguments:
        people = [world.people[name] for name in TRIED]
    for person in people:
        choices: dict[str, list[Any]] = {}
        for argument in sorted(rule.arguments):
            choices[argument] = _choices(world, rule, argument, person)
        for chosen in product(*choices.values()):
            yield dict(zip(choices, chosen, strict=True))


def _choices(world: World, rule: Rule, argument: str, person: Person | None) -> list[Any]:
    converter = rule._converters[argument]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    if argument in WORDS:
        return list(WORDS[argument])
    if person is not None and argument == "request_id":
        return [person.ids["own_request_id"]]
    if person is not None and argument in OF_A_PERSON:
        return [person.ids.get(argument, MISSING)]
    try:
        return numbers(world, rule.endpoint, argument)
    except KeyError:
        raise AssertionError(
            f"{rule.rule} takes {argument}: say in tests/privacy/crawl.py how to fill it"
        ) from None


def address_of(app: Flask, rule: Rule, arguments: dict[str, Any]) -> str:
    """The address of a route with these arguments."""
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, arguments, method=next(iter(rule.methods or ())))


def fetch(app: Flask, client: FlaskClient, address: str, method: str = "GET", **more: Any) -> Any:
    """One answer, with what is drawn anew each time taken out."""
    answer = client.open(address, method=method, **more)
    endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("X-Request-ID", "Set-Cookie")
    }
    return Fetched(address, endpoint, answer.status_code, plain(words_of(answer)), headers)


def words_of(answer: Any) -> str:
    """What an answer says; a PDF is written so that its words can be read."""
    if answer.mimetype == "application/pdf":
        return str(answer.get_data().decode("latin-1"))
    return str(answer.text)


_TOKEN = re.compile(r'(name="(?:csrf_token|once)"[^>]* value=")[^"]*')
_REQUEST = re.compile(r"\b[0-9a-f]{32}\b")


def plain(body: str) -> str:
    """A body without form tokens and the number of the request."""
    return _REQUEST.sub("request", _TOKEN.sub(r"\1", body))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        href = dict(pairs).get("href") or ""
        if tag == "a" and href.startswith("/") and not href.startswith("//"):
            self.found.append(href.partition("#")[0])


def links_of(body: str) -> list[str]:
    """The addresses of this site that a page links to."""
    parser = _Links()
    parser.feed(body)
    return parser.found


def crawl(app: Flask, client: FlaskClient, world: World) -> list[Fetched]:
    """Every GET route with every set of arguments, and links with other filters than these.

    A route that is refused once is not tried with other arguments: it is refused by right.
    """
    seen: set[str] = set()
    shapes: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    found: list[Fetched] = []
    waiting: list[str] = []
    for rule in rules(app):
        for arguments in fills(world, rule):
            address = address_of(app, rule, arguments)
            seen.add(address)
            answer = fetch(app, client, address)
            found.append(answer)
            waiting += links_of(answer.body)
            if answer.status in (401, 403) or "/aanmelden" in answer.headers.get("Location", ""):
                break
    adapter = app.url_map.bind("localhost")
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        endpoint, _ = adapter.match(parts.path)
        keys = frozenset((name, "") if name == "vanaf" else (name, value)
                         for name, value in parse_qsl(parts.query) if name != "back")  # fmt: skip
        if address in seen or is_static(endpoint) or (endpoint, keys) in shapes or not keys:
            continue
        seen.add(address)
        shapes.add((endpoint, keys))
        answer = fetch(app, client, address)
        found.append(answer)
        waiting += links_of(answer.body)
    assert len(found) <= PAGES_MAXIMUM, "the crawl runs in circles"
    return found
