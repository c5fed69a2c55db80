"""The log of who did what with whose data, for those who answer for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from matcher.api.blueprint import Resource
from matcher.api.schemas.audit_entries import AuditEntryPage, AuditEntryQuery
from matcher.domain.access import Right
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.models.states import AuditAction
from matcher.repositories.audit_entries import EntryFilter
from matcher.services import audit
from matcher.services.calendar import start_of
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "audit-entries",
    __name__,
    description="The log: every read of a person, change, suggestion, decision and export.",
)
_ONE_DAY = timedelta(days=1)


@blp.get("")
@requires(*audit.SEARCHERS)
@blp.arguments(AuditEntryQuery, location="query")
@blp.response(200, AuditEntryPage)
def list_audit_entries(query: Mapping[str, Any]) -> dict[str, Any]:
    """Entries in reach, latest first

    Officers, team leads and analysts see their region; an administrator sees accounts and
    operations and nothing about a person. That somebody searched is an entry itself.
    """
    viewer = the_viewer()
    wanted = EntryFilter(
        candidate_id=query["candidate_id"],
        account_id=query["account_id"],
        right=None if query["right"] is None else Right(query["right"]),
        action=None if query["action"] is None else AuditAction(query["action"]),
        since=None if query["since"] is None else start_of(query["since"]),
        until=None if query["until"] is None else start_of(query["until"] + _ONE_DAY),
    )
    page = audit.search(
        current_session(), viewer, wanted, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [
            show(Kind.AUDIT_ENTRY, entry.as_mapping(), viewer.rights, Stage.OWN)
            for entry in page.items
        ],
        "next_cursor": page.next_cursor,
    }
