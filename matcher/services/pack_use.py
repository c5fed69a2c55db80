"""The second half of the accountability pack: risks and impact, use, log, oversight, motivation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.models import AuditEntry
from matcher.models.base import Purpose
from matcher.reference.accountability import load_accountability
from matcher.reference.codes import load_codes
from matcher.services.documents import Document, Facts, Grid, Note, Part, Points, Text
from matcher.services.motivation import PARTS
from matcher.services.oversight import LaneFigure
from matcher.services.pack_register import NO, TO_CONFIRM, YES
from matcher.services.register import held_fields


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the advice was followed, of one region on one day."""

    region: str
    on: date
    lanes: Sequence[LaneFigure]


# --- risks and impact -----------------------------------------------------------------------------


def risks() -> Document:
    content = load_accountability()["risks"]
    parts = [
        Part(
            f"{risk['number']}. {risk['nl']}",
            (
                Facts(
                    [
                        ("Wie het raakt", risk["who"]),
                        ("Wat we doen", risk["measure"]),
                        ("Wat overblijft", risk["residual"]),
                        ("Wie erop let", risk["owner"]),
                        ("Getoond door", ", ".join(f"`{test}`" for test in risk["shown_by"])),
                        *([("Nog open", TO_CONFIRM)] if risk["to_confirm"] else []),
                    ]
                ),
            ),
        )
        for risk in content["risks"]
    ]
    intro = Text(
        f"Elke {content['review_every_months']} maanden, en bij elke verandering van regels of "
        "programma, wordt deze lijst opnieuw bekeken. Een toets die niet meer bestaat houdt het "
        "dossier tegen."
    )
    return Document(
        "risicologboek",
        "Risicologboek",
        "Zeventien dingen die mis kunnen gaan, wat eraan gedaan is en hoe dat te zien is "
        "(AI-verordening artikel 9).",
        (intro, *parts),
    )


def impact_privacy(on: date) -> Document:
    about = load_accountability()["description"]
    purposes = load_accountability()["purposes"]["purposes"]
    fields = held_fields()
    sealed = sum(field.is_sealed for field in fields)
    counts = [
        (line["nl"], str(sum(field.data_class == name for field in fields)))
        for name, line in load_accountability()["controllers"]["classes"].items()
    ]
    rows = [
        (about_purpose["nl"], about_purpose["basis"], YES if about_purpose["to_confirm"] else NO)
        for about_purpose in purposes.values()
    ]
    risks = load_accountability()["risks"]["risks"]
    return Document(
        "dpia-invoer",
        "Invoer voor de DPIA",
        "Wat een gegevensbeschermingseffectbeoordeling van dit programma moet weten (AVG artikel "
        "35). De beoordeling zelf doet de verwerkingsverantwoordelijke.",
        (
            Part("Wat het doet", (Text(about["summary"]), Points(about["accuracy"]))),
            Part("Waarvoor het niet is", (Points(about["not_for"]),)),
            Part("Waarom het nodig is", (Text(about["register"]["considerations"]),)),
            Part("Wat anders kon", (Points(about["alternatives"]),)),
            Part(
                "Welke gegevens",
                (
                    Text(
                        f"Er staan {len(fields)} velden in de database; {sealed} daarvan zijn "
                        "versleuteld."
                    ),
                    Grid(("Soort", "Aantal velden"), counts),
                ),
            ),
            Part("Op welke grond", (Grid(("Doel", "Grondslag", "Nog bevestigen"), rows),)),
            Part(
                "Wat mis kan gaan",
                (
                    Grid(
                        ("Risico", "Maatregel", "Wat overblijft"),
                        [(risk["nl"], risk["measure"], risk["residual"]) for risk in risks],
                    ),
                ),
            ),
            Part(
                "Rechten van de kandidaat",
                (Points(about["candidate_rights"]),),
            ),
            Note(f"{TO_CONFIRM} Regels die gelden op {on}."),
        ),
    )


def impact_rights() -> Document:
    about = load_accountability()["description"]
    rows = [(each["nl"], each["how"], each["rights"]) for each in about["affected"]]
    return Document(
        "grondrechten-invoer",
        "Invoer voor de toets op grondrechten",
        "Wie het programma raakt, hoe, en wat daartegenover staat (AI-verordening artikel 27).",
        (
            Part(
                "Waarvoor het wordt gebruikt",
                (Text(about["summary"]), Points([f"Niet: {each}" for each in about["not_for"]])),
            ),
            Part("Wie het raakt", (Grid(("Wie", "Hoe", "Welke rechten"), rows),)),
            Part("Wat een mens doet", (Points(about["human_control"]),)),
            Part("Als het misgaat", (Text(about["instructions"][-1]["text"]),)),
            Part("Wat nog open is", (Points(about["dates_open"]), Note(TO_CONFIRM))),
        ),
    )


