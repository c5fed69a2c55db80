"""The texts of messages that leave the service, checked to name nobody and no matter.

``data/messages/README.md`` says the rules that a text has to keep; a file that breaks one is
refused when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.screening import asks_for
from matcher.reference.texts import LANGUAGES, load_wording
from matcher.reference.yaml_files import read_yaml

PREVIEW = 120
"""Characters of a text that a screen or a locked telephone may show beside the subject."""
SUBJECT_MAXIMUM = 60
SMS_MAXIMUM = 160


class MessageTextError(ValueError):
    """A file of messages that cannot be used; the message names the template and the rule."""


class ParamKind(StrEnum):
    """All that a message can carry; none of these can hold a name or a sentence."""

    ADDRESS = "address"
    """The path of a page of this service; made whole when the message goes out."""
    CODE = "code"
    DAY = "day"


SECRET = frozenset({ParamKind.ADDRESS, ParamKind.CODE})
"""What opens something: it is forgotten as soon as the message went out."""

_SHAPES = {
    ParamKind.ADDRESS: re.compile(r"/(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?"),
    ParamKind.CODE: re.compile(r"(?=.*[0-9])[0-9A-Z]{4,10}"),
    ParamKind.DAY: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One message; `params` maps the name of each param to its kind."""

    code: str
    params: Mapping[str, ParamKind]
    subject: str
    text: str
    sms: str


@dataclass(frozen=True, slots=True)
class MessageTexts:
    """The templates of one language."""

    language: str
    version: str
    valid_from: date
    source: str
    templates: Mapping[str, MessageTemplate]


@dataclass(frozen=True, slots=True)
class Words:
    """A message as it is read."""

    subject: str
    text: str
    sms: str


@cache
def load_messages(language: str) -> MessageTexts:
    """The messages of `language`; a language that is not kept falls back to Dutch."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    return messages_from(data_dir() / "messages" / f"{chosen}.yaml")


def messages_from(path: Path) -> MessageTexts:
    """The messages in one file; MessageTextError for one that breaks a rule."""
    document: dict[str, Any] = read_yaml(path)
    return MessageTexts(
        language=document["language"],
        version=document["version"],
        valid_from=document["valid_from"],
        source=document["source"],
        templates={code: _template(code, row) for code, row in document["templates"].items()},
    )


def _template(code: str, row: Mapping[str, Any]) -> MessageTemplate:
    template = MessageTemplate(
        code=code,
        params={name: ParamKind(kind) for name, kind in row["params"].items()},
        subject=row["subject"].strip(),
        text=row["text"].strip(),
        sms=row["sms"].strip(),
    )
    _check(template)
    return template


def _check(template: MessageTemplate) -> None:
    if not template.subject or len(template.subject) > SUBJECT_MAXIMUM:
        raise MessageTextError(f"{template.code}: a subject has 1 to {SUBJECT_MAXIMUM} characters")
    if len(template.sms) > SMS_MAXIMUM:
        raise MessageTextError(f"{template.code}: an sms has {SMS_MAXIMUM} characters at most")
    if len(template.text.partition("{")[0]) < PREVIEW or _names(template.subject):
        raise MessageTextError(f"{template.code}: a param stands in the subject or the preview")
    for part in (template.text, template.sms):
        if _names(part) - set(template.params):
            raise MessageTextError(f"{template.code}: a param that is not one of its params")
    for part in (template.subject, template.text, template.sms):
        if asks_for(Formatter().vformat(part, (), _Anything())):
            raise MessageTextError(f"{template.code}: a text names a matter")


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


class _Anything(dict[str, str]):
    """A value for any param."""

    def __missing__(self, name: str) -> str:
        return "-"


def check_params(template: MessageTemplate, params: Mapping[str, str]) -> None:
    """Raises ValueError for a param that does not fit; it names the param, never what it held."""
    if set(params) != set(template.params):
        raise ValueError(f"{template.code} takes the params {sorted(template.params)}")
    for name, kind in template.params.items():
        if not _SHAPES[kind].fullmatch(params[name]):
            raise ValueError(f"{template.code}: {name} is not of the kind {kind.value}")


def words_of(
    template: MessageTemplate, params: Mapping[str, str], *, language: str, public_url: str
) -> Words:
    """The message as it is read; `public_url` is where this service is found, without a slash."""
    facts = {
        name: _fact(template.params[name], value, language, public_url)
        for name, value in params.items()
    }
    return Words(
        template.subject, template.text.format_map(facts) + "\n", template.sms.format_map(facts)
    )


def _fact(kind: ParamKind, value: str, language: str, public_url: str) -> str:
    if kind is ParamKind.ADDRESS:
        return public_url + value
    if kind is ParamKind.DAY:
        return load_wording(language).day(date.fromisoformat(value))
    return value
