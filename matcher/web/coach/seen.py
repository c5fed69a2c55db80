"""What of a record the viewer may see: every page passes here, as every serialiser does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any

from matcher.domain.candidate import CandidateProfile
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.repositories.records import CandidateRecord
from matcher.services import candidates
from matcher.services.visibility import Kind, show, visible_fields

_KEYS = frozenset({"reference", "region"})
_REACHING = ("first_name", "contact_kind", "contact_value", "goal")


def the_candidate(candidate_id: int) -> CandidateRecord:
    """A candidate in reach of the viewer; what the viewer may not see reads as unknown."""
    return seen_candidate(candidates.get_candidate(current_session(), the_viewer(), candidate_id))


def seen_candidate(record: CandidateRecord) -> CandidateRecord:
    """`record` with every field that the viewer may not see emptied."""
    allowed = visible_fields(Kind.CANDIDATE, the_viewer().rights) | _KEYS
    hidden = {
        item.name: None if item.default is MISSING else item.default
        for item in fields(CandidateProfile)
        if item.name not in allowed
    }
    reaching: dict[str, Any] = {name: None for name in _REACHING if name not in allowed}
    return replace(record, profile=record.profile.with_values(hidden), **reaching)


def seen_row(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a row of advice that the viewer may see."""
    return show(kind, row, the_viewer().rights)


def seen_rows(kind: Kind, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same for each of `rows`."""
    return [seen_row(kind, row) for row in rows]