# --- use ------------------------------------------------------------------------------------------


def instructions() -> Document:
    about = load_accountability()["description"]
    steps = [Part(step["title"], (Text(step["text"]),)) for step in about["instructions"]]
    return Document(
        "gebruiksaanwijzing",
        "Gebruiksaanwijzing",
        "Voor coaches, talentcentrum en service point: wat het programma kan, wat niet, en hoe u "
        "er veilig mee werkt (AI-verordening artikel 13).",
        (
            Part("Waarvoor wel en niet", (Text(about["summary"]), Points(about["not_for"]))),
            *steps,
            Part("Hoe goed het is", (Points(about["accuracy"]),)),
        ),
    )


def log_fields() -> Document:
    words = load_accountability()["description"]["log_fields"]
    rows = [(f"`{column.name}`", words[column.name]) for column in AuditEntry.__table__.columns]
    return Document(
        "logvelden",
        "Wat het logboek bijhoudt",
        "Van elk lezen, veranderen, adviseren, besluiten en uitvoeren: wie, met welk recht, "
        "waarvoor, wat en wanneer (AI-verordening artikel 12). Nooit wat erin stond.",
        (
            Grid(("Veld", "Wat"), rows),
            Text(
                "Elke regel hangt aan de vorige. Wie er een weghaalt, ook in de database zelf, "
                "wordt gevonden: `matcher audit verify` noemt de eerste plek die niet klopt."
            ),
        ),
    )


def oversight(figures: Figures | None) -> Document:
    about = Text(
        "Volgt bijna iedereen het advies, dan is het advies in feite het besluit. Daarom wordt per "
        "baan geteld hoe vaak mensen volgen, per team van vijf en meer, met een signaal vanaf 95 "
        "procent bij honderd besluiten. Een op de twintig keer kiest een mens eerst."
    )
    if figures is None:
        blocks: tuple[Any, ...] = (
            about,
            Note(
                "Dit dossier is gemaakt zonder cijfers. Met `matcher pack --figures REGIO` komen "
                "die van een regio erbij."
            ),
        )
    else:
        lanes = load_codes().list("lanes")
        rows = [
            (
                lanes[line.lane].nl,
                "minder dan 5" if line.count is None else str(line.count),
                "-" if line.percent is None else f"{line.percent} %",
                "signaal" if line.is_alarm else "",
            )
            for line in figures.lanes
        ]
        blocks = (
            about,
            Text(f"Regio {figures.region}, op {figures.on}."),
            Grid(("Baan", "Besluiten", "Gevolgd", "Let op"), rows),
        )
    return Document(
        "opvolging",
        "Hoe vaak het advies wordt gevolgd",
        "Of mensen echt wegen (AVG artikel 22; AI-verordening artikel 14).",
        blocks,
    )


def algorithm() -> Document:
    about = load_accountability()["description"]
    entry = about["register"]
    purposes = load_accountability()["purposes"]["purposes"]
    facts = [
        ("Naam", about["name"]),
        ("Categorie", entry["category"]),
        ("Effectbeoordelingen", entry["impact_tests"]),
        ("Status", entry["status"]),
        ("Thema", entry["theme"]),
        ("Begindatum", entry["begin"]),
        ("Contact", entry["contact"]),
        ("Doel en effect", about["summary"]),
        ("Afwegingen", entry["considerations"]),
        ("Menselijke tussenkomst", " ".join(about["human_control"])),
        ("Risicobeheer", "Zeventien risico's met maatregel en toets: zie het risicologboek."),
        ("Wettelijke basis", purposes[Purpose.GUIDANCE]["basis"]),
        ("Gegevens", "Zie het register van verwerkingen en de tabel van vraag naar gebruik."),
        ("Technische werking", entry["method"]),
        ("Prestaties", entry["performance"]),
    ]
    return Document(
        "algoritmeregister",
        "Tekst voor het Algoritmeregister",
        "Ingevuld volgens de koppen van de publicatiestandaard; wat tussen haakjes staat vult de "
        "gemeente in.",
        (Facts(facts), Note(TO_CONFIRM)),
    )


def motivation() -> Document:
    rows = [(title, what) for title, what in PARTS]
    return Document(
        "motivering",
        "Motivering van een besluit",
        "Bij elk besluit maakt het programma een tekst die de medewerker kan aanpassen (Awb "
        "artikel 3:46): dat er een algoritme is gebruikt, welke feiten, welke regels, hoe er is "
        "gewogen en wie besloot.",
        (Grid(("Onderdeel", "Wat er staat"), rows),),
    )
