"""How people are named on a page."""

from __future__ import annotations

from matcher.http.translate import gettext as _
from matcher.repositories.records import CandidateRecord


def person_name(record: CandidateRecord) -> str:
    """What somebody is called on a page that is turned towards them."""
    return record.first_name or _("kandidaat %(reference)s", reference=record.profile.reference)


def person_in_list(first_name: str | None, reference: str | None) -> str:
    """How somebody stands in a list: the first name, with the reference to tell them apart."""
    if first_name and reference:
        return f"{first_name} ({reference})"
    return first_name or reference or ""
