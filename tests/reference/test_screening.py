"""What a text about a place may not ask, and what it may well say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reference.codes import load_codes
from matcher.reference.screening import asks_for


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Jonge kerel gezocht", ["age", "gender"]),
        ("Max 30 jaar", ["age"]),
        ("maximaal 27 jaar, kan aanpakken", ["age"]),
        ("JUNIOR stratenmaker", ["age"]),
        ("Ouder dan 18", ["age"]),
        ("Handige man voor de werf", ["gender"]),
        ("Vrouwelijke schoonmaker", ["gender"]),
        ("Nederlandse afkomst", ["origin"]),
        ("Geen buitenlanders", ["origin"]),
        ("Moet gezond zijn", ["health"]),
        ("geen rugklachten", ["health"]),
        ("Wajonger voor het magazijn", ["benefit"]),
        ("iemand uit de P-wet", ["benefit"]),
        ("kandidaat zonder schulden", ["money"]),
        ("Stuur een cv met foto", ["person"]),
        ("jónge hulp", ["age"]),
    ],
)
def test_a_text_that_asks_for_a_person_is_recognised(text: str, subjects: list[str]) -> None:
    assert [code.code for code in asks_for(text)] == subjects


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Leerling stratenmaker",
        "Verkeersregelaar m/v",
        "2 man nodig voor grondwerk",
        "Contract van maximaal 2 jaar",
        "Hulp bij snelheidsbeperkende maatregelen",
        "Schoonmaker op de Herenstraat 30",
        "Grondwerker met VCA, 36 uur, start 4 januari 2027",
        "Onderhoud van het jongerencentrum buiten",
        "Bijrijder met rijbewijs B",
        "Timmerwerk aan sluis en brug",
        "Keukenhulp in de ouderenzorg",
        "Klussen in de verslavingszorg",
    ],
)
def test_a_text_that_describes_the_work_passes(text: str) -> None:
    assert asks_for(text) == ()


def test_every_subject_has_words_and_can_be_found() -> None:
    for code in load_codes().list("not_to_ask").codes.values():
        word = code.attributes["words"][0].rstrip("*")
        assert code.code in [found.code for found in asks_for(f"iets {word} iets")]


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    asks_for(text)
