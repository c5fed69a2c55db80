"""Files into the database: good rows in, bad rows reported, the same file twice changes nothing.

Rows are matched on their reference within their region. Only the columns that a file has are
written over what is there; an empty cell in such a column makes the value unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.errors import Forbidden, Problem
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.files.loading import load_candidates, load_programmes, load_vacancies
from matcher.files.messages import CellError
from matcher.files.results import Loaded, Options
from matcher.files.source import Source, open_source
from matcher.models import CandidateAudit, ImportRun, Place
from matcher.models.states import ImportKind, VacancyStatus
from matcher.reference.places_import import download, parse_places, places_url
from matcher.repositories import candidates, places, programmes, tombstones, vacancies
from matcher.repositories.records import ImportReport
from matcher.services.calendar import day_of
from matcher.services.transactions import unit_of_work

T = TypeVar("T")

_CHUNK = 500
"""Rows looked up at once."""

_RIGHTS: Mapping[ImportKind, tuple[Right, ...]] = {
    ImportKind.CANDIDATES: (Right.TRIAGER, Right.LEAD, Right.COACH),
    ImportKind.VACANCIES: (Right.TRIAGER, Right.LEAD, Right.SERVICE_POINT),
    ImportKind.PROGRAMMES: (Right.TRIAGER, Right.LEAD, Right.OFFICER),
}

_AUDIT = ("benefit", "birth_year")
_EVERY_FIELD = frozenset(
    {
        *candidates.PROFILE_FIELDS,
        *_AUDIT,
        *vacancies.PROFILE_FIELDS,
        *programmes.VALUE_FIELDS,
    }
)


@dataclass
class _Outcome:
    """What became of the rows so far."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    def count(self, *, created: bool, changed: bool) -> None:
        """Counts one row that is in now."""
        if created:
            self.created += 1
        elif changed:
            self.changed += 1
        else:
            self.unchanged += 1


@dataclass(frozen=True, slots=True)
class _Row(Generic[T]):
    """One good row: its number in the file, its region and its value."""

    number: int
    region: str
    value: T


Write = Callable[[Session, Viewer, Sequence[_Row[Any]], frozenset[str], datetime, _Outcome], None]


def import_candidates(
    session: Session,
    viewer: Viewer,
    source: Path | Source,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    strict: bool = False,
    now: datetime,
) -> ImportReport:
    """Candidates; benefit and year of birth go to their own table as the file is read."""
    opened = _opened(source, file_format)
    _allowed(viewer, ImportKind.CANDIDATES)
    loaded = load_candidates(opened, _options(viewer, strict))
    rows = [
        _Row(number, parts[0].region, parts)
        for number, parts in zip(loaded.rows, loaded.items, strict=True)
    ]
    return _import(
        session,
        viewer,
        ImportKind.CANDIDATES,
        opened,
        loaded,
        rows,
        _write_candidates,
        dry_run,
        now,
    )


def import_vacancies(
    session: Session,
    viewer: Viewer,
    source: Path | Source,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    strict: bool = False,
    now: datetime,
) -> ImportReport:
    """Vacancies, open at once; a contractor who is not known yet is made known."""
    opened = _opened(source, file_format)
    _allowed(viewer, ImportKind.VACANCIES)
    loaded = load_vacancies(opened, _options(viewer, strict))
    rows = [
        _Row(number, value.region, value)
        for number, value in zip(loaded.rows, loaded.items, strict=True)
    ]
    return _import(
        session, viewer, ImportKind.VACANCIES, opened, loaded, rows, _write_vacancies, dry_run, now
    )


def import_programmes(
    session: Session,
    viewer: Viewer,
    source: Path | Source,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    strict: bool = False,
    now: datetime,
) -> ImportReport:
    """Programmes; one without a region becomes one of the viewer's region."""
    opened = _opened(source, file_format)
    _allowed(viewer, ImportKind.PROGRAMMES)
    loaded = load_programmes(opened, _options(viewer, strict))
    rows = [
        _Row(number, value.region or "", value)
        for number, value in zip(loaded.rows, loaded.items, strict=True)
    ]
    return _import(
        session,
        viewer,
        ImportKind.PROGRAMMES,
        opened,
        loaded,
        rows,
        _write_programmes,
        dry_run,
        now,
    )


