"""Changes of accounts that two people decide: one asks and says why, another confirms or refuses.

Until then nothing changes. The operator at the command line of the server can confirm too, which is
the way out where there is one administrator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, NotFound, Problem
from matcher.models import Account, RightsChange
from matcher.models.states import ChangeState
from matcher.repositories import accounts
from matcher.repositories import rights_changes as rows
from matcher.repositories import sessions as session_rows
from matcher.repositories.records import AccountRecord
from matcher.services.account_notices import tell_owner
from matcher.services.accounts import (
    REGION_COLUMN,
    account_problems,
    add_account,
    end_links,
    firm_called,
    rights_problems,
)
from matcher.services.checks import checked_texts, checked_values, refuse
from matcher.services.choices import choice
from matcher.services.mail_links import Invitation, invite
from matcher.services.outbox import is_mail_address
from matcher.services.second_factor import take_away
from matcher.services.transactions import unit_of_work

WHY_MAXIMUM = 200
FIELDS = (
    *("name", "rights", "region", "organisation", "email", "language"),
    *("is_active", "reset_second_factor"),
)
"""What can be asked for; a new account has all but the last two."""


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One change; `wanted` holds only what is to become different."""

    id: int
    account_id: int | None
    account_name: str
    wanted: Mapping[str, Any]
    why: str
    state: ChangeState
    asked_by: int | None
    asked_by_name: str | None
    created_at: datetime
    decided_by_name: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation did; `invitation` only for a new account."""

    change: ChangeRecord
    account_id: int
    invitation: Invitation | None


def get_account_of(session: Session, viewer: Viewer, account_id: int) -> AccountRecord:
    """One account, for admins; NotFound for that of a candidate."""
    _check_admin(viewer)
    return accounts.to_record(_account(session, account_id))


def organisation_of(session: Session, record: AccountRecord) -> str | None:
    """The name of the firm that an account belongs to."""
    return accounts.organisation_name(session, record.organisation_id)


def as_it_is(session: Session, change: ChangeRecord) -> dict[str, Any] | None:
    """What stands there now of all that can be asked for; None for a new account."""
    if change.account_id is None:
        return None
    return _as_it_is(session, _account(session, change.account_id))


def ask_change(
    session: Session,
    viewer: Viewer,
    account_id: int | None,
    wanted: Mapping[str, Any],
    why: str,
    *,
    now: datetime,
) -> ChangeRecord:
    """Asks for a change of an account, or for a new one without `account_id`.

    `wanted` goes by the names of `FIELDS`; what the account has already is left out. InvalidInput
    names what is wrong or that nothing would change; Conflict when another change of the account
    waits.
    """
    _check_admin(viewer)
    unknown = sorted(set(wanted) - set(FIELDS))
    problems = [Problem(name, "is not a known field") for name in unknown]
    texts, more = checked_texts({"why": WHY_MAXIMUM}, {"why": why}, viewer.language)
    problems += more
    if not more and texts["why"] is None:
        problems.append(Problem("why", "is required; say why"))
    refuse(problems)
    with unit_of_work(session):
        account = None if account_id is None else _account(session, account_id)
        if account is not None and rows.open_rows(session, account.id):
            raise Conflict("another change of this account waits for a second person")
        different = _different(session, account, wanted)
        _check(session, account, different)
        row = RightsChange(
            account_id=account_id,
            wanted=different,
            why=texts["why"],
            state=ChangeState.ASKED,
            asked_by=viewer.account_id,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        return _to_record(session, row)


def _different(
    session: Session, account: Account | None, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    now_so = {} if account is None else _as_it_is(session, account)
    given = dict(wanted)
    if "rights" in given:
        given["rights"] = sorted(choice(Right, "rights", right).value for right in given["rights"])
    return {name: value for name, value in given.items() if value != now_so.get(name)}


def _as_it_is(session: Session, account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "rights": sorted(account.rights),
        "region": account.region,
        "organisation": accounts.organisation_name(session, account.organisation_id),
        "email": account.email,
        "language": account.language,
        "is_active": account.is_active,
        "reset_second_factor": False,
    }


def _check(session: Session, account: Account | None, different: Mapping[str, Any]) -> None:
    """Refuses what could not be carried out, so that nobody confirms something impossible."""
    before = {"language": "nl"} if account is None else _as_it_is(session, account)
    after = {**before, **different}
    held = frozenset(Right(right) for right in after.get("rights", ()))
    _values, problems = checked_values(
        {"region": REGION_COLUMN}, {"region": after.get("region")}, "en"
    )
    problems += account_problems(after.get("name") or "", after.get("email"), after["language"])
    problems += rights_problems(held, after.get("region"), after.get("organisation"))
    if Right.CANDIDATE in held:
        problems.append(Problem("rights", "a candidate gets a link from the coach"))
    if account is None and not is_mail_address(after.get("email")):
        problems.append(Problem("email", "is required; the invitation goes there"))
    if account is not None and not different:
        problems.append(Problem("rights", "nothing would change; change something first"))
    if account is not None and "name" in different:
        problems.append(Problem("name", "stays as it is; make another account"))
    refuse(problems)
    if account is None and accounts.find_by_name(session, str(after["name"]).strip().casefold()):
        raise Conflict("there is already an account with this name")


def list_open_changes(session: Session, viewer: Viewer) -> list[ChangeRecord]:
    """What waits for a second person, oldest first."""
    _check_admin(viewer)
    return [_to_record(session, row) for row in rows.open_rows(session)]


def list_changes_of(session: Session, viewer: Viewer, account_id: int) -> list[ChangeRecord]:
    """What was asked about one account: first what waits, then the rest, newest first."""
    _check_admin(viewer)
    _account(session, account_id)
    found = [*rows.open_rows(session, account_id), *rows.decided_rows(session, account_id)]
    return [_to_record(session, row) for row in found]


def may_decide(viewer: Viewer, change: ChangeRecord) -> bool:
    """Whether `viewer` may confirm or refuse: an admin who did not ask, about somebody else."""
    return (
        viewer.has(Right.ADMIN)
        and change.state is ChangeState.ASKED
        and (
            viewer.account_id is None
            or viewer.account_id not in (change.asked_by, change.account_id)
        )
    )


def has_second_admin(session: Session, change: ChangeRecord) -> bool:
    """Whether any account may decide it; if none, only the operator of the server can."""
    return any(
        row.id not in (change.asked_by, change.account_id) for row in rows.open_admins(session)
    )


def confirm_change(session: Session, viewer: Viewer, change_id: int, *, now: datetime) -> Confirmed:
    """Carries out a change; its sessions end, so that the new rights hold at once.

    Forbidden for who asked for it or whom it is about; Conflict when it was decided already or
    would leave the service without an admin.
    """
    with unit_of_work(session):
        row = _to_decide(session, viewer, change_id)
        if row.account_id is None:
            account_id = _add(session, row.wanted, now)
            row.account_id = account_id
            invitation: Invitation | None = invite(
                session, account_id, created_by=viewer.account_id, now=now
            )
        else:
            account_id, invitation = row.account_id, None
            _carry_out(session, _account(session, account_id), row.wanted, now)
        _decide(row, viewer, ChangeState.CONFIRMED, now)
        session.flush()
        return Confirmed(_to_record(session, row), account_id, invitation)


def refuse_change(
    session: Session, viewer: Viewer, change_id: int, *, now: datetime
) -> ChangeRecord:
    """Says no to a change; everything stays as it is."""
    with unit_of_work(session):
        row = _to_decide(session, viewer, change_id)
        _decide(row, viewer, ChangeState.REFUSED, now)
        session.flush()
        return _to_record(session, row)


def withdraw_change(
    session: Session, viewer: Viewer, change_id: int, *, now: datetime
) -> ChangeRecord:
    """Takes back what one asked for oneself."""
    _check_admin(viewer)
    with unit_of_work(session):
        row = _waiting(session, change_id)
        if row.asked_by != viewer.account_id:
            raise Forbidden("only who asked takes it back")
        _decide(row, viewer, ChangeState.WITHDRAWN, now)
        session.flush()
        return _to_record(session, row)


def invite_again(session: Session, viewer: Viewer, account_id: int, *, now: datetime) -> Invitation:
    """Mails a new invitation to an account; the link itself is shown to nobody.

    An admin who saw it could take the account over alone. Conflict without an e-mail address.
    """
    _check_admin(viewer)
    account = _account(session, account_id)
    if not is_mail_address(account.email):
        raise Conflict("this account has no e-mail address; ask for one first")
    return invite(session, account_id, created_by=viewer.account_id, now=now)


def _to_decide(session: Session, viewer: Viewer, change_id: int) -> RightsChange:
    _check_admin(viewer)
    row = _waiting(session, change_id)
    if not may_decide(viewer, _to_record(session, row)):
        raise Forbidden("somebody else decides: not who asked, and not whom it is about")
    return row


def _waiting(session: Session, change_id: int) -> RightsChange:
    row = rows.find_row(session, change_id)
    if row is None:
        raise NotFound("change")
    if row.state is not ChangeState.ASKED:
        raise Conflict(f"this change was {row.state.value} already")
    return row


def _decide(row: RightsChange, viewer: Viewer, state: ChangeState, now: datetime) -> None:
    row.state = state
    row.decided_by = viewer.account_id
    row.decided_at = row.updated_at = now


def _add(session: Session, wanted: Mapping[str, Any], now: datetime) -> int:
    made = add_account(
        session,
        name=wanted["name"],
        password=None,
        rights=wanted["rights"],
        region=wanted.get("region"),
        organisation=wanted.get("organisation"),
        email=wanted["email"],
        language=wanted.get("language", "nl"),
        now=now,
    )
    return made.id


def _carry_out(
    session: Session, account: Account, wanted: Mapping[str, Any], now: datetime
) -> None:
    # Asked on the account as it was then; what has become impossible meanwhile is refused here.
    _check(session, account, wanted)
    _keep_an_admin(session, account, wanted)
    told = account.email
    if "rights" in wanted:
        account.rights = frozenset(wanted["rights"])
    for name in ("region", "email", "language", "is_active"):
        if name in wanted:
            setattr(account, name, wanted[name])
    if not {"organisation", "region", "rights"}.isdisjoint(wanted):
        known = accounts.organisation_name(session, account.organisation_id)
        called: str | None = wanted.get("organisation", known)
        firm = None
        if called and account.region and Right.CONTRACTOR in account.rights:
            firm = firm_called(session, account.region, called.strip(), now=now)
        account.organisation_id = None if firm is None else firm.id
    account.updated_at = now
    session.flush()
    if wanted.get("reset_second_factor"):
        take_away(session, account.id, now=now)
    session_rows.end_rows(session, account.id, now=now)
    end_links(session, account.id, now)
    tell_owner(session, account, address=told, now=now)


def _keep_an_admin(session: Session, account: Account, wanted: Mapping[str, Any]) -> None:
    loses = (
        wanted.get("is_active") is False or Right.ADMIN not in wanted.get("rights", [Right.ADMIN])
    )  # fmt: skip
    if loses and [row.id for row in rows.open_admins(session)] == [account.id]:
        raise Conflict("this is the last admin; make another one first")


def _check_admin(viewer: Viewer) -> None:
    if not viewer.has(Right.ADMIN):
        raise Forbidden("only an admin changes accounts")


def _account(session: Session, account_id: int) -> Account:
    """An account that an admin may know of; that of a candidate is as if it were not there."""
    row = accounts.find_row(session, account_id)
    if row is None or Right.CANDIDATE in row.rights:
        raise NotFound("account")
    return row


def _to_record(session: Session, row: RightsChange) -> ChangeRecord:
    named = {
        number: accounts.find_row(session, number)
        for number in (row.account_id, row.asked_by, row.decided_by)
        if number is not None
    }

    def name_of(number: int | None) -> str | None:
        account = None if number is None else named[number]
        return None if account is None else account.name

    return ChangeRecord(
        id=row.id,
        account_id=row.account_id,
        account_name=name_of(row.account_id) or str(row.wanted.get("name", "")),
        wanted=row.wanted,
        why=row.why,
        state=row.state,
        asked_by=row.asked_by,
        asked_by_name=name_of(row.asked_by),
        created_at=row.created_at,
        decided_by_name=name_of(row.decided_by),
        decided_at=row.decided_at,
    )
