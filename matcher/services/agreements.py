"""*Onze afspraken*: writing what a side commits to, reading a sheet, and which sides are empty.

Each side writes its own; who guides the person writes for all of them, with the next step. An empty
side is something to do for its owner and never keeps anybody from starting. An employer reads the
own side and an allowlist of the others (`matcher.domain.agreements.for_employer`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.agreements import Commitments, Side, for_employer
from matcher.domain.errors import Conflict, Forbidden, NotFound, Problem, Stale
from matcher.reference.codes import load_codes
from matcher.reference.placements import load_placement_terms
from matcher.repositories import agreements as rows
from matcher.repositories import recording
from matcher.repositories.agreements import About, SheetRecord
from matcher.services.calendar import day_of
from matcher.services.checks import checked_texts, phone_number, refuse
from matcher.services.placements import PLACERS
from matcher.services.transactions import unit_of_work

LIST = "commitments"
WRITERS: Mapping[Right, tuple[Side, ...]] = {
    **dict.fromkeys(PLACERS, tuple(Side)),
    Right.CONTRACTOR: (Side.EMPLOYER,),
    Right.CANDIDATE: (Side.CANDIDATE,),
}
"""Which sides somebody writes."""
OWNERS: Mapping[Right, tuple[Side, ...]] = {
    **dict.fromkeys(PLACERS, (Side.CANDIDATE, Side.MUNICIPALITY, Side.FUND)),
    Right.CONTRACTOR: (Side.EMPLOYER,),
    Right.CANDIDATE: (Side.CANDIDATE,),
}
"""For whom an empty side is something to do; the coach makes the candidate's with them."""
HEAD_TEXTS = {"next_step": 160, "with_whom": 120}
HEAD = ("next_step", "next_on", "with_whom", "phone")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as far as the viewer may read it."""

    about: About
    version: int
    candidate_id: int
    title: str | None
    contractor: str | None
    first_name: str | None
    reference: str
    fund_pays: bool
    head: Mapping[str, Any]
    sides: Mapping[Side, Commitments]
    asked: tuple[Side, ...]
    """The sides that stand on it."""
    empty: tuple[Side, ...]
    """Of those, the ones with nothing in them, as far as the viewer reads."""
    writes: tuple[Side, ...]


def codes_of_side(side: Side) -> tuple[str, ...]:
    """What a side can choose."""
    found = load_codes().list(LIST).codes.values()
    return tuple(code.code for code in found if code.attributes["side"] == side.value)


def shown_to_employers() -> frozenset[str]:
    """The allowlist: nothing about debts, health or care stands on it."""
    found = load_codes().list(LIST).codes.values()
    return frozenset(code.code for code in found if code.attributes["shown"] == "yes")


def sheet_of(session: Session, viewer: Viewer, about: About) -> Sheet:
    """The sheet about one start in reach; NotFound for any other."""
    _right(viewer)
    found = rows.starts(session, viewer, about)
    if not found:
        raise NotFound("agreement")
    if not viewer.has(Right.CANDIDATE):
        recording.note_read_of(session, viewer, found[0].candidate_id, found[0].region)
    return _seen(found[0], viewer)


def open_sheets(session: Session, viewer: Viewer, *, own: bool = False) -> list[Sheet]:
    """The sheets in reach on which something can be agreed now."""
    _right(viewer)
    return [_seen(one, viewer) for one in rows.starts(session, viewer, own=own)]


def to_fill(session: Session, viewer: Viewer) -> list[Sheet]:
    """The sheets with an empty side of which the viewer is the owner, of the own people alone.

    Work that somebody found otherwise has no employer here to agree with.
    """
    right = _right(viewer)
    own = right in PLACERS
    found = open_sheets(session, viewer, own=own)
    return [
        one for one in found if one.contractor is not None and set(one.empty) & set(OWNERS[right])
    ]


def _right(viewer: Viewer) -> Right:
    found = [right for right in WRITERS if viewer.has(right)]
    if not found:
        raise Forbidden("only the candidate, the employer and who guides people agree on this")
    return found[0]


def _seen(record: SheetRecord, viewer: Viewer) -> Sheet:
    right = _right(viewer)
    writes = WRITERS[right] if record.is_open else ()
    if right is Right.CONTRACTOR:
        sides = for_employer(record.sides, shown_to_employers())
        of_fund = sides.get(Side.FUND, Commitments())
        seen = replace(record, sides=sides, head={}, fund_pays=not of_fund.is_empty)
    else:
        seen = record
    asked = rows.asked_of(seen)
    return Sheet(
        about=seen.about,
        version=0 if right is Right.CONTRACTOR else seen.version,
        candidate_id=seen.candidate_id,
        title=seen.title,
        contractor=seen.contractor,
        first_name=seen.first_name,
        reference=seen.reference,
        fund_pays=seen.fund_pays,
        head=seen.head,
        sides={side: seen.sides.get(side, Commitments()) for side in asked},
        asked=asked,
        empty=seen.open_sides,
        writes=tuple(side for side in writes if side in asked or right in PLACERS),
    )


# --- writing --------------------------------------------------------------------------------------


def write_side(
    session: Session,
    viewer: Viewer,
    about: About,
    side: Side,
    codes: Sequence[str],
    text: str | None,
    *,
    now: datetime,
) -> None:
    """Keeps what a side commits to: codes of that side, as many as the terms allow, and a text.

    Nothing takes it back. Writing it again takes the place of what stood there.
    """
    if side not in WRITERS[_right(viewer)]:
        raise Forbidden("that side is written by somebody else")
    with unit_of_work(session):
        sheet = _locked(session, viewer, about)
        kept = _checked(viewer, side, codes, text, day_of(now))
        row = rows.row_for(session, viewer, sheet, now)
        _write(row, {**sheet.sides, side: kept}, sheet.fund_pays, now)
        session.flush()


def write_all(
    session: Session,
    viewer: Viewer,
    about: About,
    head: Mapping[str, Any],
    sides: Mapping[Side, Commitments],
    *,
    fund_pays: bool,
    expected_version: int,
    now: datetime,
) -> None:
    """Who guides the person keeps the whole sheet: the next step, each side, and the fund."""
    if not viewer.has(*PLACERS):
        raise Forbidden("only who guides people writes the whole sheet")
    with unit_of_work(session):
        sheet = _locked(session, viewer, about)
        if sheet.version != expected_version:
            raise Stale("agreement", sheet.version)
        on = day_of(now)
        kept = {
            side: _checked(viewer, side, found.codes, found.text, on, prefix=f"{side.value}_")
            for side, found in sides.items()
        }
        row = rows.row_for(session, viewer, sheet, now)
        row.head = _checked_head(viewer, head)
        _write(row, {**sheet.sides, **kept}, fund_pays, now)
        session.flush()


def _locked(session: Session, viewer: Viewer, about: About) -> SheetRecord:
    rows.lock(session, viewer, about)
    (sheet,) = rows.starts(session, viewer, about)
    if not sheet.is_open:
        raise Conflict("this introduction or placement is over; its agreements stand")
    return sheet


def _write(row: Any, sides: Mapping[Side, Commitments], fund_pays: bool, now: datetime) -> None:
    row.sides = {
        side.value: {"codes": list(found.codes), "text": found.text}
        for side, found in sides.items()
        if not found.is_empty and (fund_pays or side is not Side.FUND)
    }
    row.fund_pays = fund_pays
    row.open_sides = tuple(side.value for side in rows.empty_of(row.sides, fund_pays))
    row.updated_at = now


def _checked(
    viewer: Viewer,
    side: Side,
    codes: Sequence[str],
    text: str | None,
    on: date,
    *,
    prefix: str = "",
) -> Commitments:
    terms = load_placement_terms(on)
    known = codes_of_side(side)
    chosen = tuple(code for code in known if code in codes)
    problems = []
    if set(codes) - set(known):
        problems.append(Problem(f"{prefix}codes", f"must be of {', '.join(known)}"))
    if len(chosen) > terms.commitments_most:
        problems.append(Problem(f"{prefix}codes", f"at most {terms.commitments_most}"))
    name = f"{prefix}text"
    texts, wrong = checked_texts({name: terms.commitment_text}, {name: text}, viewer.language)
    refuse([*problems, *wrong])
    return Commitments(chosen, texts[name])


def _checked_head(viewer: Viewer, head: Mapping[str, Any]) -> dict[str, Any]:
    texts, problems = checked_texts(
        HEAD_TEXTS,
        {name: head.get(name) for name in HEAD_TEXTS},
        viewer.language,
        names=("with_whom",),
    )
    phone, next_on = head.get("phone"), head.get("next_on")
    if phone and phone_number(phone) is None:
        problems.append(Problem("phone", "must be a telephone number"))
    refuse(problems)
    return {
        **texts,
        "phone": phone_number(phone) if phone else None,
        "next_on": next_on.isoformat() if isinstance(next_on, date) else None,
    }


def own_copy(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """What was agreed with the viewer, a candidate, also about what is over."""
    return [
        {
            "title": one.title,
            "contractor": one.contractor,
            **{name: one.head.get(name) for name in HEAD},
            "sides": {
                side.value: {"codes": list(found.codes), "text": found.text}
                for side, found in one.sides.items()
            },
        }
        for one in rows.written(session, viewer)
    ]
