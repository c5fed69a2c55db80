"""artefacts: what was learned, taken in, watched and taken back by whoever runs the server."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from matcher.cli.database import opened_session, operator_of
from matcher.cli.options import IsoDate, now, today
from matcher.cli.output import tell, ticking


@click.group(
    epilog="\b\nExample:\n  matcher artefacts add runs/own/own-logistic.skops --region demo"
)
def artefacts() -> None:
    """Learned predictions beside the rules; two people promote one on the pages."""


_region = click.option("--region", metavar="SLUG", required=True, help="The region it is for.")


@artefacts.command(
    epilog="\b\nExample:\n  matcher artefacts add runs/own/own-logistic.skops --region demo"
)
@click.argument("file", metavar="F", type=click.Path(exists=False))
@_region
def add(file: str, region: str) -> None:
    """Take in the artefact F, with the manifest beside it; a file that is not whole is refused."""
    from matcher.services.artefacts import register

    known = operator_of(region).region or region
    with opened_session() as session:
        record = register(session, known, Path(file), now=now())
    tell(f"{record.name} is {record.state.value} as number {record.id}; let it predict in shadow")


@artefacts.command("list", epilog="\b\nExample:\n  matcher artefacts list --region demo")
@_region
def list_all(region: str) -> None:
    """Every artefact of the region, with its state and whether its file is whole."""
    from matcher.services.artefacts import list_artefacts, why_not_used

    viewer = operator_of(region)
    with opened_session() as session:
        for record in list_artefacts(session, viewer):
            refusal = why_not_used(session, viewer, record.id)
            whole = "whole" if refusal is None else str(refusal)
            tripped = record.tripped_code or "-"
            click.echo(f"{record.id}\t{record.name}\t{record.state.value}\t{tripped}\t{whole}")


@artefacts.command(
    "roll-back", epilog="\b\nExample:\n  matcher artefacts roll-back --region demo --why 'wrong'"
)
@_region
@click.option("--why", required=True, help="Why, in one sentence; it stands in the registry.")
@click.option("--to-rules", is_flag=True, help="To the rules alone, not to the one before.")
def roll_back(region: str, why: str, to_rules: bool) -> None:
    """Take back the artefact that serves, at once."""
    from matcher.domain.errors import Conflict
    from matcher.models.states import ArtefactState
    from matcher.services import artefact_steps
    from matcher.services.artefacts import list_artefacts

    viewer = operator_of(region)
    with opened_session() as session:
        serving = [
            record
            for record in list_artefacts(session, viewer)
            if record.state is ArtefactState.PROMOTED
        ]
        if not serving:
            raise Conflict("no artefact serves in this region; the rules speak alone")
        standing = artefact_steps.roll_back(
            session, viewer, serving[0].id, why, now=now(), to_rules=to_rules
        )
    tell(f"{serving[0].name} is taken back; now: {standing.artefact or 'the rules alone'}")


@artefacts.command(epilog="\b\nExample:\n  matcher artefacts watch --region demo")
@_region
@click.option("--on", type=IsoDate(), default=None, help="The day it counts for; default today.")
def watch(region: str, on: date | None) -> None:
    """Count how far inputs moved and how predictions held, by month; run it every night.

    Whatever calls for a look is one line: artefact, look, shift or calibration, month, and feature.
    """
    from matcher.reference.artefact_terms import load_artefact_terms
    from matcher.services.artefact_watch import alerts_of
    from matcher.services.artefact_watch import watch as count
    from matcher.services.artefacts import list_artefacts, months_of

    viewer, day = operator_of(region), on or today()
    with opened_session() as session, ticking("watched"):
        months = count(session, viewer.region or region, on=day, now=now())
        terms = load_artefact_terms(day)
        for record in list_artefacts(session, viewer):
            for alert in alerts_of(months_of(session, viewer, record.id), terms):
                what = alert.feature or "outcomes"
                click.echo(f"{record.name}\t{alert.kind}\t{alert.month:%Y-%m}\t{what}")
    tell(f"{months} months counted")
