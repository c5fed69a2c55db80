"""retention, candidates and pack: ending, erasing, and answering for all of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from matcher.cli.database import opened_session, operator_of
from matcher.cli.options import IsoDate, now, region_option, today
from matcher.cli.output import tell, ticking


@click.group(epilog="\b\nExample:\n  matcher retention run --dry-run")
def retention() -> None:
    """How long data are kept."""


@retention.command(
    epilog="\b\nExample:\n  matcher retention run --dry-run\n  matcher retention run --region demo"
)
@click.option("--on", type=IsoDate(), default=None, help="The day it counts for; default today.")
@click.option("--dry-run", is_flag=True, help="Say what would end, and change nothing.")
@region_option
def run(on: date | None, dry_run: bool, region: str | None) -> None:
    """End what was kept long enough, a line a rule; run it every night.

    The rules stand in data/accountability/retention.yaml. A run that is stopped goes on where it
    was; running twice does nothing twice.
    """
    from matcher.models.database import let_go
    from matcher.services.retention import run_retention

    known = operator_of(region).region
    with opened_session() as session, ticking("retention run"):
        lines = run_retention(session, on=on or today(), now=now(), dry_run=dry_run, region=known)
        let_go(session.get_bind().engine)
    for line in lines:
        term = "kept" if line.before is None else f"until {line.before}"
        click.echo(f"{line.rule.kind}\t{line.rule.name}\t{term}\t{line.rule.ending}\t{line.rows}")
    tell(f"{sum(line.rows for line in lines)} rows {'would end' if dry_run else 'ended'}")


@click.group(epilog="\b\nExample:\n  matcher candidates erase K-7FQ2M9XA --region demo")
def candidates() -> None:
    """What only whoever runs the service does with a file."""


@candidates.command(epilog="\b\nExample:\n  matcher candidates erase K-7FQ2M9XA --region demo")
@click.argument("reference")
@click.option("--region", metavar="SLUG", required=True, help="The region of the candidate.")
@click.confirmation_option("--yes", prompt="This cannot be undone. Erase?", help="Do not ask.")
def erase(reference: str, region: str) -> None:
    """Erase the candidate REFERENCE with everything about or derived from the person.

    Neither a file nor an older backup brings somebody back who was erased.
    """
    from matcher.models.database import let_go
    from matcher.services.erasure import erase_by_reference

    viewer = operator_of(region)
    with opened_session() as session:
        erase_by_reference(session, viewer, reference, now=now())
        let_go(session.get_bind().engine)
    tell("erased; a tombstone keeps files and backups from bringing the person back")


@candidates.command(
    "leave-out",
    epilog="\b\nExample:\n  matcher candidates leave-out training.csv --out kept.csv --region demo",
)
@click.argument("file", metavar="F")
@click.option("--out", metavar="F", required=True, help="The result: .csv, or - for the output.")
@click.option("--region", metavar="SLUG", required=True, help="The region of the candidates.")
@click.option("--column", default="reference", show_default=True, help="Holds the references.")
def leave_out(file: str, out: str, region: str, column: str) -> None:
    """Write the CSV file F without the rows of people who were erased.

    For lists that left the service: what a model is trained on, and what was exported before
    somebody was erased. Everything else in the file stays as it was.
    """
    from matcher.files.left_out import without_rows
    from matcher.files.source import open_source
    from matcher.files.writing import write_bytes
    from matcher.services.erasure import erased_among

    known = str(operator_of(region).region)
    source = open_source(file, "csv")
    with opened_session() as session:
        kept, count = without_rows(
            source, column, lambda references: erased_among(session, known, references)
        )
    write_bytes(out, kept)
    tell(f"{count} rows of people who were erased left out")


@click.command(epilog="\b\nExample:\n  matcher pack --out verantwoording --figures demo")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder."
)
@click.option("--on", type=IsoDate(), default=None, help="The day whose rules hold; default today.")
@click.option(
    "--figures",
    "region",
    metavar="SLUG",
    help="Add how often the advice is followed in a region, and what was learned there.",
)
def pack(out: Path, on: date | None, region: str | None) -> None:
    """Write the accountability pack, in Dutch: register, risks, terms, instructions and more.

    It is made from the program itself. Nothing is written when a column lacks its purpose, basis
    or term, or when a right may read without a line of who answers for it.
    """
    from matcher.services.artefacts import list_artefacts, steps_of
    from matcher.services.oversight import acceptance
    from matcher.services.pack import make_pack
    from matcher.services.pack_learned import Learned
    from matcher.services.pack_use import Figures

    day, figures, registered = on or today(), None, None
    if region is not None:
        viewer = operator_of(region)
        with opened_session() as session:
            lanes = acceptance(session, viewer, on=day)
            artefacts = [
                (record, steps_of(session, viewer, record.id))
                for record in list_artefacts(session, viewer)
            ]
        figures = Figures(str(viewer.region), day, lanes)
        registered = Learned(str(viewer.region), artefacts)
    files = make_pack(day, figures=figures, registered=registered)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    tell(f"{len(files)} files in {out}")
