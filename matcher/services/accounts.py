"""Accounts of people and tokens of machines: add, sign in, and the viewer behind either."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem
from matcher.files.columns import Column, Kind
from matcher.models import Account, ApiToken, Organisation
from matcher.models.states import LinkKind
from matcher.models.wall import whole_database
from matcher.repositories import accounts as rows
from matcher.repositories import links, sessions, vacancies
from matcher.repositories.reach import with_reach
from matcher.repositories.records import AccountRecord, TokenRecord
from matcher.services.account_notices import tell_owner
from matcher.services.checks import checked_texts, checked_values, phone_number, refuse
from matcher.services.choices import choice
from matcher.services.outbox import is_mail_address
from matcher.services.passwords import hash_text, is_hash_of, nobodys_hash, renewed
from matcher.services.transactions import unit_of_work

PASSWORD_MINIMUM = 12
PASSWORD_MAXIMUM = 200
LANGUAGES = ("nl", "en")
TOKEN_MARK = "mtr"  # noqa: S105  the public beginning of every token, by which leaks are found
TOKEN_LIFETIME_MAXIMUM = timedelta(days=366)

_NEEDS_REGION = frozenset(Right) - {Right.ADMIN}
REGION_COLUMN = Column("region", Kind.CODE, "Region", "Regio", "demo", codes=("regions",))


def add_account(
    session: Session,
    *,
    name: str,
    password: str | None,
    rights: Sequence[str],
    region: str | None = None,
    organisation: str | None = None,
    email: str | None = None,
    language: str = "nl",
    now: datetime,
) -> AccountRecord:
    """Adds an account; without `password` an invitation, a mail link or tokens open it.

    Every right but admin needs a region, contractor an organisation too, which is made known when
    it is new. Admin goes with no other right: it reaches no personal data.
    """
    problems = account_problems(name, email, language)
    if password is not None:
        problems += password_problems(password)
    values, more = checked_values({"region": REGION_COLUMN}, {"region": region}, language)
    held = frozenset(choice(Right, "rights", right) for right in rights)
    problems += more + rights_problems(held, region, organisation)
    refuse(problems)
    password_hash = None if password is None else hash_text(password)
    with unit_of_work(session):
        if rows.find_by_name(session, sign_in_name(name)) is not None:
            raise Conflict("there is already an account with this name")
        firm = None
        if organisation is not None and region is not None:
            firm = firm_called(session, region, organisation.strip(), now=now)
        row = Account(
            name=sign_in_name(name),
            password_hash=password_hash,
            email=email,
            rights=held,
            region=values["region"],
            organisation_id=None if firm is None else firm.id,
            language=language,
            is_active=True,
            failed_sign_ins=0,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("there is already an account with this name") from error
        return rows.to_record(row)


def firm_called(session: Session, region: str, name: str, *, now: datetime) -> Organisation:
    """The firm that an account is to belong to, made known when it is new."""
    # Who runs the accounts reaches no firm otherwise.
    with whole_database(session, "the firm of an account", Organisation):
        return vacancies.organisation_named(session, region, name, now=now)


def sign_in_name(name: str) -> str:
    """A name as it is kept: one signs in whatever its case."""
    return name.strip().casefold()


def account_problems(name: str, email: str | None, language: str) -> list[Problem]:
    """What is wrong with how an account is to be called and reached."""
    texts, problems = checked_texts({"name": 120}, {"name": name}, "en", names=("name",))
    if not problems and texts["name"] is None:
        problems.append(Problem("name", "is required; fill it in"))
    if email is not None and not is_mail_address(email):
        problems.append(Problem("email", "must be an e-mail address, such as name@example.org"))
    if language not in LANGUAGES:
        problems.append(Problem("language", f"must be one of {', '.join(LANGUAGES)}"))
    return problems


def password_problems(password: str) -> list[Problem]:
    """What is wrong with a new password."""
    if PASSWORD_MINIMUM <= len(password) <= PASSWORD_MAXIMUM:
        return []
    size = f"{PASSWORD_MINIMUM} to {PASSWORD_MAXIMUM}"
    return [Problem("password", f"must have {size} characters; a sentence is easy to keep")]


def rights_problems(
    held: frozenset[Right], region: str | None, organisation: str | None
) -> list[Problem]:
    """What is wrong with rights that are to be held together, and with what they need."""
    problems = []
    if not held:
        problems.append(Problem("rights", "must name at least one right"))
    if Right.ADMIN in held and len(held) > 1:
        problems.append(Problem("rights", "admin goes with no other right"))
    if held & _NEEDS_REGION and not region:
        problems.append(Problem("region", "is required for these rights"))
    if Right.CONTRACTOR in held and not (organisation and organisation.strip()):
        problems.append(Problem("organisation", "is required for a contractor"))
    if Right.CONTRACTOR in held and len(held) > 1:
        problems.append(Problem("rights", "contractor goes with no other right"))
    if Right.CANDIDATE in held and len(held) > 1:
        problems.append(Problem("rights", "candidate goes with no other right"))
    return problems


def sign_in(session: Session, name: str, password: str, *, now: datetime) -> AccountRecord | None:
    """The account, when name and password are right; else None, whatever was wrong.

    Every refusal looks the same and takes as long. Failed attempts are counted for the owner to
    see; they lock nothing, for a stranger could then lock out anybody. Guessing is slowed down per
    address, at the edge.
    """
    row = rows.find_by_name(session, sign_in_name(name))
    known = None if row is None else row.password_hash
    # Hashing is slow on purpose, so it stands outside the transaction that writes.
    right = is_hash_of(known or nobodys_hash(), password[:PASSWORD_MAXIMUM])
    if row is None or known is None or not row.is_active:
        return None
    right = right and len(password) <= PASSWORD_MAXIMUM
    kept = renewed(known, password) if right else known
    with unit_of_work(session):
        account = _row(session, row.id)
        before = rows.to_record(account)
        if not right:
            account.failed_sign_ins += 1
            account.last_failed_at = now
            return None
        account.password_hash = kept
        account.failed_sign_ins = 0
        account.last_sign_in_at = now
        return before


def note_sign_in(session: Session, account_id: int, *, now: datetime) -> AccountRecord:
    """Keeps that an account signed in without its password; the account as it was before."""
    with unit_of_work(session):
        account = _row(session, account_id)
        before = rows.to_record(account)
        account.failed_sign_ins = 0
        account.last_sign_in_at = now
        return before


def has_password(session: Session, account_id: int, password: str) -> bool:
    """Whether `password` is that of an account; nothing is counted or noted."""
    known = _row(session, account_id).password_hash
    return known is not None and is_hash_of(known, password)


def find_viewer(session: Session, account_id: int) -> Viewer | None:
    """The viewer of an account, None when it is gone or closed."""
    row = rows.find_row(session, account_id)
    return None if row is None or not row.is_active else rows.to_viewer(row)


def viewer_today(session: Session, viewer: Viewer, on: date) -> Viewer:
    """`viewer` with whom it stands in for on that day, or with the own file of a candidate."""
    return with_reach(session, viewer, on)


def get_account(session: Session, account_id: int) -> AccountRecord:
    """One account; NotFound when there is none. For the account itself and for operations."""
    return rows.to_record(_row(session, account_id))


def _row(session: Session, account_id: int) -> Account:
    row = rows.find_row(session, account_id)
    if row is None:
        raise NotFound("account")
    return row


def list_accounts(session: Session, viewer: Viewer) -> list[AccountRecord]:
    """All accounts, by name; for admins only."""
    if not viewer.has(Right.ADMIN):
        raise Forbidden("only an admin lists accounts")
    return [rows.to_record(row) for row in rows.list_rows(session)]


def set_password(
    session: Session,
    account_id: int,
    password: str,
    *,
    keep_session: int | None = None,
    now: datetime,
) -> None:
    """A new password for an account; its sessions end, but for the one that this happens in."""
    refuse(password_problems(password))
    password_hash = hash_text(password)
    with unit_of_work(session):
        row = _row(session, account_id)
        row.password_hash = password_hash
        row.failed_sign_ins = 0
        row.updated_at = now
        sessions.end_rows(session, account_id, except_=keep_session, now=now)
        end_links(session, account_id, now)
        tell_owner(session, row, now=now)


def set_language(session: Session, account_id: int, language: str, *, now: datetime) -> None:
    """The language in which an account reads its pages and gets its messages."""
    if language not in LANGUAGES:
        raise InvalidInput([Problem("language", f"must be one of {', '.join(LANGUAGES)}")])
    with unit_of_work(session):
        row = _row(session, account_id)
        row.language = language
        row.updated_at = now


def set_phone(session: Session, account_id: int, phone: str | None, *, now: datetime) -> None:
    """The number that firms see beside this account when it calls them; None takes it away."""
    number = phone_number(phone) if phone else None
    if phone and number is None:
        raise InvalidInput([Problem("phone", "must be a phone number, such as 078 123 45 67")])
    with unit_of_work(session):
        row = _row(session, account_id)
        row.phone = number
        row.updated_at = now


def set_active(session: Session, account_id: int, is_active: bool, *, now: datetime) -> None:
    """Closes an account, or opens it again; its sessions and tokens follow at once."""
    with unit_of_work(session):
        row = _row(session, account_id)
        row.is_active = is_active
        row.updated_at = now
        if not is_active:
            sessions.end_rows(session, account_id, now=now)
            end_links(session, account_id, now)


def end_links(session: Session, account_id: int, now: datetime) -> None:
    """Ends the links that were mailed to an account: a way in past what was changed."""
    links.revoke_rows(session, account_id, LinkKind.SIGN_IN, LinkKind.INVITATION, now=now)


def create_token(
    session: Session,
    account_id: int,
    *,
    title: str,
    scopes: Sequence[str],
    lifetime: timedelta,
    now: datetime,
) -> tuple[TokenRecord, str]:
    """A token of an account, and its secret, which can be read only now.

    `scopes` are rights that the account holds; `lifetime` is a year at most.
    """
    with unit_of_work(session):
        account = _row(session, account_id)
        wanted = frozenset(choice(Right, "scopes", scope) for scope in scopes)
        texts, problems = checked_texts(
            {"title": 120}, {"title": title}, account.language, names=("title",)
        )
        if "title" in texts and texts["title"] is None:
            problems.append(Problem("title", "is required; say what it is for"))
        if not wanted or not wanted <= account.rights:
            problems.append(Problem("scopes", "must name rights that the account holds"))
        if not timedelta(0) < lifetime <= TOKEN_LIFETIME_MAXIMUM:
            problems.append(Problem("lifetime", "must be a year at most"))
        if problems:
            raise InvalidInput(problems)
        prefix = secrets.token_hex(6)
        secret = f"{TOKEN_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
        row = ApiToken(
            account_id=account.id,
            prefix=prefix,
            secret_hash=_token_hash(secret),
            title=texts["title"],
            scopes=wanted,
            expires_at=now + lifetime,
            created_at=now,
        )
        session.add(row)
        session.flush()
        return rows.to_token(row), secret


def _token_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_viewer_by_token(session: Session, secret: str, now: datetime) -> Viewer | None:
    """The viewer with the scopes of a token, as far as its account still holds them.

    None for a token that is unknown, wrong, expired, revoked, or of a closed account.
    """
    mark, _, rest = secret.partition("_")
    prefix = rest.partition("_")[0]
    row = rows.find_token(session, prefix) if mark == TOKEN_MARK else None
    known = _token_hash("") if row is None else row.secret_hash
    right = hmac.compare_digest(known, _token_hash(secret))
    if row is None or not right or row.revoked_at is not None or row.expires_at <= now:
        return None
    account = rows.find_row(session, row.account_id)
    if account is None or not account.is_active:
        return None
    held = account.rights & row.scopes
    return rows.to_viewer(account, held) if held else None


def revoke_token(session: Session, account_id: int, token_id: int, *, now: datetime) -> None:
    """Ends a token of an account; NotFound when the account has no such one."""
    with unit_of_work(session):
        for row in rows.token_rows(session, account_id):
            if row.id == token_id:
                row.revoked_at = row.revoked_at or now
                return
        raise NotFound("token")


def list_tokens(session: Session, account_id: int) -> list[TokenRecord]:
    """The tokens of an account, newest first; never a secret."""
    return [rows.to_token(row) for row in rows.token_rows(session, account_id)]
