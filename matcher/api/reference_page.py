"""The OpenAPI document as one readable page, made on this server without any script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "patch", "put", "delete")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One row of a table of fields; `link` is the schema that its type leads to."""

    name: str
    type: str
    link: str | None
    required: bool
    description: str
    unit: str
    limits: str
    example: str


@dataclass(frozen=True, slots=True)
class SchemaTable:
    """One schema of the document with its fields."""

    name: str
    description: str
    rows: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address; `body` and `answer` (on success) name schemas."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    rights: str
    parameters: tuple[FieldRow, ...]
    body: str | None
    answer: str | None
    answers: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one resource."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def groups_of(document: Mapping[str, Any]) -> tuple[Group, ...]:
    """The operations of the document by resource, in the order of its tags."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method in _METHODS:
            if method in item:
                operation = item[method]
                found[operation["tags"][0]].append(
                    _operation(document, method, path, operation, shared)
                )
    return tuple(
        Group(tag["name"], tag.get("description", ""), tuple(found[tag["name"]]))
        for tag in document["tags"]
    )


def schemas_of(document: Mapping[str, Any]) -> tuple[SchemaTable, ...]:
    """Every schema of the document as a table, by name."""
    return tuple(
        SchemaTable(name, schema.get("description", ""), tuple(_rows(schema)))
        for name, schema in sorted(document["components"]["schemas"].items())
    )


def _operation(
    document: Mapping[str, Any],
    method: str,
    path: str,
    operation: Mapping[str, Any],
    shared: list[Any],
) -> Operation:
    parameters = [_resolved(document, each) for each in (*shared, *operation.get("parameters", []))]
    body = operation.get("requestBody", {}).get("content", {})
    answers = tuple(
        _answer(status, _resolved(document, response))
        for status, response in sorted(operation["responses"].items())
    )
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=document["servers"][0]["url"] + path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        rights=_rights(operation),
        parameters=tuple(_parameter(each) for each in parameters),
        body=next((_link(content.get("schema", {})) for content in body.values()), None),
        answer=next((link for status, _, link in answers if status.startswith("2")), None),
        answers=answers,
    )


def _resolved(document: Mapping[str, Any], item: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = item.get("$ref")
    if reference is None:
        return item
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    result: Mapping[str, Any] = found
    return result


def _rights(operation: Mapping[str, Any]) -> str:
    if not operation.get("security"):
        return "Open to everybody"
    rights = operation.get("x-rights")
    return f"Rights: {', '.join(rights)}" if rights else "Any account"


def _parameter(parameter: Mapping[str, Any]) -> FieldRow:
    schema = parameter.get("schema", {})
    row = _row(parameter["name"], schema, required=parameter.get("required", False))
    return FieldRow(
        name=f"{parameter['name']} ({parameter['in']})",
        type=row.type,
        link=row.link,
        required=row.required,
        description=parameter.get("description") or row.description,
        unit=row.unit,
        limits=row.limits,
        example=row.example or _example(parameter),
    )


def _answer(status: str, response: Mapping[str, Any]) -> tuple[str, str, str | None]:
    content = response.get("content", {})
    link = next((_link(each.get("schema", {})) for each in content.values()), None)
    return status, response.get("description", ""), link


def _rows(schema: Mapping[str, Any]) -> Iterator[FieldRow]:
    required = schema.get("required", ())
    for name, inside in schema.get("properties", {}).items():
        yield _row(name, inside, required=name in required)


def _row(name: str, schema: Mapping[str, Any], *, required: bool) -> FieldRow:
    unit = schema.get("x-unit", "")
    return FieldRow(
        name=name,
        type=_type(schema),
        link=_link(schema),
        required=required,
        description=schema.get("description", ""),
        unit="" if unit == "none" else unit,
        limits=_limits(schema),
        example=_example(schema),
    )


def _type(schema: Mapping[str, Any]) -> str:
    link = _link(schema)
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if "array" in kinds:
        inside = schema.get("items", {})
        return f"list of {_link(inside) or _type(inside)}"
    if link is not None:
        nullable = any(part.get("type") == "null" for part in schema.get("anyOf", ()))
        return f"{link} or null" if nullable else link
    if schema.get("format"):
        kinds = [schema["format"] if kind == "string" else kind for kind in kinds]
    return " or ".join(kinds) or "anything"


def _link(schema: Mapping[str, Any]) -> str | None:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    for part in schema.get("anyOf", ()):
        if "$ref" in part:
            return str(part["$ref"]).rsplit("/", 1)[1]
    if "items" in schema:
        return _link(schema["items"])
    return None


def _limits(schema: Mapping[str, Any]) -> str:
    said = []
    inside = schema.get("items", {}) if "items" in schema else schema
    if "x-codes" in inside:
        said.append("codes of " + " and ".join(f"`/codes/{name}`" for name in inside["x-codes"]))
    elif "enum" in inside:
        said.append("one of: " + ", ".join(str(value) for value in inside["enum"] if value))
    for key, words in (
        ("minimum", "from {}"),
        ("maximum", "to {}"),
        ("minLength", "at least {} characters"),
        ("maxLength", "at most {} characters"),
        ("maxItems", "at most {} items"),
        ("pattern", "matches {}"),
    ):
        if key in schema:
            said.append(words.format(schema[key]))
    return "; ".join(said)


def _example(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples")
    if isinstance(examples, list) and examples:
        return json.dumps(examples[0], ensure_ascii=False, default=str)
    return ""
