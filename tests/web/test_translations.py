"""Every word of the pages stands in Dutch and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from flask.testing import FlaskClient

from matcher.web.translations import catalogues

CATALOGUES = [
    pytest.param(language, source, id=f"{language}/{source.name}")
    for language in catalogues.languages()
    for source in catalogues.sources(language)
]


def _strings(message: Message) -> list[str]:
    string = message.string
    return [string] if isinstance(string, str) else list(string)


def test_every_word_in_code_and_templates_stands_in_a_catalogue() -> None:
    for language in catalogues.languages():
        known = {
            message.id
            for source in catalogues.sources(language)
            for message in catalogues.read(source, language)
        }
        wanted = {
            message.id for part in catalogues.extract().values() for message in part if message.id
        }
        missing = sorted(str(message) for message in wanted - known)
        assert missing == [], "run: python -m matcher.web.translations extract"


@pytest.mark.parametrize(("language", "source"), CATALOGUES)
def test_every_entry_is_translated_and_keeps_its_facts(language: str, source: Path) -> None:
    wrong = []
    for message in catalogues.read(source, language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        for text in _strings(message):
            facts = sorted(set(re.findall(r"%\((\w+)\)s", text)))
            expected = sorted({name for each in ids for name in re.findall(r"%\((\w+)\)s", each)})
            if not text or (facts != expected and not _singular_without_number(facts, expected)):
                wrong.append(ids[0])
    assert wrong == []


def _singular_without_number(facts: list[str], expected: list[str]) -> bool:
    return facts == [name for name in expected if name != "num"]


@pytest.mark.parametrize(("language", "source"), CATALOGUES)
def test_no_entry_is_left_over_from_an_earlier_version(language: str, source: Path) -> None:
    wanted = catalogues.extract()[source.stem]
    kept = {message.id for message in catalogues.read(source, language) if message.id}
    assert kept <= {message.id for message in wanted}


def test_a_missing_or_older_compiled_catalogue_is_made_at_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "messages.po"
    source.write_text('msgid "Ja"\nmsgstr "Yes"\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    catalogues.ensure_catalogues()
    compiled = folder / "messages.mo"
    assert b"Yes" in compiled.read_bytes()
    source.write_text('msgid "Ja"\nmsgstr "Indeed"\n', encoding="utf-8")
    later = compiled.stat().st_mtime + 5
    import os

    os.utime(source, (later, later))
    catalogues.ensure_catalogues()
    assert b"Indeed" in compiled.read_bytes()


def test_a_page_in_english_is_english_throughout(client: FlaskClient) -> None:
    client.get("/taal/en")
    text = client.get("/bel-mij").text
    assert "<h1>Need someone?</h1>" in text
    for dutch in ("Vijf vragen", "Uw naam", "Wat voor werk", "Deze week", "Straten", "Bel mij"):
        assert dutch not in text
