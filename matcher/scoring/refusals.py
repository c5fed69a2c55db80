"""Why an artefact is not used; each way a file can be wrong has a sentence of its own."""

from __future__ import annotations

from typing import Final

from matcher.domain.errors import MatcherError

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "missing": (
        "{name} is not there; restore it or roll back to an earlier artefact",
        "{name} is er niet; zet het terug of ga terug naar een eerder artefact",
    ),
    "manifest_missing": (
        "{name} has no manifest beside it; copy both files of the run together",
        "bij {name} ontbreekt het manifest; kopieer beide bestanden van de run samen",
    ),
    "manifest_unreadable": (
        "the manifest {name} cannot be read; copy it again from the run",
        "het manifest {name} is niet te lezen; kopieer het opnieuw uit de run",
    ),
    "manifest_changed": (
        "the manifest {name} was changed after it was written; copy it again from the run",
        "het manifest {name} is na het schrijven veranderd; kopieer het opnieuw uit de run",
    ),
    "renamed": (
        "{name} was renamed: its manifest speaks of {expected}; give it its own name back",
        "{name} heeft een andere naam gekregen: het manifest noemt {expected}; herstel de naam",
    ),
    "truncated": (
        "{name} breaks off: {found} of {expected} bytes are there; copy it again",
        "{name} breekt af: {found} van de {expected} bytes zijn er; kopieer het opnieuw",
    ),
    "grown": (
        "{name} is longer than it was written: {found} bytes for {expected}; copy it again",
        "{name} is langer dan geschreven: {found} bytes in plaats van {expected}",
    ),
    "altered": (
        "{name} holds other bytes than were written (its SHA-256 differs); copy it again",
        "{name} bevat andere bytes dan geschreven (de SHA-256 klopt niet); kopieer het opnieuw",
    ),
    "older": (
        "{name} is of format {found} and this version reads format {expected}; fit it again",
        "{name} heeft formaat {found} en deze versie leest formaat {expected}; leer het opnieuw",
    ),
    "newer": (
        "{name} is of format {found}, newer than format {expected} that is read here; upgrade",
        "{name} heeft formaat {found}, nieuwer dan formaat {expected} dat hier past; werk bij",
    ),
    "not_skops": (
        "{name} is no skops file and was not opened; only files written by 'training fit' are used",
        "{name} is geen skops-bestand en is niet geopend; alleen bestanden van 'training fit'",
    ),
    "malicious": (
        "{name} asks to load {found}, which no artefact of ours needs; it was not opened",
        "{name} wil {found} laden, wat geen artefact van ons nodig heeft; het is niet geopend",
    ),
    "oversized": (
        "{name} unpacks to more than an artefact can be; it was not opened",
        "{name} wordt uitgepakt groter dan een artefact kan zijn; het is niet geopend",
    ),
    "incoherent": (
        "{name} does not hold together: {found}; fit it again",
        "{name} klopt van binnen niet: {found}; leer het opnieuw",
    ),
    "other": (
        "{name} is another artefact than the one that was registered; roll back or register it",
        "{name} is een ander artefact dan geregistreerd is; ga terug of registreer het",
    ),
    "mismatched": (
        "{name} asks for features that are not given here: {found}; fit it on what there is",
        "{name} vraagt om kenmerken die hier niet zijn: {found}; leer het op wat er is",
    ),
    "forbidden_feature": (
        "{name} ranks people and uses {found}, which may never count in a ranking",
        "{name} ordent mensen en gebruikt {found}, wat nooit in een ordening mag tellen",
    ),
    "not_proven": (
        "{name} did not earn its place: {found}; the rules go on",
        "{name} heeft zijn plek niet verdiend: {found}; de regels gaan door",
    ),
    "synthetic": (
        "{name} was learned on made-up people and is for demonstration only",
        "{name} is geleerd op verzonnen mensen en is alleen voor demonstratie",
    ),
}
"""By code: English and Dutch; each names the way out where there is one."""


class ArtefactRefused(MatcherError):
    """An artefact that is not used; `code` is a key of `SENTENCES`, `facts` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str) -> str:
        """Why, and the way out, in ``nl`` or ``en``."""
        english, dutch = SENTENCES[self.code]
        return (dutch if lang == "nl" else english).format(**self.facts)


class NotPredicted(MatcherError):
    """One prediction that could not be made; the rules serve instead."""
