"""The columns of a candidates file (contract.md section 2)."""

from __future__ import annotations

from typing import Final

from matcher.domain.vocabulary import WANTS_START
from matcher.files.columns import (
    EDUCATION_LEVELS,
    EDUCATION_UNKNOWN,
    Column,
    Kind,
    abilities,
    by_name,
    level,
)

CANDIDATE_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "reference",
        Kind.TEXT,
        "Your own key of the candidate, unique in the file; never a name or a BSN",
        "Uw eigen kenmerk van de kandidaat, uniek in het bestand; nooit een naam of BSN",
        "K-0001",
        required=True,
        maximum=200,
    ),
    Column(
        "region",
        Kind.CODE,
        "Labour-market region, which decides the rule set",
        "Arbeidsmarktregio, die bepaalt welke regels gelden",
        "drechtsteden",
        required=True,
        codes=("regions",),
    ),
    Column(
        "pc4",
        Kind.WHOLE,
        "Four digits of the postcode from where the candidate travels",
        "Vier cijfers van de postcode waar de kandidaat vandaan reist",
        "3311",
        unit="postcode",
        minimum=1000,
        maximum=9999,
    ),
    Column(
        "travel_max_minutes",
        Kind.WHOLE,
        "Longest travel time one way, door to door",
        "Langste reistijd enkele reis, van deur tot deur",
        "45",
        unit="minutes",
        maximum=180,
    ),
    Column(
        "travel_modes",
        Kind.CODES,
        "Ways to travel that the candidate can use",
        "Manieren van reizen die de kandidaat kan gebruiken",
        "bike|public_transport",
        codes=("travel_modes",),
    ),
    Column(
        "licences",
        Kind.CODES,
        "Driving licences shown; one that is not listed is not held",
        "Getoonde rijbewijzen; wat er niet staat, is er niet",
        "AM|B",
        codes=("licences",),
        empty=frozenset(),
    ),
    Column(
        "sectors",
        Kind.ORDERED_CODES,
        "Sectors wanted, most wanted first (SBI 2008 section or division); empty is no preference",
        "Gewenste sectoren, liefste eerst (SBI 2008, sectie of afdeling); leeg is geen voorkeur",
        "F42|N81",
        codes=("sectors",),
        empty=(),
    ),
    Column(
        "sectors_never",
        Kind.CODES,
        "Sectors in which the candidate does not want to work",
        "Sectoren waarin de kandidaat niet wil werken",
        "H49",
        codes=("sectors",),
        empty=frozenset(),
    ),
    Column(
        "wants_start",
        Kind.WORD,
        "When the candidate wants to start; only the candidate sets it, and it scores nothing",
        "Wanneer de kandidaat wil beginnen; alleen de kandidaat vult het in, het telt nergens mee",
        "soon",
        words=WANTS_START,
    ),
    Column(
        "adult",
        Kind.BOOLEAN,
        "Whether the candidate is 18 or older",
        "Of de kandidaat 18 jaar of ouder is",
        "yes",
    ),
    Column(
        "paused_until",
        Kind.DATE,
        "Until this day the candidate is not matched, planned or proposed; no reason is kept",
        "Tot deze dag geen plaatsen, plannen of voorstellen; een reden wordt niet bewaard",
        "2027-03-01",
    ),
    Column(
        "current_hours",
        Kind.NUMBER,
        "Hours a week of work, training or agreed activity now",
        "Uren per week aan werk, opleiding of afgesproken activiteit nu",
        "8",
        unit="hours a week",
        maximum=40,
    ),
    Column(
        "hours_min",
        Kind.NUMBER,
        "Fewest hours a week that the candidate wants to work",
        "Minste uren per week die de kandidaat wil werken",
        "20",
        unit="hours a week",
        minimum=1,
        maximum=40,
    ),
    Column(
        "hours_max",
        Kind.NUMBER,
        "Most hours a week that the candidate can work",
        "Meeste uren per week die de kandidaat kan werken",
        "32",
        unit="hours a week",
        minimum=1,
        maximum=40,
    ),
    Column(
        "blocked",
        Kind.CODES,
        "Parts of the week in which the candidate cannot work",
        "Dagdelen waarop de kandidaat niet kan werken",
        "wed_afternoon|sat_morning",
        codes=("windows",),
        empty=frozenset(),
    ),
    Column(
        "start_from",
        Kind.DATE,
        "First day on which the candidate can start",
        "Eerste dag waarop de kandidaat kan beginnen",
        "2027-02-01",
    ),
    level(
        "rhythm",
        "Came as agreed in the last 4 weeks: 0 under 25 %, 1 to 50, 2 to 75, 3 to 90, 4 over 90 %",
        "Kwam zoals afgesproken, laatste 4 weken: 0 onder 25 %, 1 tot 50, 2 tot 75, 3 tot 90, "
        "4 boven 90 %",
    ),
    level(
        "work_skills",
        "Learning on the job, by acts seen: asks when stuck, does it again after correction, "
        "finishes",
        "Leren op het werk, zoals gezien: vraagt om uitleg, doet het na uitleg opnieuw, maakt het "
        "af",
        "2",
    ),
    level(
        "money",
        "Calm about money: 4 no worries, 3 arrangement runs, 2 help started, 1 no help yet, 0 "
        "income at risk; at most 6 of 100 points, changes no place and no date",
        "Rust over geld: 4 geen zorgen, 3 regeling loopt, 2 hulp begonnen, 1 nog geen hulp, 0 "
        "inkomen in gevaar; hooguit 6 van de 100 punten, verandert geen plek en geen datum",
    ),
    level(
        "language_speak",
        "Work Dutch, speaking: 0 below A1, 1 A1, 2 A2, 3 B1, 4 above B1",
        "Nederlands op het werk, spreken: 0 onder A1, 1 A1, 2 A2, 3 B1, 4 boven B1",
        "2",
    ),
    level(
        "language_read",
        "Work Dutch, reading: 0 below A1, 1 A1, 2 A2, 3 B1, 4 above B1",
        "Nederlands op het werk, lezen: 0 onder A1, 1 A1, 2 A2, 3 B1, 4 boven B1",
        "2",
    ),
    level(
        "home_base",
        "Home arranged for the hours of work: 0 nothing yet to 4 all arranged; for support only",
        "Thuis geregeld voor de werkuren: 0 nog niets tot 4 alles geregeld; alleen voor steun",
    ),
    level(
        "digital",
        "Using a phone or computer: 0 needs help, 1 messages, 2 forms and apps alone",
        "Telefoon of computer: 0 heeft hulp nodig, 1 berichten, 2 zelf formulieren en apps",
        "1",
    ),
    *abilities(),
    Column(
        "credentials",
        Kind.CODES,
        "Certificates and diplomas shown; one that is not listed is not held",
        "Getoonde certificaten en diploma's; wat er niet staat, is er niet",
        "vca_basic|forklift",
        codes=("credentials",),
        empty=frozenset(),
    ),
    Column(
        "education",
        Kind.WHOLE,
        "Level of education, VUM 1 to 6; 0 and 7 are read as unknown",
        "Werk- en denkniveau, VUM 1 tot en met 6; 0 en 7 gelden als onbekend",
        "3",
        unit="VUM level",
        minimum=EDUCATION_LEVELS[0],
        maximum=EDUCATION_LEVELS[1],
        unknown=EDUCATION_UNKNOWN,
    ),
    Column(
        "occupations",
        Kind.OCCUPATIONS,
        "Occupations worked in, as ISCO-08 codes with the years after a colon",
        "Beroepen waarin is gewerkt, als ISCO-08-codes met de jaren na een dubbele punt",
        "8342:3|9312",
        unit="years",
        maximum=60,
        empty=(),
    ),
    Column(
        "guidance_need",
        Kind.NUMBER,
        "Hours a week of guidance at work that the candidate needs",
        "Uren per week begeleiding op het werk die de kandidaat nodig heeft",
        "3",
        unit="hours a week",
        maximum=40,
    ),
    Column(
        "observed_on",
        Kind.DATE,
        "Day on which the levels were observed; past their shelf life they count as unknown",
        "Dag waarop de niveaus zijn gezien; na hun houdbaarheid gelden ze als onbekend",
        "2027-01-11",
    ),
    Column(
        "waiting_since",
        Kind.DATE,
        "Day since which the candidate waits for a place or programme",
        "Dag sinds wanneer de kandidaat wacht op een plek of programma",
        "2026-11-02",
    ),
)
"""What scoring may read of a candidate."""

AUDIT_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "benefit",
        Kind.TEXT,
        "Benefit; for the social return value and the group audit only, never read by scoring",
        "Uitkering; alleen voor de social-returnwaarde en de groepstoets, nooit voor de score",
        "p_wet",
        maximum=60,
    ),
    Column(
        "birth_year",
        Kind.WHOLE,
        "Year of birth; for the social return value and the group audit only",
        "Geboortejaar; alleen voor de social-returnwaarde en de groepstoets",
        "1998",
        unit="year",
        minimum=1900,
        maximum=2100,
    ),
)
"""What is split off at load, under a key of its own (practice.md 7.12)."""

CANDIDATE_FILE_COLUMNS: Final = CANDIDATE_COLUMNS + AUDIT_COLUMNS
CANDIDATE_BY_NAME: Final = by_name(CANDIDATE_FILE_COLUMNS)
