"""outbox: send messages that wait, and see what became of them."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from matcher.cli.database import opened_session
from matcher.cli.options import now
from matcher.cli.output import tell

if TYPE_CHECKING:
    from matcher.services.delivery import Delivery, Postbox

STATES = ("queued", "sent", "failed", "cancelled")


@click.group(epilog="\b\nExample:\n  matcher outbox send --watch")
def outbox() -> None:
    """Messages to people: neutral texts, in order for each receiver, each once."""


@outbox.command(epilog="\b\nExample:\n  matcher outbox send --watch --every 30")
@click.option("--watch", is_flag=True, help="Go on until Ctrl-C, with a round every so often.")
@click.option(
    "--every",
    type=click.IntRange(1, 3600),
    default=10,
    show_default=True,
    help="Seconds between two rounds of --watch.",
)
def send(watch: bool, every: int) -> None:
    """Send what may go out now, oldest first.

    How is read from the environment: MATCHER_MAIL_BACKEND (smtp or folder), MATCHER_MAIL_SERVER,
    _PORT, _SECURITY, _USERNAME, _PASSWORD and _FROM, MATCHER_SMS_GATEWAY and MATCHER_PUBLIC_URL.
    Several can run at the same time. Letters wait for staff, on the page with letters.
    """
    from matcher.domain.errors import InvalidInput, Problem
    from matcher.http.post import environment_settings, postbox_of

    postbox = postbox_of(environment_settings())
    if postbox.sender is None:
        raise InvalidInput([Problem("MATCHER_MAIL_BACKEND", "is missing; set it to smtp")])
    if not watch:
        _tell(_round(postbox))
        return
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    while not stop.is_set():
        _tell(_round(postbox), quiet=True)
        stop.wait(every)


def _round(postbox: Postbox) -> Delivery:
    from matcher.services.delivery import deliver_due

    with opened_session() as session:
        return deliver_due(session, postbox, clock=now)


def _tell(done: Delivery, *, quiet: bool = False) -> None:
    if quiet and done.is_empty:
        return
    tell(f"{done.sent} sent, {done.put_off} put off, {done.refused} refused")
    if done.put_with_letters:
        tell(f"{done.put_with_letters} text messages put with the letters: no MATCHER_SMS_GATEWAY")
    if not done.reachable:
        tell("the other side cannot be reached; the rest waits for the next round")


@outbox.command(epilog="\b\nExample:\n  matcher outbox alerts")
def alerts() -> None:
    """Queue what is due today: contracts that end with jobs on them, each term once.

    Run it every day; running it twice tells nobody twice.
    """
    from matcher.services.retender import tell_in_time

    with opened_session() as session:
        tell(f"{tell_in_time(session, now=now())} queued")


@outbox.command("list", epilog="\b\nExample:\n  matcher outbox list --state failed")
@click.option("--state", type=click.Choice(STATES), help="Only messages in this state.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="How many of the newest.",
)
def list_messages(state: str | None, limit: int) -> None:
    """The newest messages, a line each: number, template, road, state, tries, times.

    Nothing about receivers is shown.
    """
    from matcher.services.delivery import list_messages as listed

    with opened_session() as session:
        for line in listed(session, state, limit=limit):
            last = line.sent_at or line.next_try_at
            parts = (line.id, line.template, line.channel, line.state, line.attempts)
            times = (f"{moment:%Y-%m-%dT%H:%MZ}" for moment in (line.created_at, last))
            click.echo("\t".join([*map(str, parts), *times]))
