"""The model card and the data sheet of each learned artefact that is registered in a region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.models.states import ArtefactState, ChangeState
from matcher.repositories.artefacts import ArtefactRecord, StepRecord
from matcher.services.documents import Block, Document, Facts, Grid, Note, Part, Points, Text
from matcher.services.offered import OFFERED

_STATES = {
    ArtefactState.REGISTERED: "binnen, doet niets",
    ArtefactState.SHADOW: "rekent mee, niemand ziet het",
    ArtefactState.PROMOTED: "staat naast het advies",
    ArtefactState.RETIRED: "gestopt",
}
_METRICS = (
    ("auc", "Onderscheid (AUC)"),
    ("brier", "Afstand (Brier)"),
    ("ece", "Scheefheid (ECE)"),
    ("slope", "Helling van de kalibratie"),
)
_NEVER = (
    "Geld, thuis, uitkering, geboortejaar, woonplaats, herkomst en elke andere groep kan geen "
    "kenmerk zijn: de dienst biedt ze niet aan, en een bestand dat erom vraagt wordt geweigerd."
)
_RULES = (
    "Zij leert van een groep met een uitkomst, met alleen wat op de dag van de intake bekend was.",
    "Zij moet met marge beter zijn dan het gemiddelde en dan de regels, ook in een latere periode.",
    "Zij rekent eerst mee zonder dat iemand het ziet.",
    "Twee verschillende mensen zetten haar naast het advies; terugzetten doet een mens, meteen.",
    (
        "Alleen de coach en de teamleider zien haar, bij een mens, en de kandidaat in de eigen "
        "kopie. Zij verandert geen advies, plek of volgorde, en bedrijven zien haar nooit."
    ),
    "Elke voorspelling is bewaard met wat erin ging en geeft opnieuw dezelfde uitkomst.",
    (
        "Is het bestand niet precies het geregistreerde, komt er geen getal uit of duurt het te "
        "lang, dan gaan de regels alleen door."
    ),
)


@dataclass(frozen=True, slots=True)
class Learned:
    """What is registered in one region, each with what people did with it."""

    region: str
    artefacts: Sequence[tuple[ArtefactRecord, Sequence[StepRecord]]]


def learned(found: Learned | None) -> Document:
    """Model cards and data sheets; without a region only how a prediction may take part."""
    blocks: list[Block] = [Points(_RULES), Text(_NEVER)]
    if found is None:
        note = "Dit dossier is gemaakt zonder regio. Met `matcher pack --figures REGIO` komt erbij "
        blocks.append(Note(f"{note}wat daar is geregistreerd."))
    elif not found.artefacts:
        blocks.append(Text(f"In {found.region} is niets geregistreerd: de regels spreken alleen."))
    else:
        blocks += [part for one in found.artefacts for part in _cards(*one)]
    return Document(
        "voorspellingen",
        "Geleerde voorspellingen",
        "Modelkaart en gegevensblad van wat er is geleerd (AI-verordening artikelen 10, 11 en 15).",
        tuple(blocks),
    )


def _cards(record: ArtefactRecord, steps: Sequence[StepRecord]) -> Iterator[Part]:
    manifest = record.manifest
    details: Mapping[str, Any] = manifest.get("details", {})
    outcome = manifest.get("outcome", {})
    made_up = "Ja: alleen voor demonstratie" if record.is_synthetic else "Nee"
    card: list[Block] = [
        Facts(
            [
                ("Stand", _STATES[record.state]),
                ("Verzonnen mensen (synthetisch)", made_up),
                ("Wat zij voorspelt", str(outcome.get("name", "-"))),
                ("Hoe geleerd", str(manifest.get("learner", "-"))),
                ("Mag ordenen", "nee; zij ordent nergens in deze dienst"),
                ("Manifest (SHA-256)", record.manifest_sha256),
                ("Niet gehaald", ", ".join(details.get("failed_gates", [])) or "niets"),
                ("Wie het besloot", _who(steps)),
            ]
        ),
        Grid(("Cijfer", "Waarde", "Van", "Tot"), _metrics(details.get("metrics") or {})),
        *_groups(details.get("audit")),
    ]
    yield Part(f"Modelkaart: {record.name}", tuple(card))
    yield Part(f"Gegevensblad: {record.name}", tuple(_sheet(manifest, details)))


def _sheet(manifest: Mapping[str, Any], details: Mapping[str, Any]) -> Iterator[Block]:
    period = details.get("period")
    yield Facts(
        [
            ("Groep", str(manifest.get("cohort", "-"))),
            ("Rijen en mensen", f"{details.get('rows', '-')} en {details.get('people', '-')}"),
            ("Periode", " tot ".join(period) if period else "geen dagen bekend"),
            ("Aandeel met de uitkomst", _number(details.get("base_rate"))),
            ("Gegevens (SHA-256)", str(manifest.get("data_sha256", "-"))),
            ("Beginwaarde van het toeval", str(manifest.get("seed", "-"))),
        ]
    )
    yield Grid(
        ("Kenmerk", "Soort", "Richting", "Als het niet bekend is", "Aangeboden"),
        [
            (
                str(entry["name"]),
                str(entry["kind"]),
                {1: "nooit lager", -1: "nooit hoger"}.get(entry["monotone"], "vrij"),
                str(entry["imputation"]),
                "ja" if OFFERED.get(entry["name"]) == entry["kind"] else "nee",
            )
            for entry in manifest.get("features", ())
        ],
    )


def _who(steps: Sequence[StepRecord]) -> str:
    told = [
        f"{step.step.value}: {step.asked_by_name or 'beheerder'}"
        + (f" en {step.decided_by_name}" if step.decided_by_name else "")
        + f" op {step.created_at:%Y-%m-%d}"
        for step in reversed(steps)
        if step.state is ChangeState.CONFIRMED
    ]
    return "; ".join(told) or "nog niemand"


def _metrics(metrics: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    rows = []
    for key, name in _METRICS:
        told = metrics.get(key)
        if told is not None:
            value, low, high = (_number(told[part]) for part in ("value", "low", "high"))
            rows.append((name, value, low, high))
    return rows


def _groups(audit: Mapping[str, Any] | None) -> Iterator[Block]:
    """What the audit by group found; both figures where leaving proxies out changed them."""
    if not audit:
        yield Text("Er is geen toets op groepen gedaan: de groep had daarvoor geen kenmerken.")
        return
    rows = [
        (option, group, _number(ratio))
        for option, ratios in audit.get("false_flag_ratios", {}).items()
        for group, ratio in ratios.items()
    ]
    yield Grid(("Met welke kenmerken", "Groep", "Verhouding onterecht gemeld"), rows)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
