"""Arrangements: firms, a school and the region agree on so many people at work by a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.files.columns import Column
from matcher.files.columns import Kind as ColumnKind
from matcher.models import Arrangement
from matcher.repositories import arrangements as rows
from matcher.repositories.records import ArrangementRecord, Page
from matcher.services.checks import checked_texts, checked_values, refuse
from matcher.services.transactions import unit_of_work

PLANNERS = (Right.LEAD, Right.OFFICER, Right.TRIAGER)
TARGET_MAXIMUM = 10_000
FIRMS_MAXIMUM = 50
_NAME_MAXIMUM = 120
_FIELDS = frozenset({"name", "sectors", "firms", "provider", "target", "starts_on", "until"})
_SECTORS = {
    "sectors": Column(
        "sectors",
        ColumnKind.ORDERED_CODES,
        "Sectors",
        "Sectoren",
        "F42",
        codes=("sectors",),
        empty=(),
    )
}


@dataclass(frozen=True, slots=True)
class ArrangementView:
    """An arrangement with what is in it: open vacancies, programmes, and the firms of both lists.

    `vacancies` and `programmes` are references; `places` adds up the places of the vacancies.
    """

    record: ArrangementRecord
    vacancies: tuple[str, ...]
    programmes: tuple[str, ...]
    contractors: tuple[str, ...]
    places: int

    def as_mapping(self) -> dict[str, Any]:
        """Every field by the names of the visibility table."""
        found = self.record.as_mapping()
        found["from"] = found.pop("starts_on")
        return {
            **found,
            "vacancies": list(self.vacancies),
            "programmes": list(self.programmes),
            "contractors": list(self.contractors),
            "places": self.places,
        }


def list_arrangements(session: Session, viewer: Viewer) -> list[ArrangementView]:
    """The arrangements of the viewer's region, by name."""
    return [_view(session, viewer, row) for row in rows.list_rows(session, viewer)]


def page_of_arrangements(
    session: Session, viewer: Viewer, *, cursor: str | None, limit: int
) -> Page[ArrangementView]:
    """One page of them, by name."""
    page = rows.page(session, viewer, cursor=cursor, limit=limit)
    return Page(tuple(_view(session, viewer, row) for row in page.items), page.next_cursor)


def get_arrangement(session: Session, viewer: Viewer, arrangement_id: int) -> ArrangementView:
    """One arrangement in reach; NotFound for any other."""
    return _view(session, viewer, rows.get_row(session, viewer, arrangement_id))


def _view(session: Session, viewer: Viewer, row: Arrangement) -> ArrangementView:
    vacancies = rows.vacancies_of(session, viewer, row.name)
    return ArrangementView(
        record=rows.to_record(row),
        vacancies=tuple(vacancy.reference for vacancy, _firm in vacancies),
        programmes=tuple(rows.programmes_of(session, viewer, row.name)),
        contractors=tuple(sorted({*row.firms, *(firm for _vacancy, firm in vacancies)})),
        places=sum(vacancy.places for vacancy, _firm in vacancies),
    )


def create_arrangement(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, now: datetime
) -> ArrangementView:
    """A new arrangement of the viewer's region; `values` by column, `name` required."""
    with unit_of_work(session):
        _check_planner(viewer)
        clean = _checked(viewer, {"name": None, "sectors": (), "firms": (), **values})
        empty = dict.fromkeys(("provider", "target", "starts_on", "until"))
        stamps = {"created_at": now, "updated_at": now}
        row = Arrangement(**{**empty, **clean, **stamps}, region=viewer.region)
        _check_name(session, viewer, row.name)
        session.add(row)
        _flush(session)
        return _view(session, viewer, row)


def update_arrangement(
    session: Session,
    viewer: Viewer,
    arrangement_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> ArrangementView:
    """Changes the columns named in `values`.

    Vacancies and programmes name their arrangement, so its name stays as it is.
    """
    with unit_of_work(session):
        _check_planner(viewer)
        row = rows.get_row(session, viewer, arrangement_id, for_update=True)
        if row.version != expected_version:
            raise Stale("arrangement", row.version)
        if values.get("name", row.name) != row.name:
            raise InvalidInput([Problem("name", "never changes")])
        days = {"starts_on": row.starts_on, "until": row.until}
        given = {name: value for name, value in values.items() if name != "name"}
        clean = _checked(viewer, {**days, **given})
        changed = {name: value for name, value in clean.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.updated_at = now
            session.flush()
        return _view(session, viewer, row)


def _check_planner(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(*PLANNERS):
        raise Forbidden("only a triager, a team lead or an officer plans arrangements")


def _checked(viewer: Viewer, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as they can be kept; InvalidInput with all that is wrong with them."""
    unknown = sorted(set(values) - _FIELDS)
    problems = [Problem(name, "is not a known field") for name in unknown]
    limits = {"name": _NAME_MAXIMUM, "provider": 200}
    clean, more = checked_texts(limits, values, viewer.language, names=limits)
    problems += more
    if "name" in clean and clean["name"] is None:
        problems.append(Problem("name", "is required; fill it in"))
    if "sectors" in values:
        sectors = {"sectors": tuple(values["sectors"] or ())}
        codes, more = checked_values(_SECTORS, sectors, viewer.language)
        clean |= codes
        problems += more
    if "firms" in values:
        clean["firms"], more = _firms(values["firms"] or (), viewer.language)
        problems += more
    for name in ("target", "starts_on", "until"):
        if name in values:
            clean[name] = values[name]
    problems += _numbers(clean)
    refuse(problems)
    return clean


def _firms(names: Sequence[str], language: str) -> tuple[tuple[str, ...], list[Problem]]:
    """The names of firms, each once and in their order."""
    found: dict[str, None] = {}
    problems: list[Problem] = []
    if len(names) > FIRMS_MAXIMUM:
        problems.append(Problem("firms", f"must be at most {FIRMS_MAXIMUM}"))
    for name in names[:FIRMS_MAXIMUM]:
        limit = {"firms": _NAME_MAXIMUM}
        read, more = checked_texts(limit, {"firms": name}, language, names=("firms",))
        problems += more
        text = read.get("firms")
        if text and "|" in text:
            problems.append(Problem("firms", "must not hold the sign |"))
        elif text:
            found[text] = None
    return tuple(found), problems


def _numbers(clean: Mapping[str, Any]) -> list[Problem]:
    problems = []
    target = clean.get("target")
    if target is not None and not 1 <= target <= TARGET_MAXIMUM:
        problems.append(Problem("target", f"must be from 1 to {TARGET_MAXIMUM}"))
    first: date | None = clean.get("starts_on")
    last: date | None = clean.get("until")
    if first is not None and last is not None and last < first:
        problems.append(Problem("until", "must not lie before the start"))
    return problems


def _check_name(session: Session, viewer: Viewer, name: str) -> None:
    if rows.find_row(session, viewer, name) is not None:
        raise Conflict("there is already an arrangement of this name in the region")


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("there is already an arrangement of this name in the region") from error
