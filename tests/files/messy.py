"""A spreadsheet as people send it: everything wrong with it that triagers see, from a seed.

Written in Windows-1252 with semicolons; two columns under each other's headers, dates in Dutch
order, decimal commas with words behind them, phone numbers of which a spreadsheet left 6.12E+08,
numbers of people in notes, people who stand in it twice, a column that nobody may ask for.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

NAMES = tuple(
    f"{first}{last}"
    for first in (
        "Jan", "Fat", "Zoë", "Kees", "Sam", "René", "Daan", "Noor", "Yus", "Ann", "Björ", "Es",
        "Mil", "Loï", "Tar", "San", "Han", "Piet", "Am", "Joos",
    )
    for last in ("", "a", "e", "ie", "ira", "ita", "je", "ke", "o", "us", "in", "elle", "is")
)  # fmt: skip
"""Made-up names: many, so that the same one in the same postcode is seldom."""
POSTCODES = ("3311", "3312", "3313", "3316", "3331", "3351", "3361", "3341", "2951", "3371")
WISHES = ("infra", "groen", "Infra, groen", "schoonmaak", "logistiek", "F42", "zorg")
VALID_BSN = "111222333"
VALID_IBAN = "NL91ABNA0417164300"
NOTES = (
    "komt op de fiets", "wil graag buiten werken", "belt liever in de ochtend", "", "",
    "heeft ervaring als stratenmaker",
)  # fmt: skip
HEADERS = (
    "Klantnummer", "Roepnaam", "Mobiel", "Postcode", "Uren per week", "Reistijd", "Vervoer",
    "Gewenste sector", "Taalniveau", "Werkritme", "Werkvaardigheden", "Aangemeld op", "Tillen",
    "Geslacht", "Opmerkingen", "Interne code",
)  # fmt: skip


@dataclass
class Messy:
    """The file, and how often each thing is wrong with it, by rows of the file."""

    data: bytes
    rows: int
    repeated: list[int] = field(default_factory=list)
    lost_phones: int = 0
    with_bsn: int = 0
    without_reference: int = 0


def messy_people(rows: int = 2000, seed: int = 1) -> Messy:
    """A file of `rows` candidates; the same seed gives the same bytes."""
    drawn = random.Random(seed)  # noqa: S311  draws test data, keeps no secret
    made = Messy(b"", rows)
    lines = [";".join(HEADERS)]
    references: list[str] = []
    for number in range(2, rows + 2):
        if references and drawn.random() < 0.02:
            reference = drawn.choice(references)
            made.repeated.append(number)
        elif drawn.random() < 0.03:
            reference = ""
            made.without_reference += 1
        else:
            reference = f"K-{number:05d}"
            references.append(reference)
        lines.append(";".join(_cells(drawn, reference, number, made)))
    made.data = "\r\n".join(lines).encode("cp1252")
    return made


def _cells(drawn: random.Random, reference: str, number: int, made: Messy) -> list[str]:
    phone = f"06{drawn.randrange(10**7, 10**8)}"
    if drawn.random() < 0.15:
        phone = f"{drawn.choice('123456')},{drawn.randrange(10, 99)}E+08"
        made.lost_phones += 1
    note = drawn.choice(NOTES)
    if drawn.random() < 0.02:
        note = f"bsn {VALID_BSN} staat in het dossier"
        made.with_bsn += 1
    elif drawn.random() < 0.01:
        note = f"loon naar {VALID_IBAN}"
        made.with_bsn += 1
    hours = drawn.choice(("24", "32", "36", "32,5", "20 uur", "40"))
    day = f"{drawn.randrange(1, 28)}-{drawn.randrange(1, 12)}-2026"
    # Hours stand under the postcode's header, and postcodes under that of the hours.
    return [
        reference,
        f"{drawn.choice(NAMES)}" if reference else f"{drawn.choice(NAMES)} {number}",
        phone,
        hours,
        drawn.choice(POSTCODES),
        drawn.choice(("30", "45", "45 min", "60")),
        drawn.choice(("fiets", "fiets en ov", "auto", "bike|car", "OV", "fietz")),
        drawn.choice(WISHES),
        drawn.choice(("A1", "A2", "B1", "B2", "3", "")),
        drawn.choice(("0", "1", "2", "3", "4", "")),
        drawn.choice(("1", "2", "3", "", "onbekend")),
        day,
        drawn.choice(("kan", "deels", "kan niet", "can", "")),
        drawn.choice(("m", "v")),
        note,
        f"x{drawn.randrange(1000)}",
    ]
