"""The OpenAPI document is valid, complete and follows the Dutch API Design Rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.conftest import Caller

METHODS = ("get", "post", "patch")
KEBAB_PATH = re.compile(r"(/([a-z0-9-]+|\{[a-z_]+\}))+")
CAMEL_KEY = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*")
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@pytest.fixture
def document(visitor: Caller) -> dict[str, Any]:
    answer = visitor.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolved(document: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in item:
        return item
    found: Any = document
    for step in item["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def kinds_of(schema: dict[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()

    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])


def test_the_document_is_open_to_scripts_of_any_site_without_sign_in(visitor: Caller) -> None:
    answer = visitor.get("/openapi.json", headers={"Origin": "https://example.org"})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.content_type == "application/json"


def test_contact_version_and_address_are_as_the_design_rules_ask(document: dict[str, Any]) -> None:
    assert set(document["info"]["contact"]) == {"name", "email", "url"}
    assert SEMVER.fullmatch(document["info"]["version"])
    assert all(re.search(r"/v\d+$", server["url"]) for server in document["servers"])


def test_paths_are_kebab_case_without_a_trailing_slash(document: dict[str, Any]) -> None:
    wrong = [path for path in document["paths"] if not KEBAB_PATH.fullmatch(path)]

    assert not wrong


def test_query_keys_are_camel_case(document: dict[str, Any]) -> None:
    keys = {
        parameter["name"]
        for _, _, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if resolved(document, parameter).get("in") == "query"
    }

    assert keys
    assert not [key for key in keys if not CAMEL_KEY.fullmatch(key)]


def test_every_operation_is_named_described_and_says_who_may_call_it(
    document: dict[str, Any],
) -> None:
    found = list(operations(document))
    identifiers = [operation["operationId"] for _, _, operation in found]

    assert len(identifiers) == len(set(identifiers))
    for path, method, operation in found:
        assert operation["summary"], (path, method)
        assert "security" in operation, (path, method)
        assert operation["security"] == [] or {"401", "403"} <= set(operation["responses"])


def test_every_success_carries_the_version_header(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            if status.startswith(("2", "3")):
                headers = resolved(document, response).get("headers", {})
                assert "API-Version" in headers, (path, method, status)


def test_every_error_is_a_problem_document(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert "400" in operation["responses"], (path, method)
        assert ("404" in operation["responses"]) == ("{" in path), (path, method)
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")):
                content = resolved(document, response)["content"]
                assert list(content) == ["application/problem+json"], (path, method, status)
                schema = resolved(document, content["application/problem+json"]["schema"])
                assert {"status", "title", "detail"} <= set(schema["properties"])


def test_changes_need_if_match_and_creations_take_an_idempotency_key(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        headers = {
            found["name"]: found["required"]
            for found in (resolved(document, each) for each in operation.get("parameters", []))
            if found["in"] == "header"
        }
        if method == "patch":
            assert headers["If-Match"] is True, path
        if "201" in operation["responses"]:
            assert headers["Idempotency-Key"] is False, path


def test_every_field_has_a_meaning_an_example_and_a_unit(document: dict[str, Any]) -> None:
    incomplete = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, inside in schema.get("properties", {}).items()
        if not (inside.get("description") and inside.get("examples") and inside.get("x-unit"))
    ]

    assert not incomplete


def test_every_parameter_has_a_meaning_and_an_example(document: dict[str, Any]) -> None:
    shared = [p for item in document["paths"].values() for p in item.get("parameters", [])]
    own = [p for _, _, operation in operations(document) for p in operation.get("parameters", [])]

    for parameter in (resolved(document, each) for each in shared + own):
        assert parameter["description"], parameter["name"]
        assert parameter["schema"]["examples"], parameter["name"]


def test_every_schema_is_described_and_in_upper_camel_case(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][a-z]+([A-Z][a-z]+)*", name)
        assert schema["description"], name


def test_integers_have_a_maximum_that_every_database_holds(document: dict[str, Any]) -> None:
    bounds = {
        f"{name}.{field}": inside.get("maximum")
        for name, schema in document["components"]["schemas"].items()
        for field, inside in schema.get("properties", {}).items()
        if "integer" in kinds_of(inside)
    }

    assert bounds
    assert not [name for name, bound in bounds.items() if bound is None or bound > 2**63 - 1]


def test_resources_of_later_issues_are_absent(document: dict[str, Any]) -> None:
    roots = {path.split("/")[1] for path in document["paths"]}

    assert roots == {
        "candidates",
        "vacancies",
        "programmes",
        "arrangements",
        "previews",
        "codes",
        "regions",
        "sectors",
        "rule-sets",
        "audit-entries",
        "introductions",
        "placements",
        "requests",
        "probable-doubles",
        "contracts",
        "artefacts",
        "jobs",
        "imports",
        "allocations",
        "pair-choices",
    }


def test_every_route_of_the_api_stands_in_the_document(
    document: dict[str, Any], visitor: Caller
) -> None:
    rules = {
        (re.sub(r"<(?:[^<>]*:)?([a-z_]+)>", r"{\1}", rule.rule).removeprefix("/api/v1"), method)
        for rule in visitor.client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    own = {
        ("/openapi.json", "GET"),
        ("/docs", "GET"),
        ("/docs/static/{filename}", "GET"),
    }

    documented = {(path, method.upper()) for path, method, _ in operations(document)}
    assert rules - own == documented


def test_the_page_of_the_document_needs_no_other_host_and_no_script(visitor: Caller) -> None:
    answer = visitor.get("/docs", headers={"Accept": "text/html"})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "<script" not in page
    assert "style=" not in page
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    assert all(source.startswith(("#", "/", "mailto:")) for source in sources)
    assert "/api/v1/candidates/{candidate_id}/what-if" in page
    style = next(source for source in sources if source.endswith("reference.css"))
    with visitor.client.get(style) as sheet:
        assert sheet.status_code == 200


def test_links_inside_the_page_lead_somewhere(visitor: Caller) -> None:
    page = visitor.get("/docs", headers={"Accept": "text/html"}).get_data(as_text=True)

    targets = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= targets
