"""Who may write which field: the other half of the table in ``matcher.services.visibility``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcher.domain.access import Right
from matcher.domain.vocabulary import LOADS
from matcher.services.visibility_fields import (
    CARE,
    CONTACT,
    COURSE,
    PAPERS,
    PLACE,
    PRACTICE,
    SUPPORT,
    TIME,
    TRAVEL,
    WISHES,
    fields_of,
)
from matcher.services.visibility_kinds import Kind

_COACH_WRITES = fields_of(
    ("first_name", "paused_until", "waiting_since", "goal"),
    (CONTACT | TRAVEL | TIME | PRACTICE | SUPPORT | PAPERS | CARE),
    ("sectors", "sectors_never"),
    LOADS,
)

WRITABLE: Mapping[Kind, Mapping[Right, frozenset[str]]] = {
    Kind.CANDIDATE: {
        Right.COACH: _COACH_WRITES,
        Right.LEAD: _COACH_WRITES,
        Right.TRIAGER: fields_of("rhythm", "work_skills", "paused_until", "observed_on"),
        Right.CANDIDATE: fields_of(WISHES, "first_name", CONTACT, "paused_until", "goal"),
    },
    Kind.VACANCY: {
        Right.CONTRACTOR: PLACE - {"region", "contractor"},
        Right.SERVICE_POINT: PLACE,
        Right.TRIAGER: PLACE,
        Right.LEAD: PLACE,
    },
    Kind.PROGRAMME: {
        Right.TRIAGER: fields_of(COURSE, "funding", "funding_sector", "is_active"),
        Right.LEAD: fields_of(COURSE, "funding", "funding_sector", "is_active"),
        Right.OFFICER: fields_of(COURSE, "funding", "funding_sector", "is_active"),
    },
}
"""What each right may change. `wants_start` is the candidate's own word: no member of staff can
set it (practice.md section 7, 1); a file may bring it, for it is then the candidate's answer."""


def writable_fields(kind: Kind | str, rights: Iterable[Right | str]) -> frozenset[str]:
    """Names of the fields of `kind` that somebody holding `rights` may set or change.

    Whoever may write anything of a new record also gives it its `reference`; that never changes.
    """
    cells = WRITABLE.get(Kind(kind), {})
    found: frozenset[str] = frozenset()
    for right in rights:
        found |= cells.get(Right(right), frozenset())
    return found
