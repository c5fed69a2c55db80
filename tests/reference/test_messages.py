"""Texts of messages: neutral by construction, whatever somebody writes into the files."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from matcher.reference.messages import (
    PREVIEW,
    SMS_MAXIMUM,
    MessageTemplate,
    MessageTextError,
    ParamKind,
    check_params,
    load_messages,
    messages_from,
    words_of,
)
from matcher.reference.outbox import load_sending_rules
from matcher.reference.texts import LANGUAGES

TEMPLATES = [
    (language, code) for language in LANGUAGES for code in load_messages(language).templates
]
EXAMPLES = {
    ParamKind.ADDRESS: "/binnen/" + "a" * 43,
    ParamKind.CODE: "123456",
    ParamKind.DAY: "2027-03-09",
}
MATTERS = re.compile(
    r"werk|baan|vacature|plek|bedrijf|werkgever|kennismak|voorstel|advies|coach|gemeente|uitkering"
    r"|schuld|geld|gezond|ziek|hulp|traject|score|risico|afstand|doelgroep|motivatie"
    r"|belastbaarheid|interventie"
    r"|\bjob|vacancy|company|employer|introduc|advice|municipal|benefit|debt|money|health|\bill\b|help",
    re.IGNORECASE,
)
"""What nobody who looks over a shoulder may read; `werkt` and `works` are about the link."""
ABOUT_THE_LINK = re.compile(
    r"(link|het|it|hij) (werkt|works)|(werkt|works) (één|once)", re.IGNORECASE
)


def example_of(language: str, code: str) -> Any:
    template = load_messages(language).templates[code]
    params = {name: EXAMPLES[kind] for name, kind in template.params.items()}
    return words_of(template, params, language=language, public_url="https://voorbeeld.example")


@pytest.mark.parametrize(("language", "code"), TEMPLATES)
def test_a_message_names_no_matter_and_its_preview_holds_nothing_of_its_own(
    language: str, code: str
) -> None:
    template = load_messages(language).templates[code]
    words = example_of(language, code)
    assert words.subject == template.subject
    assert words.text[:PREVIEW] == template.text[:PREVIEW]
    for text in (words.subject, words.text, words.sms):
        assert not MATTERS.search(ABOUT_THE_LINK.sub("", text)), text


@pytest.mark.parametrize("code", load_messages("nl").templates)
def test_every_language_has_the_same_messages_with_the_same_params(code: str) -> None:
    found = {tuple(load_messages(each).templates[code].params.items()) for each in LANGUAGES}
    assert len(found) == 1
    assert len({len(load_messages(each).templates) for each in LANGUAGES}) == 1


def test_a_message_says_where_to_go_and_until_when() -> None:
    words = example_of("nl", "candidate_link")
    assert "https://voorbeeld.example/binnen/aaa" in words.text
    assert "9 maart 2027" in words.text
    assert "9 March 2027" in example_of("en", "candidate_link").text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_param_can_carry_a_sentence(text: str) -> None:
    link = load_messages("nl").templates["something_ready"]
    code = load_messages("nl").templates["candidate_code"]
    assert _accepts(link, "link", text) == bool(
        re.fullmatch(r"/([\w-]+(/[\w-]+)*)?", text, re.ASCII)
    )
    assert not _accepts(code, "code", text) or re.fullmatch(r"[0-9A-Z]*[0-9][0-9A-Z]*", text)


def _accepts(template: MessageTemplate, name: str, text: str) -> bool:
    try:
        check_params(template, {name: text})
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"link": "/a", "name": "/b"},
        {"link": "https://elsewhere.example/a"},
        {"link": "//elsewhere.example"},
        {"link": "/a?naam=b"},
        {"link": "/a\nBcc: x@y.example"},
    ],
)
def test_a_message_takes_only_its_own_params_and_only_pages_of_this_service(
    params: dict[str, str],
) -> None:
    with pytest.raises(ValueError, match="something_ready"):
        check_params(load_messages("nl").templates["something_ready"], params)


GOOD: dict[str, Any] = {
    "params": {"link": "address"},
    "subject": "Er staat iets klaar",
    "text": "x" * PREVIEW + " {link}",
    "sms": "{link}",
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"subject": "Voor {link}"}, "preview"),
        ({"subject": ""}, "subject"),
        ({"text": "Beste {link}" + "x" * PREVIEW}, "preview"),
        ({"text": "x" * PREVIEW + " {name}"}, "params"),
        ({"sms": "{name}"}, "params"),
        ({"sms": "x" * (SMS_MAXIMUM + 1)}, "sms"),
        ({"text": "x" * PREVIEW + " over uw uitkering"}, "matter"),
        ({"sms": "uw schulden"}, "matter"),
        ({"params": {"name": "text"}}, "text"),
    ],
)
def test_a_text_that_breaks_a_rule_is_refused(
    tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    head = {"language": "nl", "version": "1", "valid_from": date(2026, 1, 1), "source": "a test"}
    path = tmp_path / "nl.yaml"
    path.write_text(yaml.safe_dump({**head, "templates": {"a": GOOD}}), encoding="utf-8")
    assert messages_from(path).templates["a"].subject == GOOD["subject"]
    path.write_text(yaml.safe_dump({**head, "templates": {"a": {**GOOD, **change}}}), "utf-8")
    with pytest.raises(ValueError, match=why) as refused:
        messages_from(path)
    assert isinstance(refused.value, MessageTextError) or "ParamKind" in str(refused.value)


def test_pauses_grow_and_the_last_one_is_repeated() -> None:
    rules = load_sending_rules(date(2027, 1, 4))
    waits = [rules.pause_after(attempts) for attempts in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[-1] == rules.pauses[-1]
    assert rules.give_up_after.days >= 4
    with pytest.raises(ValueError, match="sending"):
        load_sending_rules(date(2025, 1, 1))
