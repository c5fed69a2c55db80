"""Sheets of *Onze afspraken*, and the starts that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.agreements import Commitments, Side, open_sides, sides_asked
from matcher.models import Agreement, Candidate, Introduction, Organisation, Placement, Vacancy
from matcher.models.states import IntroductionState
from matcher.repositories.introductions import locked as locked_introduction
from matcher.repositories.placements import OPEN
from matcher.repositories.placements import locked as locked_placement
from matcher.repositories.records import Record
from matcher.repositories.scope import caseload_owners, scoped, unscoped


@dataclass(frozen=True, slots=True)
class About:
    """What a sheet is about: one of the two numbers."""

    introduction_id: int | None = None
    placement_id: int | None = None

    def __post_init__(self) -> None:
        if (self.introduction_id is None) == (self.placement_id is None):
            raise ValueError("a sheet is about an introduction or about a placement")


@dataclass(frozen=True, slots=True)
class SheetRecord(Record):
    """A sheet as kept; `id` and `version` are 0 as long as nothing was written on it."""

    id: int
    version: int
    about: About
    region: str
    candidate_id: int
    organisation_id: int | None
    fund_pays: bool
    head: Mapping[str, Any]
    sides: Mapping[Side, Commitments]
    title: str | None
    contractor: str | None
    reference: str
    first_name: str | None
    is_open: bool
    """Both met, or the work has not ended: something can be agreed."""

    @property
    def open_sides(self) -> tuple[Side, ...]:
        """With nothing agreed yet."""
        return open_sides(self.sides, self.fund_pays)


def asked_of(record: SheetRecord) -> tuple[Side, ...]:
    """The sides that stand on a sheet."""
    return sides_asked(record.fund_pays)


def empty_of(kept: Mapping[str, Any], fund_pays: bool) -> tuple[Side, ...]:
    """The sides with nothing agreed, out of what is kept."""
    return open_sides(read_sides(kept), fund_pays)


def starts(
    session: Session,
    viewer: Viewer,
    about: About | None = None,
    *,
    own: bool = False,
    over: bool = False,
) -> list[SheetRecord]:
    """What can be agreed about in reach: introductions in which both met, work that has not ended.

    `about` finds one, also once it is over; `over` finds all; `own` narrows to the viewer's own
    caseload.
    """
    found: list[SheetRecord] = []
    if about is None or about.introduction_id is not None:
        found += _of_introductions(session, viewer, about, own, over)
    if about is None or about.placement_id is not None:
        found += _of_placements(session, viewer, about, own, over)
    return found


def _of_introductions(
    session: Session, viewer: Viewer, about: About | None, own: bool, over: bool
) -> list[SheetRecord]:
    columns: tuple[Any, ...] = (
        Introduction, Agreement, Vacancy.title, Vacancy.contractor, Candidate.reference,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Candidate, Candidate.id == Introduction.candidate_id)
        .join(Vacancy, Vacancy.id == Introduction.vacancy_id)
        .outerjoin(Agreement, Agreement.introduction_id == Introduction.id)
        .order_by(Introduction.id)
    )
    if about is None and not over:
        statement = statement.where(Introduction.state == IntroductionState.INTRODUCED)
    elif about is not None:
        statement = statement.where(Introduction.id == about.introduction_id)
    if own:
        statement = statement.where(_is_own(viewer))
    # Of an introduction in reach one may know the place; the sheet goes with the introduction.
    reached = unscoped(scoped(statement, viewer, Introduction), Candidate, Vacancy, Agreement)
    return [
        _record(
            About(introduction_id=row.id),
            row.candidate_id or 0,
            row,
            sheet,
            (title, firm, reference, row.shown.get("first_name")),
            row.state is IntroductionState.INTRODUCED,
        )
        for row, sheet, title, firm, reference in session.execute(_fresh(reached))
    ]


def _of_placements(
    session: Session, viewer: Viewer, about: About | None, own: bool, over: bool
) -> list[SheetRecord]:
    columns: tuple[Any, ...] = (
        Placement, Agreement, Vacancy.title, Organisation.name, Candidate.reference,
        Candidate.first_name,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Candidate, Candidate.id == Placement.candidate_id)
        .outerjoin(Vacancy, Vacancy.id == Placement.vacancy_id)
        .outerjoin(Organisation, Organisation.id == Placement.organisation_id)
        .outerjoin(Agreement, Agreement.placement_id == Placement.id)
        .order_by(Placement.id)
    )
    if about is None and not over:
        statement = statement.where(Placement.state.in_(OPEN))
    elif about is not None:
        statement = statement.where(Placement.id == about.placement_id)
    if own:
        statement = statement.where(_is_own(viewer))
    # As in `_of_introductions`.
    reached = unscoped(
        scoped(statement, viewer, Placement), Candidate, Vacancy, Organisation, Agreement
    )
    return [
        _record(
            About(placement_id=row.id),
            row.candidate_id,
            row,
            sheet,
            tuple(words),
            row.state in OPEN,
        )
        for row, sheet, *words in session.execute(_fresh(reached))
    ]


def _is_own(viewer: Viewer) -> Any:
    owned = Candidate.owner_account_id.in_(caseload_owners(viewer))
    return or_(owned, Candidate.id.in_(sorted(viewer.covers_candidates)))


def _fresh(statement: Any) -> Any:
    return statement.execution_options(populate_existing=True)


def _record(
    about: About,
    candidate_id: int,
    row: Introduction | Placement,
    sheet: Agreement | None,
    words: tuple[str | None, ...],
    is_open: bool,
) -> SheetRecord:
    title, firm, reference, first_name = words
    return SheetRecord(
        id=0 if sheet is None else sheet.id,
        version=0 if sheet is None else sheet.version,
        about=about,
        region=row.region,
        candidate_id=candidate_id,
        organisation_id=row.organisation_id,
        fund_pays=False if sheet is None else sheet.fund_pays,
        head={} if sheet is None else sheet.head,
        sides={} if sheet is None else read_sides(sheet.sides),
        title=title,
        contractor=firm,
        reference=reference or "",
        first_name=first_name,
        is_open=is_open,
    )


def read_sides(kept: Mapping[str, Any]) -> dict[Side, Commitments]:
    """The sides out of what is kept."""
    return {
        Side(name): Commitments(tuple(found["codes"]), found["text"])
        for name, found in kept.items()
    }


def written(session: Session, viewer: Viewer) -> list[SheetRecord]:
    """The sheets in reach on which something stands, also about what is over."""
    return [one for one in starts(session, viewer, over=True) if one.id]


def lock(session: Session, viewer: Viewer, about: About) -> None:
    """Queues for what a sheet is about; NotFound out of reach."""
    if about.introduction_id is not None:
        locked_introduction(session, viewer, about.introduction_id)
    else:
        locked_placement(session, viewer, about.placement_id or 0)


def row_for(session: Session, viewer: Viewer, sheet: SheetRecord, now: datetime) -> Agreement:
    """The row of a sheet that is locked, made where nothing was written yet."""
    statement = select(Agreement).where(Agreement.id == sheet.id)
    row = session.scalar(scoped(statement, viewer, Agreement)) if sheet.id else None
    if row is None:
        row = Agreement(
            region=sheet.region,
            candidate_id=sheet.candidate_id,
            organisation_id=sheet.organisation_id,
            introduction_id=sheet.about.introduction_id,
            placement_id=sheet.about.placement_id,
            fund_pays=False,
            head={},
            sides={},
            open_sides=tuple(side.value for side in sheet.open_sides),
            created_at=now,
            updated_at=now,
        )
        session.add(row)
    return row


def move(session: Session, introduction_id: int, placement_id: int) -> None:
    """The sheet of an introduction in reach is that of the placement from now on."""
    # The introduction was locked in reach; its sheet goes with it.
    statement = select(Agreement).where(Agreement.introduction_id == introduction_id)
    row = session.scalar(unscoped(statement, Agreement))
    if row is not None:
        row.introduction_id, row.placement_id = None, placement_id
        session.flush()
