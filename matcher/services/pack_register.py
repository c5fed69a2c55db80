"""The first half of the accountability pack: what is kept, why, how long, and who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from matcher.models.base import Base, DataClass, Purpose
from matcher.reference.accountability import load_accountability
from matcher.reference.codes import load_codes
from matcher.reference.retention import Ending, RetentionRule
from matcher.services.documents import Document, Facts, Grid, Note, Part, Points, Text
from matcher.services.register import HeldField, held_fields, readers, rules_by_class
from matcher.services.retention import rules_of

TO_CONFIRM = "Te bevestigen door de functionaris gegevensbescherming (FG) voor gebruik."
YES, NO = "ja", "nee"
_ENDINGS = {
    Ending.ERASE: "wissen",
    Ending.COUNT_AND_ERASE: "tellen en wissen",
    Ending.EMPTY: "leegmaken",
    Ending.WITH_THE_FILE: "wissen met het dossier",
    Ending.KEEP: "blijft",
}


def processing(on: date) -> Document:
    purposes = load_accountability()["purposes"]["purposes"]
    classes = load_accountability()["controllers"]["classes"]
    rules = rules_by_class(on)
    fields = held_fields()
    parts = []
    for purpose in Purpose:
        held = [field for field in fields if field.purpose is purpose]
        about = purposes[purpose]
        kept = sorted({rules[field.retention][0].title for field in held})
        facts = [
            ("Grondslag", about["basis"]),
            ("Bijzondere gegevens", about["special"]),
            ("Bewaard als", "; ".join(kept) or "niets"),
            ("Ontvangers", _recipients(held)),
        ]
        if about["to_confirm"]:
            facts.append(("Nog open", TO_CONFIRM))
        rows = [
            (
                f"`{table}`",
                ", ".join(sorted({field.name for field in of_class})),
                classes[data_class]["nl"],
                YES if all(field.is_sealed for field in of_class) else NO,
                "; ".join(sorted({_term(rules, field) for field in of_class})),
            )
            for (table, data_class), of_class in _grouped(held).items()
        ]
        heads = ("Tabel", "Gegevens", "Soort", "Versleuteld", "Bewaartermijn")
        parts.append(Part(about["nl"], (Facts(facts), Grid(heads, rows))))
    return Document(
        "verwerkingsregister",
        "Register van verwerkingen",
        "Welke gegevens er staan, waarom, op welke grond, hoe lang en wie ze ziet "
        "(AVG artikel 30).",
        parts,
    )


def _grouped(held: Sequence[HeldField]) -> dict[tuple[str, DataClass], list[HeldField]]:
    found: dict[tuple[str, DataClass], list[HeldField]] = {}
    for field in held:
        found.setdefault((field.table, field.data_class), []).append(field)
    return found


def _term(rules: Mapping[str, Sequence[RetentionRule]], held: HeldField) -> str:
    """The longest that a field stays: by the rules of its table, else by all of its class."""
    of_class = rules[held.retention]
    of_table = rules_of(Base.metadata.tables[held.table], of_class) or of_class
    days = [rule.days for rule in of_table if rule.days is not None]
    return f"{of_class[0].title}: {max(days)} dagen" if days else f"{of_class[0].title}: blijft"


def _recipients(held: Sequence[HeldField]) -> str:
    lines = load_accountability()["controllers"]["rights"]
    tables = {field.table for field in held}
    names = {field.name for field in held}
    found = [
        lines[right]["nl"]
        for right, kinds in readers().items()
        if any(kind in tables and names & seen for kind, seen in kinds.items())
    ]
    return ", ".join(sorted(found)) or "niemand; alleen het programma zelf"


def questions() -> Document:
    content = load_accountability()["questions"]
    asked = {
        "card_work": "kaart Werk en wensen",
        "card_time": "kaart Tijd en reizen",
        "card_can": "kaart Wat kan ik",
        "card_language": "kaart Taal en papieren",
        "card_support": "kaart Steun",
        "quick_start": "snelle start",
        "own_page": "eigen pagina",
        "file": "bestand",
        "staff": "handeling van een medewerker",
    }
    classes = load_accountability()["controllers"]["classes"]
    held = {
        field.name: field
        for field in held_fields()
        if field.table in ("candidate_audit", "candidate")
    }
    rows = [
        (
            entry["nl"],
            ", ".join(asked[place] for place in entry["asked"]),
            f"`{name}`",
            classes[held[name].data_class]["nl"].partition(" (")[0],
            ", ".join(entry["used_for"] and [_use(content, use) for use in entry["used_for"]]),
        )
        for name, entry in content["fields"].items()
    ]
    never = load_codes().list("never_asked_terms")
    kinds = [code.nl for code in never.codes.values() if code.attributes["words"]]
    return Document(
        "vragen",
        "Van vraag naar gebruik",
        "Wat er van een kandidaat wordt gevraagd of genoteerd, waar het staat en waarvoor het "
        "dient. Een gegeven zonder gebruik komt er niet in.",
        (
            Grid(("Wat", "Waar gevraagd", "Veld", "Soort", "Waarvoor"), rows),
            Part(
                "Wat nooit wordt gevraagd",
                (
                    Text(
                        "Hiervoor is geen vraag, geen veld en geen code. Staat het in een tekst, "
                        "dan vraagt het programma het anders te schrijven. Een burgerservicenummer "
                        "en een rekeningnummer kunnen nooit worden bewaard."
                    ),
                    Points(kinds),
                    Text(f"Bron: {never.source}"),
                ),
            ),
        ),
    )


def _use(content: Mapping[str, Any], use: str) -> str:
    words: str = content["uses"][use]
    return words.partition(",")[0].partition(";")[0].lower()


def retention(on: date) -> Document:
    rows = [
        (
            rule.title,
            "blijft" if rule.days is None else f"{rule.days} dagen",
            rule.counted_from,
            _ENDINGS[rule.ending],
            YES if rule.to_confirm else NO,
        )
        for rules in rules_by_class(on).values()
        for rule in rules
    ]
    return Document(
        "bewaartermijnen",
        "Bewaartermijnen",
        "Hoe lang elke soort blijft en wat er dan gebeurt. Niets blijft onder een pseudoniem: dat "
        "zijn nog steeds persoonsgegevens.",
        (
            Grid(("Wat", "Hoe lang", "Geteld vanaf", "Daarna", "Nog bevestigen"), rows),
            Text(
                "`matcher retention run` voert dit elke nacht uit. Wie wordt gewist, komt niet "
                "terug uit een bestand of een oudere back-up: een merkteken zonder naam houdt dat "
                "tegen."
            ),
        ),
    )


def controllers() -> Document:
    content = load_accountability()["controllers"]
    seen = readers()
    rights = [
        (
            line["nl"],
            line["party"],
            line["role"],
            line["agreement"],
            line["may_see"],
            str(sum(map(len, seen.get(right, {}).values()))),
        )
        for right, line in content["rights"].items()
    ]
    classes = [
        (line["nl"], line["controller"], line["processor"], line["protection"])
        for line in content["classes"].values()
    ]
    elsewhere = [
        (line["nl"], line["gets"], line["processor"], line["protection"])
        for line in content["elsewhere"].values()
    ]
    return Document(
        "verantwoordelijken",
        "Wie verantwoordelijk is",
        "Per recht en per soort gegevens: wie verantwoordelijk is, wie verwerkt en welke "
        "overeenkomst daarbij hoort (AVG artikelen 24, 26 en 28).",
        (
            Note(TO_CONFIRM),
            Part(
                "Per recht",
                (Grid(("Recht", "Partij", "Rol", "Overeenkomst", "Mag zien", "Velden"), rights),),
            ),
            Part(
                "Per soort gegevens",
                (Grid(("Soort", "Verantwoordelijk", "Verwerker", "Bescherming"), classes),),
            ),
            Part(
                "Buiten de dienst",
                (Grid(("Waar", "Wat het krijgt", "Verwerker", "Bescherming"), elsewhere),),
            ),
        ),
    )
