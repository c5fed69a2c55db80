"""Who looks for work in a region, as anybody may read it: counted once a week, small counts hidden.

The page and the pool of a sector read the same kept counting, so that neither says more than the
other. A counting stands for the days that ``data/parameters/talent.yaml`` says; whoever asks first
after that has it made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import operator
from matcher.domain.disclosure import published
from matcher.domain.follow_up import month_after
from matcher.domain.public_counts import (
    PublicEmployer,
    PublicTalent,
    public_talent,
    rounded,
    rounded_cents,
)
from matcher.domain.vocabulary import section_of
from matcher.models import TalentCount
from matcher.models.wall import whole_database
from matcher.reference.codes import load_codes
from matcher.reference.talent import TalentTerms, load_talent_terms
from matcher.repositories import talent as rows
from matcher.services.contracts import list_accounts
from matcher.services.transactions import unit_of_work


@dataclass(frozen=True, slots=True)
class Counting:
    """What was counted on a day; it stands until the day before `until`."""

    region: str
    on: date
    until: date
    shown: PublicTalent
    own: PublicEmployer | None = None
    """What the municipality does itself; None where no organisation is marked as it."""

    @property
    def months(self) -> list[tuple[date, int | None]]:
        """(first day of the month, who can start in it or before), the present one first."""
        first = self.on.replace(day=1)
        return [
            (month_after(first, ahead), count) for ahead, count in enumerate(self.shown.can_start)
        ]


def talent_of(session: Session, region: str, *, on: date) -> Counting:
    """The counting of a region that stands on `on`; makes one where none does."""
    row = rows.newest(session, region)
    if row is None or on >= row.on + _stands(row.on):
        row = _count(session, region, row, on)
    return Counting(
        region, row.on, row.on + _stands(row.on), _read(row.figures), _read_own(row.figures)
    )


def _stands(on: date) -> timedelta:
    return load_talent_terms(on).stands


def _count(session: Session, region: str, before: TalentCount | None, on: date) -> TalentCount:
    number = 1 if before is None else before.number + 1
    own = count_own(session, region, on=on)
    figures = _written(count_talent(session, region, on=on))
    figures["own"] = None if own is None else asdict(own)
    try:
        with unit_of_work(session):
            rows.keep(session, region, number, on=on, figures=figures)
    except IntegrityError:
        # Somebody else asked at the same moment: theirs stands.
        pass
    found = rows.newest(session, region)
    if found is None:
        raise LookupError(f"no counting of {region} was kept")
    return found


def count_talent(session: Session, region: str, *, on: date) -> PublicTalent:
    """Counts a region anew, whatever stands; for a new counting, and for tests."""
    terms = load_talent_terms(on)
    sectors = {code: section_of(code) for code in load_codes().list("sectors").codes}
    people = rows.seekers(session, region, on)
    return public_talent(people, sectors, on, terms.months, terms.counts)


def _written(found: PublicTalent) -> dict[str, Any]:
    return {
        "can_start": list(found.can_start),
        "wanted": dict(found.wanted),
        "soon": dict(found.soon),
    }


def _read(figures: Mapping[str, Any]) -> PublicTalent:
    return PublicTalent(tuple(figures["can_start"]), dict(figures["wanted"]), dict(figures["soon"]))


def _read_own(figures: Mapping[str, Any]) -> PublicEmployer | None:
    # A counting of before this was counted says nothing about it.
    own = figures.get("own")
    return None if own is None else PublicEmployer(**{**own, "names": tuple(own["names"])})


def count_own(session: Session, region: str, *, on: date) -> PublicEmployer | None:
    """Counts anew what the municipality does itself; None where no organisation is marked as it."""
    bodies = rows.own_bodies(session, region)
    if not bodies:
        return None
    terms = load_talent_terms(on)
    numbers = [number for number, _name in bodies]
    owed, done = _own_account(session, region, numbers, terms, on)
    return PublicEmployer(
        names=tuple(name for _number, name in bodies),
        places=rows.open_places(session, numbers),
        at_work=rounded(rows.people_at_work(session, numbers, on), terms.counts),
        owed_cents=owed,
        done_cents=done,
    )


def _own_account(
    session: Session, region: str, organisations: Sequence[int], terms: TalentTerms, on: date
) -> tuple[int | None, int | None]:
    """(owed, done) over all contracts of these organisations together, as anybody may read it."""
    # Whoever asks sees only the sums.
    with whole_database(session, "counting what the municipality does itself"):
        views = [
            view
            for view in list_accounts(session, operator(region), on)
            if view.record.organisation_id in organisations
        ]
    accounts = [(view.account, view.contributions) for view in views if view.account is not None]
    told = [published(account, items, terms.counts.least) for account, items in accounts]
    done = [cents for cents in told if cents is not None]
    return (
        sum(account.obligation_cents for account, _items in accounts) if accounts else None,
        rounded_cents(sum(done), terms.own_rounding_cents) if done else None,
    )


def sector_pool(session: Session, region: str, *, on: date) -> list[dict[str, Any]]:
    """For every sector, how many people of the region look for work there.

    A wish for a section counts for the section alone, one for a division for both. None under the
    smallest count that is shown; paused people count, for they come back.
    """
    found = talent_of(session, region, on=on)
    return [
        {
            "sector": code.code,
            "label": {"nl": code.label("nl"), "en": code.label("en")},
            "count": found.shown.wanted.get(code.code),
            "as_of": found.on,
        }
        for code in load_codes().list("sectors").codes.values()
    ]
