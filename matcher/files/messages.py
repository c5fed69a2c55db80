"""What is said of a cell that cannot be read: why, and the way out, in English and Dutch."""

from __future__ import annotations

from typing import Final

from matcher.domain.errors import Problem
from matcher.files.guards import contains_bsn

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- one cell
    "required": ("is required; fill it in", "is verplicht; vul het in"),
    "text": ("must be text", "moet tekst zijn"),
    "too_long": (
        "holds {length} characters, at most {maximum} are allowed; shorten it",
        "bevat {length} tekens, er mogen er {maximum} zijn; maak het korter",
    ),
    "control": (
        "holds a character that cannot be shown, such as NUL; remove it",
        "bevat een teken dat niet te tonen is, zoals NUL; haal het weg",
    ),
    "bsn": (
        "holds a citizen service number (BSN), which is never needed here; take it out",
        "bevat een burgerservicenummer (BSN), dat is hier nooit nodig; haal het weg",
    ),
    "iban": (
        "holds a bank account number (IBAN), which is never needed here; take it out",
        "bevat een rekeningnummer (IBAN), dat is hier nooit nodig; haal het weg",
    ),
    "asks_for": (
        "asks for what nobody may ask: {subjects}; describe the work instead",
        "vraagt wat niemand mag vragen: {subjects}; beschrijf liever het werk",
    ),
    "whole": (
        "must be a whole number from {minimum} to {maximum}",
        "moet een heel getal zijn van {minimum} tot en met {maximum}",
    ),
    "number": (
        "must be a number from {minimum} to {maximum}",
        "moet een getal zijn van {minimum} tot en met {maximum}",
    ),
    "not_a_number": (
        "{value} is not a number; leave it empty when it is not known",
        "{value} is geen getal; laat het leeg als het niet bekend is",
    ),
    "huge": (
        "holds a number too large to keep; correct it",
        "bevat een getal dat te groot is; verbeter het",
    ),
    "boolean": ("must be yes or no", "moet ja (yes) of nee (no) zijn"),
    "date": (
        "must be a date written as 2027-03-31",
        "moet een datum zijn, geschreven als 2027-03-31",
    ),
    "date_range": (
        "must be a date from {first} to {last}",
        "moet een datum zijn van {first} tot en met {last}",
    ),
    "time": ("must be a time written as 07:30", "moet een tijd zijn, geschreven als 07:30"),
    "word": ("must be one of {words}", "moet een van deze zijn: {words}"),
    "code": (
        "{value} is not a known code of {list}; nearest: {nearest}",
        "{value} is geen bekende code van {list}; het dichtst erbij: {nearest}",
    ),
    "code_far": (
        "{value} is not a known code of {list}; 'matcher codes' lists them",
        "{value} is geen bekende code van {list}; 'matcher codes' noemt ze alle",
    ),
    "list": (
        "must be a list with | between its values",
        "moet een lijst zijn met | tussen de waarden",
    ),
    "list_long": (
        "holds {length} values, at most {maximum} are allowed",
        "bevat {length} waarden, er mogen er {maximum} zijn",
    ),
    "occupation": (
        "must be an ISCO-08 code of one to four digits, such as 8342",
        "moet een ISCO-08-code van een tot vier cijfers zijn, zoals 8342",
    ),
    "occupations": (
        "must hold ISCO-08 codes, with years after a colon if known, such as 8342:3|9312",
        "moet ISCO-08-codes bevatten, met jaren na een dubbele punt, zoals 8342:3|9312",
    ),
    "raises": (
        "must hold steps up such as rhythm:+1|work_skills:+1; it knows {names}",
        "moet stappen omhoog bevatten zoals rhythm:+1|work_skills:+1; bekend zijn {names}",
    ),
    "needs": (
        "must hold lower bounds such as language_read>=1|hours>=16; it knows {names}",
        "moet ondergrenzen bevatten zoals language_read>=1|hours>=16; bekend zijn {names}",
    ),
    "needs_money": (
        "a programme never asks for a money level (promise P-3); take money out",
        "een programma vraagt nooit iets over geldzorgen (belofte P-3); haal money weg",
    ),
    "phone": (
        "is no phone number of ten digits",
        "is geen telefoonnummer van tien cijfers",
    ),
    "phone_lost": (
        "is a phone number of which the spreadsheet dropped digits; ask for it again",
        "is een telefoonnummer waarvan het rekenblad cijfers wegliet; vraag het opnieuw",
    ),
    "email": ("is no e-mail address", "is geen e-mailadres"),
    "never_asked": (
        "says something about: {subjects}; write about the work instead, or leave it out",
        "zegt iets over: {subjects_nl}; schrijf liever over het werk, of laat het weg",
    ),
    "coach_unknown": (
        "is nobody who coaches in your region; give the name or address that one signs in with",
        "is niemand die in uw regio coacht; geef de naam of het adres van het account",
    ),
    "letters_wrong": (
        "has letters that were damaged by a wrong encoding",
        "heeft letters die door een verkeerde codering zijn beschadigd",
    ),
    "formula": (
        "holds a formula; paste it as a value",
        "bevat een formule; plak de uitkomst als waarde",
    ),
    "cell_error": (
        "holds the spreadsheet error {error}; correct it",
        "bevat de foutmelding {error} van het rekenblad; verbeter die",
    ),
    "nested": (
        "must be one value or a list of values, not an object",
        "moet een waarde of een lijst van waarden zijn, geen object",
    ),
    "twice_key": (
        "stands twice in this object; keep one",
        "staat twee keer in dit object; houd er een over",
    ),
    # --- one row
    "erased": (
        (
            "is of somebody who was erased; a file does not bring them back; "
            "give another reference if they came again"
        ),
        (
            "is van iemand die gewist is; een bestand brengt die niet terug; "
            "geef een ander kenmerk als hij of zij opnieuw is gekomen"
        ),
    ),
    "demands_stand": (
        (
            "asks something else than when its shortlist was asked for; what it asks stands; "
            "give another reference for a place that asks something else"
        ),
        (
            "vraagt iets anders dan toen de lijst werd getoond; de eisen staan vast; "
            "geef een ander kenmerk aan een plek met andere eisen"
        ),
    ),
    "shape": (
        "does not fit the columns: {why}",
        "past niet bij de kolommen: {why}",
    ),
    "own_region": (
        "must be your own region",
        "moet uw eigen regio zijn",
    ),
    "no_key": (
        "is missing, and nothing else in the row tells who it is; fill in a reference or a name",
        "ontbreekt, en niets anders in de rij zegt wie het is; vul een kenmerk of een naam in",
    ),
    "duplicate_reference": (
        "stands in row {first} already; the first one stays, this one is left out",
        "staat al in rij {first}; de eerste blijft, deze valt weg",
    ),
    "hours_order": (
        "is more than hours_max; correct one of the two",
        "is meer dan hours_max; verbeter een van de twee",
    ),
    "dates_order": (
        "lies before start_on; correct one of the two",
        "ligt voor start_on; verbeter een van de twee",
    ),
    "needed_for": (
        "is needed for {kind}; fill it in",
        "is nodig bij {kind}; vul het in",
    ),
    "needed_base": (
        "is needed, because {rules} takes its percentage of it; fill it in",
        "is nodig, want {rules} rekent daarmee; vul het in",
    ),
    "no_group": (
        "{value} is not a group of {rules}; nearest: {nearest}",
        "{value} is geen groep van {rules}; het dichtst erbij: {nearest}",
    ),
    "unknown_contract": (
        "{value} is no contract here; import contracts first",
        "{value} is hier geen opdracht; lees eerst de opdrachten in",
    ),
    "no_pseudonym": (
        "is the reference of a candidate here; use a pseudonym that names nobody",
        "is het kenmerk van een kandidaat hier; gebruik een pseudoniem dat niemand noemt",
    ),
    "no_contract": (
        "{value} is not one of the contracts; nearest: {nearest}",
        "{value} is niet een van de opdrachten; het dichtst erbij: {nearest}",
    ),
    "too_many_cells": (
        "is past the last column of the header; put a text with {delimiter} in it between quotes",
        "staat na de laatste kolom; zet een tekst met {delimiter} erin tussen aanhalingstekens",
    ),
    "quotes": (
        "double quotes are opened and not closed, or closed too early; correct the quotes",
        "aanhalingstekens gaan open en niet dicht, of te vroeg dicht; verbeter ze",
    ),
    "not_an_object": (
        "must be an object with the columns as its names",
        "moet een object zijn met de kolommen als namen",
    ),
    "unknown_field": (
        "is not a known field; nearest: {nearest}",
        "is geen bekend veld; het dichtst erbij: {nearest}",
    ),
    "unknown_field_far": ("is not a known field", "is geen bekend veld"),
    # --- one file
    "unknown_column": (
        "is not a known column and is left out",
        "is geen bekende kolom en valt weg",
    ),
    "unknown_column_near": (
        "is not a known column and is left out; did you mean {nearest}?",
        "is geen bekende kolom en valt weg; bedoelt u {nearest}?",
    ),
    "unnamed_column": (
        "column {number} has no name in the header and is left out",
        "kolom {number} heeft geen naam in de kopregel en valt weg",
    ),
    "missing_columns": (
        "the header row lacks {names}; row 1 must hold the names of the columns",
        "in de kopregel ontbreekt {names}; rij 1 moet de namen van de kolommen bevatten",
    ),
    "duplicate_column": (
        "stands twice in the header; keep one",
        "staat twee keer in de kopregel; houd er een over",
    ),
    "never_a_need": (
        "a vacancy has no need for {subject}; remove this column",
        "een vacature stelt geen eis over {subject_nl}; haal deze kolom weg",
    ),
    # --- VUM: what stands there and how it is read
    "vum_region": (
        "VUM names no region; give one with --region",
        "VUM noemt geen regio; geef er een met --region",
    ),
    "vum_unknown": (
        "{value} says not known in VUM; read as unknown",
        "{value} betekent in VUM niet bekend; gelezen als onbekend",
    ),
    "vum_capped": (
        "{value} is more than {maximum}; read as {maximum}",
        "{value} is meer dan {maximum}; gelezen als {maximum}",
    ),
    "vum_postcode": (
        "is no Dutch postcode such as 3311AB; read as unknown",
        "is geen Nederlandse postcode zoals 3311AB; gelezen als onbekend",
    ),
    "vum_language": (
        "{value} is not nld; work Dutch stays unknown",
        "{value} is niet nld; Nederlands op het werk blijft onbekend",
    ),
    "vum_transport": (
        "{value} is no way to travel here; left out",
        "{value} is hier geen manier van reizen; valt weg",
    ),
    "vum_commute": (
        "does not say whether it can be used to commute; read as unknown",
        "zegt niet of het voor woon-werkverkeer kan; gelezen als onbekend",
    ),
    "vum_no_code": (
        "{value} has no code here; left out",
        "{value} heeft hier geen code; valt weg",
    ),
    "vum_sector": (
        "{value} is no SBI 2008 division; read as unknown",
        "{value} is geen SBI 2008-afdeling; gelezen als onbekend",
    ),
    "vum_occupation": (
        "is not coded in ISCO-08; the occupation stays unknown",
        "is niet gecodeerd in ISCO-08; het beroep blijft onbekend",
    ),
    "vum_no_guidance": (
        "2 (no) is read as a guidance need of 0 hours",
        "2 (nee) wordt gelezen als 0 uur begeleiding",
    ),
    "vum_guidance": (
        "1 (yes) gives no hours; the guidance need stays unknown",
        "1 (ja) noemt geen uren; de begeleiding blijft onbekend",
    ),
    "vum_places": (
        "VUM has no number of places; read as 1",
        "VUM kent geen aantal plekken; gelezen als 1",
    ),
    "vum_shifts": (
        "1 (irregular or shifts) names no times; read as day",
        "1 (onregelmatig of ploegen) noemt geen tijden; gelezen als dagdienst",
    ),
    "vum_address": (
        "names no work site (codeFunctieAdres E or V); where the day starts stays unknown",
        "noemt geen werklocatie (codeFunctieAdres E of V); de plek blijft onbekend",
    ),
    "vum_object": ("must be an object", "moet een object zijn"),
}

NEED_SUBJECTS_NL: Final = {
    "money": "geldzorgen",
    "benefit": "uitkering",
    "age": "leeftijd",
    "gender": "geslacht",
    "origin": "herkomst",
    "health": "gezondheid",
}


class CellError(ValueError):
    """A value that cannot be read: the `code` of a message and the facts that fill it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def problem(self, where: str, row: int | None, lang: str) -> Problem:
        """The same as a problem of one cell."""
        return Problem(where=where, why=say(self.code, lang, **self.facts), row=row)


def say(code: str, lang: str = "en", **facts: object) -> str:
    """The message `code` in `lang`; any language but Dutch gives English."""
    english, dutch = MESSAGES[code]
    return (dutch if lang == "nl" else english).format(**facts)


def quoted(value: str) -> str:
    """A code of the sender as a message may repeat it: short, printable and without a BSN."""
    if contains_bsn(value):
        return "(hidden)"
    printable = "".join(character if character.isprintable() else "?" for character in value)
    return f"'{printable[:37]}...'" if len(printable) > 40 else f"'{printable}'"
