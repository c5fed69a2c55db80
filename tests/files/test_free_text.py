"""What a note may not hold is found, over a corpus and for each kind by itself."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.files.free_text import (
    LIST,
    contains_iban,
    found_in,
    never_saved,
    way_out,
)
from matcher.reference.codes import load_codes
from tests.files import notes
from tests.files.test_guards import service_numbers

NOTES: list[dict[str, str]] = json.loads(notes.TARGET.read_text(encoding="utf-8"))
HARMFUL = [note for note in NOTES if note["kind"]]
HARMLESS = [note for note in NOTES if not note["kind"]]
RECALL, FALSE_ALARMS = 0.95, 0.05
"""Product.md section 5.5, S-03."""


def kinds(text: str) -> set[str]:
    return {code.code for code in found_in(text)}


def test_the_corpus_is_what_its_script_makes_with_every_kind_in_it() -> None:
    assert notes.text_of(notes.all_notes()) == notes.TARGET.read_text(encoding="utf-8")
    assert len({note["text"] for note in HARMFUL}) == len({n["text"] for n in HARMLESS}) == 500
    assert {note["kind"] for note in HARMFUL} == set(load_codes().list(LIST).codes)


def test_every_valid_service_number_and_account_number_of_the_corpus_is_found() -> None:
    for note in HARMFUL:
        if note["kind"] in ("bsn", "iban"):
            assert note["kind"] in kinds(note["text"]), note["text"]
            assert note["kind"] in {code.code for code in never_saved(note["text"])}


def test_nearly_everything_else_that_is_never_asked_is_found() -> None:
    rest = [note for note in HARMFUL if note["kind"] not in ("bsn", "iban")]
    found = sum(note["kind"] in kinds(note["text"]) for note in rest)
    assert found / len(rest) >= RECALL


def test_notes_about_work_are_hardly_ever_held_up() -> None:
    alarms = Counter(code.code for note in HARMLESS for code in found_in(note["text"]))
    assert sum(bool(found_in(note["text"])) for note in HARMLESS) / len(HARMLESS) <= FALSE_ALARMS
    # A number of nine digits that passes the check cannot be told from a citizen's.
    assert set(alarms) <= {"bsn"}


@given(service_numbers(), st.sampled_from(["{}", "bsn {} graag", "x{}y", "({})", "nr {}, en 5"]))
def test_a_service_number_is_found_in_every_way_of_writing_it(number: str, text: str) -> None:
    for gap in ("", " ", ".", "-", "\u00a0", "\u2011"):
        written = gap.join((number[:3], number[3:6], number[6:]))
        assert "bsn" in kinds(text.format(written))


@st.composite
def ibans(draw: st.DrawFn) -> str:
    """An account number of a known country that passes modulo 97."""
    lengths = load_codes().list(LIST)["iban"].attributes["lengths"]
    country = draw(st.sampled_from(sorted(lengths)))
    alphabet = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    size = lengths[country] - 4
    body = "".join(draw(st.lists(alphabet, min_size=size, max_size=size)))
    turned = "".join(str(int(character, 36)) for character in f"{body}{country}00")
    return f"{country}{98 - int(turned) % 97:02}{body}"


@given(ibans(), st.sampled_from(["", " ", "-", "."]), st.booleans())
def test_an_account_number_is_found_in_every_way_of_writing_it(
    iban: str, gap: str, small: bool
) -> None:
    written = gap.join(iban[at : at + 4] for at in range(0, len(iban), 4))
    text = f"op {written.lower() if small else written} graag"
    assert contains_iban(text)
    assert "iban" in {code.code for code in never_saved(text)}


@given(ibans(), st.data())
def test_one_digit_changed_is_no_account_number(iban: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(2, 3))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != iban[place]]))
    assert not contains_iban(f"{iban[:place]}{other}{iban[place + 1 :]}.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("bel 06-12345678", "phone"),
        ("bel +31 6 1234 5678", "phone"),
        ("010 123 45 67", "phone"),
        ("(078) 123 45 67", "phone"),
        ("naam@example.org", "email"),
        ("naam (at) example punt nl", "email"),
        ("ＡＤＨＤ", "health"),
        ("dépressief", "health"),
        ("a\u200bdhd", "health"),
        ("Zij is zwanger.", "health"),
        ("slikt methadon", "medicine"),
        ("naar de moskee", "faith"),
        ("lid van de bond", "politics"),
        ("heeft een strafblad", "record"),
        ("schuld van 12.000 euro", "debt"),
        ("is 54 jaar oud", "identity"),
    ],
)
def test_each_kind_is_found_in_its_common_forms(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dat was niet zijn schuld",
        "ik geloof het wel",
        "werkt in de keuken van het ziekenhuis",
        "heeft de telefoon niet opgenomen",
        "spreekt Turks en Pools",
        "bel 112 of 0800-8020",
        "start 04-01-2027, project 12.500.000 euro",
        "3311 AB, 06:30 tot 15:30",
        "10 jaar ervaring",
        "NL2027-000123",
        "a@b",
    ],
)
def test_words_and_numbers_of_work_pass(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_answer_names_the_kind_and_the_way_out_and_repeats_nothing(language: str) -> None:
    for note in HARMFUL:
        said = way_out(found_in(note["text"]), language) if found_in(note["text"]) else ""
        assert not any(part in said for part in note["text"].split() if any(map(str.isdigit, part)))
    said = way_out(found_in("heeft reuma, bsn 123456782"), language)
    assert "reuma" not in said
    assert load_codes().list(LIST)["bsn"].label(language) in said
    assert said.endswith(".")


def test_every_kind_has_a_way_out_and_a_source() -> None:
    kinds_list = load_codes().list(LIST)
    assert kinds_list.source
    for code in kinds_list.codes.values():
        assert code.text("way_out", "nl")
        assert code.text("way_out", "en")
        words, phrases = code.attributes["words"], code.attributes["phrases"]
        assert len(set(words)) == len(words)
        assert bool(words or phrases) != (code.code in ("bsn", "iban", "phone", "email"))
    kept = {code.code for code in kinds_list.codes.values() if not code.attributes["keepable"]}
    assert kept == {"bsn", "iban"}
