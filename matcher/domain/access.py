"""Who looks: the rights an account can hold, and the viewer that every query is scoped to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What an account may be used for; one account can hold several (practice.md section 2)."""

    COACH = "coach"
    TRIAGER = "triager"
    SERVICE_POINT = "service_point"
    LEAD = "lead"
    CONTRACTOR = "contractor"
    OFFICER = "officer"
    ANALYST = "analyst"
    CANDIDATE = "candidate"
    ADMIN = "admin"


STAFF = frozenset({Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD})
"""Rights of people who work with candidates; the others never see one by name by themselves."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """One account at work; an empty `region` or `organisation_id` reaches nothing there.

    `account_id` is None for the operator on the command line, who works one region at a time.
    """

    account_id: int | None
    rights: frozenset[Right]
    region: str | None = None
    organisation_id: int | None = None
    language: str = "nl"
    candidate_id: int | None = None
    """Whose own view this is, for the right *candidate*."""
    covers: frozenset[int] = frozenset()
    """Accounts whose whole caseload this one stands in for today."""
    covers_candidates: frozenset[int] = frozenset()
    """Single candidates that this one stands in for today."""

    def has(self, *rights: Right) -> bool:
        """Whether at least one of `rights` is held."""
        return not self.rights.isdisjoint(rights)

    @property
    def is_staff(self) -> bool:
        """Whether this account works with candidates."""
        return not self.rights.isdisjoint(STAFF)


NOBODY = Viewer(account_id=None, rights=frozenset())
"""The visitor who is not signed in."""


def operator(region: str | None) -> Viewer:
    """The person at the command line of the server, who reaches everything of one region.

    Without a region nothing is reached; a use case that serves every region takes each in turn.
    """
    rights = STAFF | {Right.OFFICER, Right.ANALYST}
    return Viewer(account_id=None, rights=rights, region=region)
