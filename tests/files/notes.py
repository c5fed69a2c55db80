"""Notes as a job coach could write them: 500 that say what is never asked, 500 that do not.

All invented: sentences are put together from the parts below, numbers are drawn and made valid.
``python -m tests.files.notes`` writes ``tests/data/notes.json`` anew.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

TARGET = Path(__file__).parents[1] / "data" / "notes.json"
EACH = 500

FRAMES = (
    "{}.",
    "Gesproken op maandag. {}.",
    "{}, volgende week verder.",
    "Belde vanochtend: {}.",
    "Voor de overdracht: {}. Verder rustig.",
    "{} - graag rekening mee houden.",
    "Kwam op tijd. {}. Wil 24 uur werken.",
    "Let op! {}!",
    "notitie: {}",
    "Afspraak gemaakt voor de werf. {}.",
)
SAYS: dict[str, tuple[str, ...]] = {
    "health": (
        "hij heeft al jaren reuma", "zij is depressief geweest", "heeft ADHD en vergeet afspraken",
        "zat thuis met een burn-out", "is gisteren geopereerd, nu revalidatie", "heeft een hernia",
        "loopt bij de GGZ", "is zwanger en verwacht in mei", "er is autisme vastgesteld",
        "heeft diabetes", "kreeg vorig jaar een hartinfarct", "heeft last van zijn rug",
        "zit bij de psychiater", "heeft epilepsie gehad", "is verslaafd geweest aan gokken",
        "heeft een longontsteking", "heeft astma sinds de kindertijd", "er is een diagnose gesteld",
        "heeft PTSS van vroeger", "zit in de ziektewet", "het ziekteverzuim was hoog",
        "heeft een verstandelijke beperking", "is slechthorend aan een kant",
        "hield knieklachten over aan het vorige werk", "is bekend met borderline", "is overspannen",
        "heeft dyslexie", "kampt met een angststoornis", "heeft whiplash na een ongeluk",
        "heeft paniekaanvallen in de bus", "heeft een persoonlijkheidsstoornis",
        "heeft kanker gehad",
        "gebruikt een gehoorapparaat", "moet naar het ziekenhuis voor dialyse", "drinkt te veel",
        "is afgekeurd voor zwaar werk", "hoort soms stemmen", "is in verwachting", "heeft MS",
    ),
    "medicine": (
        "slikt Ritalin", "gebruikt methadon", "is net begonnen met antidepressiva",
        "spuit insuline onder het werk", "neemt slaappillen", "staat op medicatie",
        "krijgt oxycodon tegen de pijn", "slikt lithium", "gebruikt elke dag pijnstillers",
        "gebruikt medicijnen waar hij suf van wordt", "is gestopt met sertraline",
    ),
    "faith": (
        "is moslim en wil vrijdag vrij", "gaat elke week naar de moskee", "doet mee aan de ramadan",
        "draagt een hoofddoek", "is streng gelovig", "wil een gebedsruimte", "is christen",
        "gaat op zondag naar de kerk", "is katholiek opgevoed", "werkt niet vanwege het geloof",
    ),
    "origin": (
        "is van Turkse afkomst", "is statushouder sinds 2019", "komt oorspronkelijk uit Eritrea",
        "heeft de Poolse nationaliteit", "is een vluchteling", "geboren in Suriname",
        "is Marokkaan", "heeft een verblijfsvergunning tot mei", "woonde in een azc",
        "gevlucht uit Syrie", "heeft een migratieachtergrond", "Antilliaanse achtergrond",
    ),
    "intimate": (
        "is homo en daar gepest om", "is transgender", "is uit de kast gekomen", "is lesbisch",
        "vertelde over zijn geaardheid", "is biseksueel",
    ),
    "politics": (
        "is lid van de FNV", "is kaderlid van de vakbond", "is politiek actief",
        "is bondslid en wil staken", "stemt op de PVV", "lid van een politieke partij",
    ),
    "record": (
        "heeft een strafblad", "zat twee jaar in de gevangenis", "heeft een taakstraf gekregen",
        "draagt een enkelband", "heeft vastgezeten voor diefstal", "is veroordeeld in 2020",
        "de reclassering belde", "is in aanraking met justitie geweest", "komt uit detentie",
        "er loopt een strafzaak", "kwam met politie in aanraking",
    ),
    "debt": (
        "heeft een schuld van 12.000 euro", "er ligt loonbeslag", "de deurwaarder is geweest",
        "zit in de schuldsanering", "heeft huurachterstand", "staat onder bewind",
        "heeft schulden bij de belastingdienst", "krijgt leefgeld van 60 euro", "zit in de WSNP",
        "staat rood en krijgt aanmaningen", "heeft een betalingsregeling met de zorgverzekering",
        "drie schuldeisers, samen 8.450 euro", "gaat naar de voedselbank",
        "incassobureau belt steeds",
    ),
    "family": (
        "is een alleenstaande moeder", "ligt in scheiding", "heeft drie kinderen",
        "is gescheiden en betaalt alimentatie", "is weduwe", "net getrouwd",
        "woont samen met een vriend",
        "uithuisplaatsing van de jongste speelt", "er is huiselijk geweld geweest",
        "woont bij zijn ouders",
    ),
    "identity": (
        "geboren op 12 maart 1985", "is 54 jaar oud", "zijn geboortedatum is 3-4-1990",
        "woont op de Havenkade 12", "paspoortnummer staat in de map", "adres is Dorpsweg 4",
    ),
}  # fmt: skip
HARMLESS = (
    "Kwam op 5 van de 10 dagen", "Wil graag in de wegenbouw werken", "Start op {date}",
    "Ordernummer {order} is besteld", "Werkschoenen maat {size} doorgegeven",
    "Uurloon {wage} euro volgens de cao", "Contract van {months} maanden, {hours} uur",
    "Postcode {pc4} {letters}, met de fiets in {minutes} minuten", "Depot opent om {time}",
    "Afspraak op {date} om {time} bij het depot", "Bus rijdt pas na {time}",
    "Kan tot {kilo} kilo tillen en vier uur staan", "Buiten werken gaat goed",
    "Vraagt om uitleg als iets niet lukt", "Dat was niet zijn schuld, de bus viel uit",
    "Ik geloof dat de werf dichtbij is", "Heeft VCA gehaald op {date}", "VCA-certificaat {order}",
    "Rijbewijs B, wil C halen", "Werkte eerder in het ziekenhuis in de keuken",
    "Ervaring als stratenmaker, {years} jaar", "Spreekt Nederlands en Pools op het werk",
    "Leest een waarschuwingsbord zonder hulp", "Wil niet in de nacht werken",
    "Woensdag kan niet, andere dagen wel", "Werkt nu {hours} uur, wil naar {hours2} uur",
    "De kraan van {order} kilo is verplaatst", "Project {project}, fase 2, {amount} euro",
    "Bestek {project} loopt tot {date}", "Factuur {order} van de werkkleding is binnen",
    "Contact via het servicenummer 0800-{short}", "Meldkamer is 112, post 14 0{city}",
    "Heeft de telefoon niet opgenomen, morgen weer", "Let op afval gescheiden inzamelen",
    "Bodemsanering aan de kade begint op {date}", "Beslag en scharnieren monteren lukt",
    "Werkt in de groenploeg, {people} mensen", "Leert straten leggen bij de ploeg",
    "Voor dit werk is een VOG nodig, uitgelegd", "Spreekt duidelijk, begrijpt korte zinnen",
    "Krijgt een taalmaatje op de werf", "Proefplaatsing van {weeks} weken afgesproken",
    "Wil stap voor stap opbouwen: {hours} en dan {hours2} uur", "Heeft een e-bike nodig",
    "Lithium accu van de fiets is leeg, leenaccu geregeld", "Vrijwilliger bij het buurthuis",
    "Volgt de cursus {weeks} weken, {hours} uur", "Kilometerstand {order2}, bus {plate}",
    "Container {order2} staat op de werf", "Nummer van de kast is {size}{letters}",
    "Kan goed met klanten omgaan", "Houdt van werken met de handen", "Wil een vaste begeleider",
    "Kinderopvang in de ochtend is geregeld", "Kan vanaf {time} want brengt eerst weg",
    "Gesprek met de uitvoerder ging goed", "De bond voor fietsers gaf een cursus",
    "Zoekt werk in de schoonmaak of het groen", "Schoonmaak van het medisch centrum, {hours} uur",
    "Bestelling {project}-{order} geleverd op {date}", "Hal {size}, rij {people}, vak {order2}",
    "Heeft eigen gereedschap", "Wil meelopen bij twee bedrijven", "Contract loopt tot {date}",
    "Ploeg van {people} man, start {time}", "Perceel {pc4}/{short} is klaar",
    "Loonstrook van week {weeks}",
)  # fmt: skip
TAILS = ("", ".", " Verder geen bijzonderheden.", " Volgende week opnieuw.", " Akkoord.", "!")


def service_number(draw: random.Random) -> str:
    """Nine digits that pass the 11-check."""
    while True:
        eight = [draw.randrange(1, 10), *(draw.randrange(10) for _ in range(7))]
        check = sum(d * w for d, w in zip(eight, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*eight, check]))


def account_number(draw: random.Random) -> str:
    """An IBAN that passes modulo 97."""
    country, bank, digits = draw.choice(
        [("NL", "INGB", 10), ("NL", "ABNA", 10), ("NL", "RABO", 10), ("DE", "", 18), ("BE", "", 12)]
    )
    body = bank + "".join(str(draw.randrange(10)) for _ in range(digits))
    turned = "".join(str(int(character, 36)) for character in f"{body}{country}00")
    return f"{country}{98 - int(turned) % 97:02}{body}"


def _spread(number: str, draw: random.Random) -> str:
    if draw.random() < 0.4:
        return number
    gap = draw.choice([" ", ".", "-"])
    size = draw.choice([3, 4])
    return gap.join(number[at : at + size] for at in range(0, len(number), size))


def _phone(draw: random.Random) -> str:
    eight = "".join(str(draw.randrange(10)) for _ in range(8))
    return draw.choice(
        [
            f"06{eight}", f"06-{eight}", f"06 {eight[:2]} {eight[2:4]} {eight[4:6]} {eight[6:]}",
            f"+316{eight}", f"+31 6 {eight[:4]} {eight[4:]}", f"078-{eight[:7]}",
            f"078 {eight[:3]} {eight[3:7]}",
            f"0031 6 {eight}", f"(010) {eight[:3]} {eight[3:5]} {eight[5:7]}",
        ]
    )  # fmt: skip


def _email(draw: random.Random) -> str:
    name = draw.choice(["j.werker", "info", "coach_3", "planning-west", "klus+een", "k"])
    place = draw.choice(["example.org", "post.example.nl", "werf-een.example.com"])
    return f"{name}{draw.randrange(100)}@{place}"


NUMBERS: dict[str, tuple[int, Callable[[random.Random], str], tuple[str, ...]]] = {
    "bsn": (
        90,
        lambda draw: _spread(service_number(draw), draw),
        (
            "bsn is {}",
            "nummer {} doorgegeven",
            "{} staat op de brief",
            "sofi {} genoteerd",
            "zie {}",
        ),
    ),
    "iban": (
        60,
        lambda draw: _spread(account_number(draw), draw),
        ("rekening {}", "loon naar {}", "{} voor de reiskosten", "overmaken op {} graag"),
    ),
    "phone": (
        50,
        _phone,
        ("bel {}", "nieuw nummer is {}", "bereikbaar op {}", "app naar {} graag"),
    ),
    "email": (40, _email, ("mail naar {}", "adres {} gebruiken", "stuur het aan {}")),
}


def harmful(draw: random.Random) -> list[dict[str, str]]:
    """Notes with the kind that each of them holds."""
    notes: dict[str, str] = {}
    for kind, (count, number, words) in NUMBERS.items():
        wanted = len(notes) + count
        while len(notes) < wanted:
            says = draw.choice(words).format(number(draw))
            notes[draw.choice(FRAMES).format(says)] = kind
    says_all = [(kind, says) for kind, parts in SAYS.items() for says in parts]
    while len(notes) < EACH:
        kind, says = says_all[len(notes) % len(says_all)]
        notes[draw.choice(FRAMES).format(says)] = kind
    return [{"kind": kind, "text": text} for text, kind in notes.items()]


def _facts(draw: random.Random) -> dict[str, object]:
    day, month = draw.randrange(1, 29), draw.randrange(1, 13)
    date = draw.choice(
        [f"{day}-{month}-2027", f"{day:02}-{month:02}-2027", f"2027-{month:02}-{day:02}",
         f"{day}/{month}/2026", f"{day:02}.{month:02}.2027"]
    )  # fmt: skip
    return {
        "date": date,
        "order": draw.randrange(10**5, 10**9),
        "order2": draw.randrange(10**3, 10**6),
        "size": draw.randrange(36, 48),
        "wage": f"{draw.randrange(14, 22)},{draw.randrange(100):02}",
        "months": draw.randrange(6, 25),
        "hours": draw.randrange(8, 24),
        "hours2": draw.randrange(24, 40),
        "pc4": draw.randrange(1000, 9999),
        "letters": "".join(draw.choice("ABCEGHKLPRTX") for _ in range(2)),
        "minutes": draw.randrange(5, 60),
        "time": f"{draw.randrange(5, 23):02}:{draw.choice(['00', '15', '30', '45'])}",
        "kilo": draw.choice([5, 10, 15, 25]),
        "years": draw.randrange(1, 20),
        "project": f"{draw.choice('ABWGK')}{draw.randrange(10, 9999)}",
        "amount": f"{draw.randrange(1, 900)}.{draw.randrange(1000):03}.{draw.randrange(1000):03}",
        "short": draw.randrange(1000, 9999),
        "city": draw.randrange(10, 99),
        "people": draw.randrange(2, 9),
        "weeks": draw.randrange(2, 30),
        "plate": f"{draw.choice('VBG')}-{draw.randrange(100, 999)}-{draw.choice('XKL')}B",
    }


def harmless(draw: random.Random) -> list[dict[str, str]]:
    """Notes about work, with numbers in them that are no person's."""
    notes: dict[str, None] = {}
    while len(notes) < EACH:
        says = HARMLESS[len(notes) % len(HARMLESS)].format(**_facts(draw))
        notes[
            draw.choice([f"{says}{tail}" for tail in TAILS] + [draw.choice(FRAMES).format(says)])
        ] = None
    return [{"kind": "", "text": text} for text in notes]


def all_notes() -> list[dict[str, str]]:
    """Both halves, always the same."""
    draw = random.Random(20261124)  # noqa: S311  invented notes, no secret
    return harmful(draw) + harmless(draw)


def text_of(notes: list[dict[str, str]]) -> str:
    """The corpus as it stands in its file, a note a line."""
    lines = ",\n".join(json.dumps(note, ensure_ascii=False) for note in notes)
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    TARGET.write_text(text_of(all_notes()), encoding="utf-8")
