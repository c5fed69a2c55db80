"""The columns of files of contracts and of contributions (contract.md section 2)."""

from __future__ import annotations

from typing import Final

from matcher.files.columns import Column, Kind, by_name

CENTS_MAXIMUM: Final = 2**53 - 1
"""The largest amount that every reader of JSON keeps exactly."""
WEEK_HOURS_MAXIMUM: Final = 60


def _cents(name: str, en: str, nl: str, example: str, *, required: bool = False) -> Column:
    return Column(
        name,
        Kind.WHOLE,
        en,
        nl,
        example,
        unit="cents",
        required=required,
        maximum=CENTS_MAXIMUM,
    )


def _day(name: str, en: str, nl: str, example: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, en, nl, example, required=required)


CONTRACT_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "reference",
        Kind.TEXT,
        "Your own key of the contract, unique in the file",
        "Uw eigen kenmerk van de opdracht, uniek in het bestand",
        "O-2027-01",
        required=True,
        maximum=200,
    ),
    Column(
        "contractor",
        Kind.TEXT,
        "Who carries out the contract",
        "Wie de opdracht uitvoert",
        "demo-c001",
        maximum=200,
    ),
    Column(
        "region",
        Kind.CODE,
        "Labour-market region whose rule set holds",
        "Arbeidsmarktregio waarvan de regels gelden",
        "demo",
        codes=("regions",),
    ),
    Column(
        "kind",
        Kind.CODE,
        "Kind of public contract",
        "Soort opdracht",
        "works",
        required=True,
        codes=("contract_kinds",),
    ),
    _cents(
        "value_cents",
        "Contract value without VAT",
        "Waarde van de opdracht zonder btw",
        "30000000",
        required=True,
    ),
    _cents(
        "wage_cents",
        "The wage sum in it, where the region counts with that",
        "De loonsom daarin, waar de regio daarmee rekent",
        "10500000",
    ),
    _day("tendered_on", "Day of the tender", "Dag van de aanbesteding", "2027-01-15"),
    _day("awarded_on", "Day of the award", "Dag van de gunning", "2027-02-15"),
    _day("start_on", "First day", "Eerste dag", "2027-04-01", required=True),
    _day("end_on", "Last day", "Laatste dag", "2029-03-31", required=True),
    Column(
        "pso_level",
        Kind.CODE,
        "Step on the PSO ladder",
        "Trede op de PSO-ladder",
        "none",
        codes=("pso_levels",),
    ),
    _day(
        "pso_valid_until",
        "Last day of the PSO certificate",
        "Laatste dag van het PSO-certificaat",
        "2028-06-30",
    ),
    Column(
        "pso_holder",
        Kind.WORD,
        "Who holds the certificate: the main contractor or a subcontractor",
        "Wie het certificaat heeft: de hoofdaannemer (main) of een onderaannemer (sub)",
        "main",
        words=("main", "sub"),
    ),
    Column(
        "existing_staff_fte",
        Kind.NUMBER,
        "Full-time jobs of people of the group who work there already",
        "Voltijdbanen van mensen uit de doelgroep die er al werken",
        "1.5",
        unit="full-time jobs",
        maximum=100_000,
    ),
    Column(
        "municipality",
        Kind.TEXT,
        "Municipality that tenders it, where it has values of its own in the region's rule set",
        "Gemeente die aanbesteedt, als die in de regels van de regio eigen waarden heeft",
        "",
        maximum=60,
    ),
)

CONTRIBUTION_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "reference",
        Kind.TEXT,
        "Your own key of the contribution, unique in the file",
        "Uw eigen kenmerk van de invulling, uniek in het bestand",
        "I-001",
        required=True,
        maximum=200,
    ),
    Column(
        "contract",
        Kind.TEXT,
        "The reference of the contract",
        "Het kenmerk van de opdracht",
        "O-2027-01",
        required=True,
        maximum=200,
    ),
    Column(
        "kind",
        Kind.CODE,
        "Kind of contribution",
        "Soort invulling",
        "placement",
        required=True,
        codes=("contribution_kinds",),
    ),
    Column(
        "person",
        Kind.TEXT,
        "A pseudonym, the same for all contributions of one person; never a name",
        "Een pseudoniem, hetzelfde bij elke invulling van een persoon; nooit een naam",
        "P-07",
        maximum=200,
    ),
    Column(
        "group",
        Kind.TEXT,
        "A building-block group of the rule set; read for the value only",
        "Een groep van de bouwblokken van de regio; alleen gelezen voor de waarde",
        "p_wet",
        maximum=60,
    ),
    Column(
        "age",
        Kind.WHOLE,
        "Age on the start, for a bonus only",
        "Leeftijd bij de start, alleen voor een bonus",
        "56",
        unit="years",
        maximum=120,
    ),
    Column(
        "permanent",
        Kind.BOOLEAN,
        "Whether it is a permanent contract, for a bonus only",
        "Of het een vast contract is, alleen voor een bonus",
        "no",
    ),
    _day("start_on", "First day", "Eerste dag", "2027-05-01"),
    _day("end_on", "Last day; empty goes on", "Laatste dag; leeg loopt door", "2028-04-30"),
    Column(
        "hours_week",
        Kind.NUMBER,
        "Hours a week of a placement",
        "Uren per week van een plaatsing",
        "24",
        unit="hours a week",
        maximum=WEEK_HOURS_MAXIMUM,
    ),
    Column(
        "activity_hours",
        Kind.NUMBER,
        "Hours of an activity, over everybody who took part in it",
        "Uren van een activiteit, van iedereen die meedeed samen",
        "12",
        unit="hours",
        maximum=1_000_000,
    ),
    _cents(
        "invoice_cents",
        "What was paid, without VAT",
        "Wat er betaald is, zonder btw",
        "250000",
    ),
)

CONTRACT_BY_NAME: Final = by_name(CONTRACT_COLUMNS)
CONTRIBUTION_BY_NAME: Final = by_name(CONTRIBUTION_COLUMNS)
