"""Everything that somebody can fill in or send: forms of pages, and bodies of the API."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField

import matcher.web
from matcher.web.coach.cards import CARDS, questions_of
from matcher.web.coach.quick_start_form import quick_start_form


def all_modules(package: Any) -> None:
    """Imports every module of a package, so that all its classes are there."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def _subclasses(kind: type) -> Iterator[type]:
    for found in kind.__subclasses__():
        yield found
        yield from _subclasses(found)


def form_fields(app: Flask) -> Iterator[tuple[str, str, type, str]]:
    """Every field of every form: form, name, class and label; cards and quick start as well."""
    all_modules(matcher.web)
    for form in sorted(set(_subclasses(FlaskForm)), key=lambda form: form.__qualname__):
        if not form.__module__.startswith("matcher."):
            continue
        for name in dir(form):
            field = getattr(form, name, None)
            if isinstance(field, UnboundField):
                label = field.kwargs.get("label") or (field.args[0] if field.args else "")
                with app.test_request_context():
                    yield form.__qualname__, name, field.field_class, str(label or "")
    with app.test_request_context():
        for card in CARDS:
            for question in questions_of(card):
                for name, field in question.fields(None).items():
                    yield f"card {card}", name, field.field_class, question.title
        for field in quick_start_form(MultiDict()):
            yield "quick start", field.name, type(field), str(field.label.text)


def body_strings(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each plain string that a body of the API may hold: the operation, and the field's name."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if not isinstance(operation, dict) or "requestBody" not in operation:
                continue
            for content in operation["requestBody"]["content"].values():
                for name in _strings(content["schema"], document, ""):
                    yield f"{method.upper()} {path}", name


def _strings(schema: dict[str, Any], document: dict[str, Any], name: str) -> Iterator[str]:
    if "$ref" in schema:
        found = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        yield from _strings(found, document, name)
        return
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _strings(part, document, name)
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "string" in kinds and not {"enum", "pattern", "format"} & set(schema):
        yield name
    if "items" in schema:
        yield from _strings(schema["items"], document, name)
    for inner, part in schema.get("properties", {}).items():
        yield from _strings(part, document, inner)