def _opened(source: Path | Source, file_format: str) -> Source:
    return source if isinstance(source, Source) else open_source(source, file_format)


def _allowed(viewer: Viewer, kind: ImportKind) -> None:
    if not viewer.has(*_RIGHTS[kind]) or (viewer.region is None and viewer.account_id is not None):
        raise Forbidden(f"none of your rights may import {kind}")


def _options(viewer: Viewer, strict: bool) -> Options:
    return Options(region=viewer.region, lang=viewer.language, strict=strict)


def _import(
    session: Session,
    viewer: Viewer,
    kind: ImportKind,
    source: Source,
    loaded: Loaded[Any],
    rows: list[_Row[Any]],
    write: Write,
    dry_run: bool,
    now: datetime,
) -> ImportReport:
    outcome = _Outcome(problems=list(loaded.problems))
    fields = loaded.fields if loaded.fields is not None else _EVERY_FIELD
    with unit_of_work(session):
        savepoint = session.begin_nested()
        for reach, of_region in _by_region(viewer, rows, outcome):
            for chunk in _chunks(of_region):
                write(session, reach, chunk, fields, now, outcome)
                session.flush()
        if dry_run:
            savepoint.rollback()
        else:
            savepoint.commit()
            _note(session, viewer, kind, source.data, outcome, now)
    outcome.problems.sort(key=lambda problem: problem.row or 0)
    return _report(kind, outcome, loaded.warnings, dry_run)


def _by_region(
    viewer: Viewer, rows: list[_Row[Any]], outcome: _Outcome
) -> Iterator[tuple[Viewer, list[_Row[Any]]]]:
    """Rows by region, each with a viewer who reaches it: a person reaches one region only."""
    own_only = viewer.account_id is not None
    for region, group in groupby(sorted(rows, key=lambda row: row.region), lambda r: r.region):
        found = list(group)
        if not region:
            why = "is required here; name one for the whole file"
        elif own_only and region != viewer.region:
            why = "must be your own region"
        else:
            reach = replace(operator(region), language=viewer.language)
            yield (viewer if own_only else reach), found
            continue
        outcome.problems += [Problem("region", why, row.number) for row in found]


