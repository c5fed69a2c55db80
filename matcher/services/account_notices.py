"""Telling the owner of an account that something about signing in was changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.models import Account
from matcher.models.states import Channel
from matcher.services.outbox import Receiver, is_mail_address, send


def tell_owner(
    session: Session, account: Account, *, address: str | None = None, now: datetime
) -> None:
    """Queues a notice to `address`, by default that of the account; without one there is none.

    Who takes an account over changes its address first: then the one from before is given.
    """
    recipient = address or account.email
    if not is_mail_address(recipient):
        return
    send(
        session,
        template="account_changed",
        to=Receiver(
            channel=Channel.MAIL,
            language=account.language,
            region=account.region,
            account_id=account.id,
            recipient=recipient,
        ),
        dedupe_key=f"account-changed:{account.id}:{now.isoformat()}",
        now=now,
    )
