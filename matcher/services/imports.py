"""Files into the database: good rows in, bad rows reported, the same file twice changes nothing.

Rows are matched on their reference within their region. Only the columns that a file has are
written over what is there; an empty cell in such a column makes the value unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Forbidden, Problem
from matcher.files.loading import load_candidates, load_programmes, load_vacancies
from matcher.files.results import Loaded, Options
from matcher.files.source import Source, open_source
from matcher.models import ImportRun, Place
from matcher.models.states import ImportKind
from matcher.reference.places_import import download, parse_places, places_url
from matcher.repositories import candidates, places, programmes, vacancies
from matcher.repositories.records import ImportReport
from matcher.services.import_rows import (
    AUDIT_FIELDS,
    Outcome,
    Row,
    write_candidates,
    write_programmes,
    write_vacancies,
)
from matcher.services.transactions import unit_of_work

_CHUNK = 500
"""Rows looked up at once."""

_RIGHTS: Mapping[ImportKind, tuple[Right, ...]] = {
    ImportKind.CANDIDATES: (Right.TRIAGER, Right.LEAD, Right.COACH),
    ImportKind.VACANCIES: (Right.TRIAGER, Right.LEAD, Right.SERVICE_POINT),
    ImportKind.PROGRAMMES: (Right.TRIAGER, Right.LEAD, Right.OFFICER),
}

_EVERY_FIELD = frozenset(
    {
        *candidates.PROFILE_FIELDS,
        *AUDIT_FIELDS,
        *vacancies.PROFILE_FIELDS,
        *programmes.VALUE_FIELDS,
    }
)


Write = Callable[[Session, Viewer, Sequence[Row[Any]], frozenset[str], datetime, Outcome], object]


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
        Row(number, parts[0].region, parts)
        for number, parts in zip(loaded.rows, loaded.items, strict=True)
    ]
    return _import(
        session,
        viewer,
        ImportKind.CANDIDATES,
        opened,
        loaded,
        rows,
        write_candidates,
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
        Row(number, value.region, value)
        for number, value in zip(loaded.rows, loaded.items, strict=True)
    ]
    return _import(
        session, viewer, ImportKind.VACANCIES, opened, loaded, rows, write_vacancies, dry_run, now
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
        Row(number, value.region or "", value)
        for number, value in zip(loaded.rows, loaded.items, strict=True)
    ]
    return _import(
        session,
        viewer,
        ImportKind.PROGRAMMES,
        opened,
        loaded,
        rows,
        write_programmes,
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
    rows: list[Row[Any]],
    write: Write,
    dry_run: bool,
    now: datetime,
) -> ImportReport:
    outcome = Outcome(problems=list(loaded.problems))
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
    viewer: Viewer, rows: list[Row[Any]], outcome: Outcome
) -> Iterator[tuple[Viewer, list[Row[Any]]]]:
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


def _chunks(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _report(
    kind: ImportKind, outcome: Outcome, warnings: Sequence[Problem], dry_run: bool
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
    outcome: Outcome,
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
    outcome = Outcome(problems=list(parsed.problems))
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
                outcome.count(None, created=True, changed=True)
            else:
                changed = places.fill(stored, values)
                outcome.count(None, created=False, changed=changed)
        session.flush()
        if dry_run:
            savepoint.rollback()
        else:
            savepoint.commit()
            nobody = operator(None)
            _note(session, nobody, ImportKind.PLACES, data, outcome, now)
    return _report(ImportKind.PLACES, outcome, (), dry_run)
