"""Two versions of a region's rules beside each other, and one written from the other by a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from matcher.reference.bounds import leaves
from matcher.reference.money_rules import NEEDED
from matcher.reference.municipalities import sections
from matcher.reference.yaml_files import parse_yaml, write_yaml

Document = Mapping[str, Any]
MONEY_ENTRIES: Final = frozenset(
    {
        *NEEDED,
        *("reference_date", "thresholds", "counting_window", "pre_contract_window", "bonuses"),
        *("alternatives", "pso_effect", "existing_staff", "settlement"),
    }
)
_DATES: Final = ("valid_from", "valid_until")
_NOTHING: Final[Document] = {"value": {}}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs: what it was and what it becomes, each with its source and date.

    None is a value that is not there. `path` is empty where only the source or a date differs.
    """

    entry: str
    path: str
    old: Any
    new: Any
    old_source: str | None
    new_source: str | None
    old_from: date | None
    new_from: date | None
    municipality: str | None = None


def differences(old: Document, new: Document) -> list[Difference]:
    """Every value that differs between two whole documents, in the order of the new one."""
    found = list(_of_entries(old, new, old["entries"], new["entries"], None))
    ours, theirs = sections(new), sections(old)
    for code in dict.fromkeys([*ours, *theirs]):
        was = theirs.get(code, {}).get("entries", {})
        becomes = ours.get(code, {}).get("entries", {})
        found += _of_entries(old, new, was, becomes, code)
    return found


def _of_entries(
    old: Document, new: Document, was: Document, becomes: Document, municipality: str | None
) -> Iterator[Difference]:
    for name in dict.fromkeys([*becomes, *was]):
        before, after = was.get(name), becomes.get(name)
        about: dict[str, Any] = {
            "old_source": _source(old, before),
            "new_source": _source(new, after),
            "old_from": None if before is None else before.get("valid_from"),
            "new_from": None if after is None else after.get("valid_from"),
            "municipality": municipality,
        }
        first = leaves((before or _NOTHING)["value"])
        second = leaves((after or _NOTHING)["value"])
        paths = [
            path
            for path in dict.fromkeys([*second, *first])
            if path not in first or path not in second or first[path] != second[path]
        ]
        for path in paths:
            yield Difference(name, path, first.get(path), second.get(path), **about)
        if not paths and before and after and _told(old, before) != _told(new, after):
            yield Difference(name, "", None, None, **about)


def _source(document: Document, entry: Document | None) -> str | None:
    if entry is None:
        return None
    return str(document["sources"].get(entry["source"], entry["source"]))


def _told(document: Document, entry: Document) -> tuple[Any, ...]:
    return _source(document, entry), *(entry.get(name) for name in _DATES), entry.get("earlier")


def as_though_always(new: Document, old: Document) -> Document:
    """The new rules as though what differs had held all along, to reckon a past year with."""
    document = deepcopy(dict(new))
    pairs = [(document["entries"], old["entries"])]
    pairs += [
        (section["entries"], sections(old).get(code, {}).get("entries", {}))
        for code, section in sections(document).items()
    ]
    for ours, theirs in pairs:
        for name, entry in ours.items():
            if entry["value"] != theirs.get(name, {}).get("value"):
                entry |= {"valid_from": None, "valid_until": None, "earlier": []}
    return document


class Unit(StrEnum):
    """What a number of the form counts."""

    PERCENT = "percent"
    CENTS = "cents"
    HOURS = "hours"
    MONTHS = "months"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class UsualValue:
    """One number that officers change most, as the form asks for it."""

    entry: str
    keys: tuple[str, ...]
    value: Any
    unit: Unit
    municipality: str | None = None
    """Whose own number it is; None is the region's."""

    @property
    def name(self) -> str:
        """Its name in a form."""
        whose = () if self.municipality is None else ("gemeente", self.municipality)
        return "-".join((*whose, self.entry, *self.keys))


_USUAL: Final = (
    ("obligation", "percent", Unit.PERCENT),
    ("obligation", "cap_cents", Unit.CENTS),
    ("thresholds", "minimum_cents", Unit.CENTS),
    ("thresholds", "minimum_months", Unit.MONTHS),
    ("building_blocks", "cents_per_year", Unit.CENTS),
    ("building_blocks", "groups", Unit.CENTS),
    ("full_time", "hours_week", Unit.HOURS),
    ("counting_window", "default_months", Unit.MONTHS),
    ("pre_contract_window", "months", Unit.MONTHS),
    ("pso_effect", "discount_percent", Unit.PERCENT),
    ("settlement", "factor_percent", Unit.PERCENT),
    ("settlement", "cure_period_days", Unit.DAYS),
)


def usual_values(document: Document) -> list[UsualValue]:
    """The numbers that the form asks for; a rule that the region does not use is not asked.

    After those of the region come the own numbers of each municipality.
    """
    found = list(_usual_of(document["entries"], None))
    for code, section in sections(document).items():
        found += _usual_of(section["entries"], code)
    return found


def _usual_of(entries: Document, municipality: str | None) -> Iterator[UsualValue]:
    for entry, key, unit in _USUAL:
        value = entries.get(entry, _NOTHING)["value"]
        if key not in value:
            continue
        inside = value[key]
        if key == "groups":
            for code, group in inside.items():
                if "cents_per_year" in group:
                    keys = (key, code, "cents_per_year")
                    yield UsualValue(entry, keys, group["cents_per_year"], unit, municipality)
        elif isinstance(inside, Mapping):
            for one, number in inside.items():
                yield UsualValue(entry, (key, str(one)), number, unit, municipality)
        else:
            yield UsualValue(entry, (key,), inside, unit, municipality)


def with_values(
    text: str, changes: Mapping[UsualValue, Any], *, source: str, version: str, on: date
) -> str:
    """The text with other numbers from `on`; what held before moves to `earlier` of its entry.

    Every entry that changes gets `source`, and so does one that this version changed before.
    Remarks of YAML are lost; notes of entries stay.
    """
    document: dict[str, Any] = parse_yaml(text)
    key = decision_key(version)
    entries: dict[Any, dict[str, Any]] = {(None, n): e for n, e in document["entries"].items()}
    for code, section in sections(document).items():
        entries |= {(code, name): entry for name, entry in section["entries"].items()}
    changed = {usual: new for usual, new in changes.items() if new != usual.value}
    before = [place for place, entry in entries.items() if entry["source"] == key]
    if not changed and not before:
        return text
    document["sources"][key] = source
    places = [(usual.municipality, usual.entry) for usual in changed]
    for place in dict.fromkeys([*before, *places]):
        _renew(entries[place], key, on)
    for usual, new in changed.items():
        value = entries[usual.municipality, usual.entry]["value"]
        for step in usual.keys[:-1]:
            value = value[step]
        value[usual.keys[-1]] = new
    return write_yaml(document)


def decision_key(version: str) -> str:
    """The short name of the decision behind a version, in its sources."""
    return f"besluit-{version}"


def _renew(entry: dict[str, Any], source: str, on: date) -> None:
    if entry["source"] == source:
        entry["valid_from"] = on
        for before in entry.get("earlier", ())[:1]:
            before["valid_until"] = on - timedelta(days=1)
        return
    begins = entry.get("valid_from")
    if begins is None or begins < on:
        kept = ("source", *_DATES, "note", "example")
        before = {name: entry[name] for name in kept if name in entry}
        before |= {"valid_until": on - timedelta(days=1), "value": deepcopy(entry["value"])}
        entry["earlier"] = [before, *entry.get("earlier", ())]
    entry |= {"source": source, "valid_from": on, "valid_until": None}
    entry.pop("example", None)