def _chunks(rows: Iterable[_Row[Any]]) -> Iterator[list[_Row[Any]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _report(
    kind: ImportKind, outcome: _Outcome, warnings: Sequence[Problem], dry_run: bool
) -> ImportReport:
    refused = {problem.row for problem in outcome.problems}
    return ImportReport(
        kind=kind,
        created=outcome.created,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        refused=len(refused),
        problems=tuple(outcome.problems),
        warnings=tuple(warnings),
        dry_run=dry_run,
    )


def _note(
    session: Session,
    viewer: Viewer,
    kind: ImportKind,
    data: bytes,
    outcome: _Outcome,
    now: datetime,
) -> None:
    """Keeps that the file came in; of a refused row only where it stands, never what it says."""
    session.add(
        ImportRun(
            kind=kind,
            region=viewer.region,
            account_id=viewer.account_id,
            file_hash=hashlib.sha256(data).hexdigest(),
            created=outcome.created,
            changed=outcome.changed,
            unchanged=outcome.unchanged,
            refused=len({problem.row for problem in outcome.problems}),
            problems=[{"row": p.row, "where": p.where} for p in outcome.problems],
            finished_at=now,
        )
    )


def _write_candidates(
    session: Session,
    viewer: Viewer,
    chunk: Sequence[_Row[tuple[CandidateProfile, AuditAttributes]]],
    fields: frozenset[str],
    now: datetime,
    outcome: _Outcome,
) -> None:
    references = [row.value[0].reference for row in chunk]
    known = candidates.rows_by_reference(session, viewer, references)
    region = chunk[0].region
    audits = candidates.audit_by_reference(session, region, references)
    erased = tombstones.erased_among(session, region, references)
    for row in chunk:
        profile, audit = row.value
        if profile.reference in erased:
            outcome.problems.append(
                CellError("erased").problem("reference", row.number, viewer.language)
            )
            continue
        stored = known.get(profile.reference)
        if stored is None:
            session.add(candidates.new_row(profile, now=now, owner=None))
            changed = True
        else:
            named = fields.intersection(candidates.PROFILE_FIELDS)
            changed = candidates.fill(stored, {name: getattr(profile, name) for name in named})
            if changed:
                stored.updated_at = now
        attributes = {name: getattr(audit, name) for name in _AUDIT if name in fields}
        noted = audits.get(profile.reference)
        if noted is not None:
            changed |= candidates.fill_audit(noted, attributes)
        elif any(value is not None for value in attributes.values()):
            session.add(CandidateAudit(region=region, reference=profile.reference, **attributes))
            changed = True
        outcome.count(created=stored is None, changed=changed)


def _write_vacancies(
    session: Session,
    viewer: Viewer,
    chunk: Sequence[_Row[VacancyProfile]],
    fields: frozenset[str],
    now: datetime,
    outcome: _Outcome,
) -> None:
    known = vacancies.rows_by_reference(session, viewer, [row.value.reference for row in chunk])
    firms: dict[str, Any] = {}
    for row in chunk:
        profile = row.value
        name = profile.contractor
        if name not in firms:
            firms[name] = vacancies.organisation_named(
                session, row.region, name, now=now, size_fte=profile.employer_size
            )
        stored = known.get(profile.reference)
        if stored is None:
            new = vacancies.new_row(profile, firms[name], status=VacancyStatus.OPEN, now=now)
            new.opened_on = day_of(now)
            session.add(new)
            outcome.count(created=True, changed=True)
            continue
        named = fields.intersection(vacancies.PROFILE_FIELDS)
        values = {field_name: getattr(profile, field_name) for field_name in named}
        changed = vacancies.fill(stored, {**values, "organisation_id": firms[name].id})
        if changed:
            stored.updated_at = now
        outcome.count(created=False, changed=changed)


def _write_programmes(
    session: Session,
    viewer: Viewer,
    chunk: Sequence[_Row[Programme]],
    fields: frozenset[str],
    now: datetime,
    outcome: _Outcome,
) -> None:
    known = programmes.rows_by_reference(session, viewer, [row.value.reference for row in chunk])
    for row in chunk:
        stored = known.get(row.value.reference)
        if stored is None:
            session.add(programmes.new_row(row.value, region=row.region, now=now))
            outcome.count(created=True, changed=True)
            continue
        named = fields.intersection(programmes.VALUE_FIELDS) - {"region"}
        changed = programmes.fill(stored, {name: getattr(row.value, name) for name in named})
        if changed:
            stored.updated_at = now
        outcome.count(created=False, changed=changed)


def import_places(
    session: Session, source: Path | bytes | None, *, dry_run: bool = False, now: datetime
) -> ImportReport:
    """Postcode centroids from a GeoNames file; None fetches the public one.

    A place belongs to no region, so this is for the operator alone.
    """
    if source is None:
        data = download(places_url())
    else:
        data = source if isinstance(source, bytes) else open_source(source, "places").data
    parsed = parse_places(data)
    outcome = _Outcome(problems=list(parsed.problems))
    with unit_of_work(session):
        savepoint = session.begin_nested()
        known = places.by_pc4(session)
        for found in parsed.rows:
            values = {
                "name": found.place[:120] or None,
                "latitude": found.latitude,
                "longitude": found.longitude,
            }
            stored = known.get(found.pc4)
            if stored is None:
                session.add(Place(pc4=found.pc4, **values))
                outcome.count(created=True, changed=True)
            else:
                changed = places.fill(stored, values)
                outcome.count(created=False, changed=changed)
        session.flush()
        if dry_run:
            savepoint.rollback()
        else:
            savepoint.commit()
            nobody = operator(None)
            _note(session, nobody, ImportKind.PLACES, data, outcome, now)
    return _report(ImportKind.PLACES, outcome, (), dry_run)
