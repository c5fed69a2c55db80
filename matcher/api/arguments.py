"""Reads bodies and query strings against a schema and reports every problem in them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs.core import is_json, missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from matcher.api.strict_json import BODY, NAMED_MAXIMUM, field_path, read_json
from matcher.domain.errors import InvalidInput, Problem
from matcher.files.guards import shown_name

_UNKNOWN = ma.Schema().error_messages["unknown"]


class ArgumentsParser(FlaskParser):
    """Input that is not exactly what the schema says is a 400 that names all of it."""

    DEFAULT_VALIDATION_STATUS = 400
    # webargs declares this as an attribute of the instance.
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012  see above
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": ma.RAISE,
        "query": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body as JSON; UnsupportedMediaType for any other kind of content."""
        if not is_json(req.mimetype):
            raise UnsupportedMediaType("Send application/json.")
        value = read_json(req.get_data(cache=True))
        if not isinstance(value, dict):
            raise InvalidInput([Problem(BODY, "must be a JSON object")])
        return value

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The query string; a key that stands twice is refused unless it is a list."""
        lists = {
            field.data_key or name
            for name, field in schema.fields.items()
            if isinstance(field, ma.fields.List)
        }
        twice = [key for key, values in req.args.lists() if len(values) > 1 and key not in lists]
        if twice:
            raise InvalidInput(
                [Problem(shown_name(key), "stands twice in the query") for key in twice]
            )
        if not req.args:
            return missing
        return super().load_querystring(req, schema)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Turns the messages of the schema into problems, in the order of the schema."""
        messages: Any = error.messages
        found = (
            problem for inside in messages.values() for problem in problems_from(inside, schema)
        )
        raise InvalidInput(list(islice(found, NAMED_MAXIMUM)))


def problems_from(messages: Any, schema: ma.Schema | None, where: str = "") -> Iterator[Problem]:
    """The messages of marshmallow as problems named by path; unknown names get the nearest."""
    if isinstance(messages, str):
        yield Problem(where or BODY, messages)
    elif isinstance(messages, Problem):
        yield messages
    elif isinstance(messages, Mapping):
        for key, inside in messages.items():
            if key == "_schema":
                yield from problems_from(inside, schema, where)
                continue
            path = field_path(where, key if isinstance(key, int) else shown_name(str(key)))
            if inside == [_UNKNOWN]:
                yield Problem(path, unknown_name(str(key), _names(schema)))
            else:
                yield from problems_from(inside, _inside(schema, key), path)
    elif isinstance(messages, Iterable):
        for message in messages:
            yield from problems_from(message, schema, where)


def unknown_name(name: str, known: Iterable[str]) -> str:
    """What to say of a field that does not exist: the nearest that does, else all of them."""
    names = sorted(known)
    near = get_close_matches(name[:60], names, n=2, cutoff=0.6)
    if near:
        return f"is not a field here; did you mean {' or '.join(near)}?"
    nearest = get_close_matches(name[:60], names, n=3, cutoff=0.0)
    return f"is not a field here; the nearest known are {', '.join(nearest)}"


def _names(schema: ma.Schema | None) -> list[str]:
    if schema is None:
        return []
    return [field.data_key or name for name, field in schema.load_fields.items()]


def _inside(schema: ma.Schema | None, key: Any) -> ma.Schema | None:
    """The schema that the messages under `key` come from: of a nested field, or of the list."""
    if schema is None or isinstance(key, int):
        return schema
    for name, field in schema.load_fields.items():
        if (field.data_key or name) == key:
            inner = field.inner if isinstance(field, ma.fields.List) else field
            return inner.schema if isinstance(inner, ma.fields.Nested) else None
    return None
