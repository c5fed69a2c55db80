"""What every advice of one region is computed on, by its hashes, prepared once and shared.

Nothing of a candidate is held here: vacancies, programmes, places, rules and texts only. The same
hashes are the same content, so what was prepared can be used as long as they do not change.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import yaml
from sqlalchemy.orm import Session

from matcher import __version__
from matcher.domain.places import Places
from matcher.domain.programme import Programme
from matcher.domain.rules import RuleSet
from matcher.domain.vacancy import VacancyProfile
from matcher.reference.catalogue import load_catalogue
from matcher.reference.paths import data_dir
from matcher.reference.places import load_places
from matcher.reference.rules import rule_set_from
from matcher.repositories import advice as snapshots
from matcher.repositories import places as place_rows
from matcher.repositories import programmes, vacancies
from matcher.repositories.content import from_content, hash_of, to_content
from matcher.services.advice import Advisor
from matcher.services.rule_versions import rules_on, rules_text_on

T = TypeVar("T")

_PREPARED_MAXIMUM = 16


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of one region on one day in one language; `advisor` computes on them."""

    rules: RuleSet
    rules_text: str
    rules_hash: str
    vacancies_hash: str
    programmes_hash: str
    places_hash: str
    program: str
    advisor: Advisor


class _LastUsed(Generic[T]):
    """What was prepared last, for all requests of this process."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Any, ...], T] = OrderedDict()

    def find(self, key: tuple[Any, ...]) -> T | None:
        """What stands under `key`, which thereby is the last used."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: tuple[Any, ...], value: T) -> None:
        """Keeps `value`; what was not used for longest gives way."""
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._maximum:
                self._kept.popitem(last=False)


_prepared: _LastUsed[Inputs] = _LastUsed(_PREPARED_MAXIMUM)
_places: _LastUsed[Places] = _LastUsed(2)


def region_inputs(session: Session, region: str, *, on: date, language: str) -> Inputs:
    """The inputs of `region`: its open vacancies, its programmes (else the shipped catalogue),
    the places, its rules and the texts of this version of the program."""
    rules, rules_text = rules_on(session, region, on), rules_text_on(session, region, on)
    rules_hash = _text_hash(rules_text)
    vacancies_hash = hash_of(vacancies.open_hashes(session, region))
    own_programmes = programmes.active_hashes(session, region)
    offered_hashes = own_programmes or list(_catalogue(on, language, data_dir()))
    programmes_hash = hash_of(offered_hashes)
    places_hash = hash_of([_shipped_places(data_dir()), place_rows.version(session)])
    program = program_version(data_dir())
    key = (rules_hash, vacancies_hash, programmes_hash, places_hash, program, on, language)
    found = _prepared.find(key)
    if found is None:
        # Read in one statement each with their hashes: a vacancy may change in between.
        open_now = vacancies.open_profiles(session, region)
        offered = programmes.active_values(session, region) or _catalogue(on, language, data_dir())
        found = Inputs(
            rules=rules,
            rules_text=rules_text,
            rules_hash=rules_hash,
            vacancies_hash=hash_of(list(open_now)),
            programmes_hash=hash_of(list(offered)),
            places_hash=places_hash,
            program=program,
            advisor=Advisor(
                on=on,
                vacancies=tuple(open_now.values()),
                programmes=tuple(offered.values()),
                rules=rules,
                places=all_places(session),
                lang=language,
            ),
        )
        if (found.vacancies_hash, found.programmes_hash) == (vacancies_hash, programmes_hash):
            _prepared.keep(key, found)
    return found


@lru_cache(maxsize=_PREPARED_MAXIMUM)
def _catalogue(on: date, language: str, _folder: Path) -> Mapping[str, Programme]:
    """The shipped programmes by content hash; their starts are written out around the day."""
    return {hash_of(to_content(value)): value for value in load_catalogue(on, language)}


def all_places(session: Session) -> Places:
    """The shipped centroids, and over them those that were imported."""
    key = (_shipped_places(data_dir()), place_rows.version(session))
    found = _places.find(key)
    if found is None:
        found = Places({**load_places().points, **place_rows.points(session)})
        _places.keep(key, found)
    return found


@lru_cache(maxsize=64)
def _text_hash(text: str) -> str:
    return hash_of(text)


@cache
def _shipped_places(_folder: Path) -> str:
    return hash_of(sorted(load_places().points.items()))


@cache
def program_version(folder: Path) -> str:
    """The version of the program with a hash of the texts and code lists that it speaks with."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("texts/*.yaml"), *folder.glob("codes/*.yaml")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:16]}"


def keep_inputs(session: Session, inputs: Inputs, *, now: datetime) -> None:
    """Keeps the content of every hash that is not kept yet; to be called in a unit of work."""
    advisor = inputs.advisor
    missing = snapshots.missing_hashes(
        session,
        [
            inputs.rules_hash,
            inputs.vacancies_hash,
            inputs.programmes_hash,
            inputs.places_hash,
        ],
    )
    if inputs.rules_hash in missing:
        snapshots.keep(session, "rules", {inputs.rules_hash: inputs.rules_text}, now=now)
    if inputs.places_hash in missing:
        points = {str(pc4): list(at) for pc4, at in sorted(advisor.places.points.items())}
        snapshots.keep(session, "places", {inputs.places_hash: points}, now=now)
    sets = (
        ("vacancies", inputs.vacancies_hash, advisor.vacancies),
        ("programmes", inputs.programmes_hash, advisor.programmes),
    )
    for kind, key, values in sets:
        if key in missing:
            contents = {hash_of(content): content for content in map(to_content, values)}
            snapshots.keep(session, kind, contents, now=now)
            snapshots.keep(session, f"{kind}_list", {key: list(contents)}, now=now)


def kept_advisor(session: Session, row: Any) -> Advisor:
    """The advisor on the inputs that a kept advice names, read back from their snapshots."""
    document = yaml.safe_load(snapshots.content(session, row.rules_hash))
    points = snapshots.content(session, row.places_hash)
    return Advisor(
        on=row.on,
        vacancies=[
            from_content(VacancyProfile, content) for content in _set(session, row.vacancies_hash)
        ],
        programmes=kept_programmes(session, row),
        rules=rule_set_from(document),
        places=Places({int(pc4): (at[0], at[1]) for pc4, at in points.items()}),
        lang=row.language,
    )


def kept_programmes(session: Session, row: Any) -> list[Programme]:
    """The programmes as they were when a kept advice was made."""
    return [from_content(Programme, content) for content in _set(session, row.programmes_hash)]


def _set(session: Session, key: str) -> list[Any]:
    return snapshots.contents(session, snapshots.content(session, key))
