"""import, export, db, backup and restore: into and out of the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli.operate import require_current
from matcher.cli.options import IsoDate, now, region_option, strict_option, today
from matcher.cli.output import tell, tell_problems, ticking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from matcher.domain.access import Viewer

LANGUAGE = "en"
"""Commands speak English, as their options do."""
FORMATS = click.Choice(["auto", "csv", "xlsx", "vum"])


@contextmanager
def opened_session() -> Iterator[Session]:
    """A session on the database of ``MATCHER_DATABASE_URL``, which must be up to date.

    The operator is at work on it; what is read is in the log before the caller can write it out.
    Standard output is for results, so the events of services go to standard error, warnings only:
    a command says itself what its user has to know.
    """
    from matcher.domain.access import operator
    from matcher.logs import configure_logs
    from matcher.models.database import make_engine, session_factory
    from matcher.models.wall import whole_database
    from matcher.repositories.acting import Actor, act_as
    from matcher.services.audit import write_noted

    configure_logs("WARNING")
    engine = make_engine()
    try:
        require_current(engine)
        with session_factory(engine)() as session:
            act_as(session, Actor(operator(None), now()))
            with whole_database(session, "the operator at the command line"):
                yield session
                write_noted(session)
    finally:
        engine.dispose()


@click.group(
    "import",
    epilog="\b\nExample:\n  matcher import candidates profiles.json --format vum --region demo",
)
def import_group() -> None:
    """Files into the database: good rows in, bad rows named; twice changes nothing."""


def _import_command(kind: str, example: str, module: str = "imports") -> click.Command:
    """One command a kind of table; all take the same options."""

    @import_group.command(
        kind,
        help=f"Import {kind} from a file (.csv, .xlsx, .json, .parquet, or VUM in JSON).",
        epilog=f"\b\nExample:\n  matcher import {kind} {example}",
    )
    @click.argument("path", metavar="F", type=click.Path(path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
    @click.option(
        "--format",
        "file_format",
        type=FORMATS,
        default="auto",
        show_default=True,
        help="auto goes by the ending, and recognises VUM.",
    )
    @region_option
    @strict_option
    def command(
        path: Path, dry_run: bool, file_format: str, region: str | None, strict: bool
    ) -> None:
        from importlib import import_module

        run = getattr(import_module(f"matcher.services.{module}"), f"import_{kind}")
        with opened_session() as session, ticking(f"import {kind}"):
            report = run(
                session,
                operator_of(region),
                path,
                file_format=file_format,
                dry_run=dry_run,
                strict=strict,
                now=now(),
            )
        _tell_report(report)

    return command


for _kind, _example in (
    ("candidates", "candidates.csv"),
    ("vacancies", "vacancies.xlsx --dry-run"),
    ("programmes", "programmes.csv --region demo"),
):
    _import_command(_kind, _example)
for _kind, _example in (
    ("contracts", "contracts.csv"),
    ("contributions", "contributions.csv --region demo"),
):
    _import_command(_kind, _example, "contract_imports")


@import_group.command(
    "places",
    epilog="\b\nExample:\n  matcher import places NL.txt\n  matcher import places --download",
)
@click.argument("path", metavar="[F]", required=False, type=click.Path(path_type=Path))
@click.option("--download", is_flag=True, help="Fetch the public GeoNames file instead of F.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_places(path: Path | None, download: bool, dry_run: bool) -> None:
    """Import postcode centroids from a GeoNames postal-code file (text or zip)."""
    from matcher.services import imports

    if (path is None) != download:
        raise click.UsageError("name a file F, or give --download")
    with opened_session() as session, ticking("import places"):
        report = imports.import_places(session, path, dry_run=dry_run, now=now())
    _tell_report(report)


def operator_of(region: str | None) -> Viewer:
    """Whoever runs the server, in one region or in all of them."""
    from matcher.domain.access import operator
    from matcher.domain.errors import InvalidInput
    from matcher.files.cells import read_code
    from matcher.files.messages import CellError

    try:
        known = None if region is None else read_code(region, ("regions",))
    except CellError as error:
        raise InvalidInput([error.problem("--region", None, LANGUAGE)]) from None
    return replace(operator(known), language=LANGUAGE)


def _tell_report(report: Any) -> None:
    """The problems a line each, then one line with the counts."""
    tell_problems(report.problems, report.warnings)
    would = "would be " if report.dry_run else ""
    tell(
        f"{report.kind}: {report.created} {would}new, {report.changed} {would}changed, "
        f"{report.unchanged} unchanged, {report.refused} refused"
    )


@click.group(
    "export",
    epilog="\b\nExample:\n  matcher export candidates --format vum --region demo --out p.json",
)
def export_group() -> None:
    """Rows of the database as a file."""


def _export_command(kind: str, example: str) -> click.Command:
    @export_group.command(
        kind,
        help=f"Export {kind} to a file.",
        epilog=f"\b\nExample:\n  matcher export {kind} {example}",
    )
    @click.option(
        "--format",
        "file_format",
        type=click.Choice(["csv", "xlsx", "vum"]),
        required=True,
        help="vum writes what VUM can hold, as JSON that its public schema accepts.",
    )
    @click.option("--out", metavar="F", required=True, help="The file; - is standard output.")
    @region_option
    def command(file_format: str, out: str, region: str | None) -> None:
        from matcher.services import exports

        with opened_session() as session:
            rows = getattr(exports, f"export_{kind}")(session, operator_of(region))
        _write_export(kind, file_format, out, rows)
        tell(f"{kind}: {len(rows)} exported")

    return command


for _kind, _example in (
    ("candidates", "--format csv --out candidates.csv"),
    ("vacancies", "--format vum --region demo --out vacancies.json"),
):
    _export_command(_kind, _example)


@export_group.command(
    epilog="\b\nExample:\n  matcher export outcomes --format csv --region demo --out outcomes.csv "
    "--cohort cohort.yaml"
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "xlsx", "parquet"]),
    required=True,
    help="The kind of file.",
)
@click.option("--out", metavar="F", required=True, help="The file; - is standard output.")
@click.option("--cohort", metavar="F", help="Also write the cohort file for python -m training.")
@click.option("--region", metavar="SLUG", required=True, help="The region whose outcomes they are.")
@click.option("--on", type=IsoDate(), default=None, help="Known on this day; default today.")
def outcomes(file_format: str, out: str, cohort: str | None, region: str, on: date | None) -> None:
    """Export what intakes led to, to learn from: one row each, under a pseudonym.

    Everything is as of the intake day. No money, no home, no group, no text and no place.
    """
    from matcher.files.writing import write_bytes, write_table
    from matcher.services import own_outcomes

    day = on or today()
    with opened_session() as session:
        rows = own_outcomes.export_outcomes(session, operator_of(region), on=day)
    write_table(out, file_format, rows, own_outcomes.columns(day), "outcomes")
    if cohort is not None:
        write_bytes(cohort, own_outcomes.cohort_file(Path(out).name).encode())
    tell(f"outcomes: {len(rows)} exported")


def _write_export(kind: str, file_format: str, out: str, rows: Sequence[dict[str, Any]]) -> None:
    from matcher.files.columns_candidate import CANDIDATE_COLUMNS
    from matcher.files.columns_vacancy import VACANCY_COLUMNS
    from matcher.files.vum_candidates import vum_candidate
    from matcher.files.vum_vacancies import vum_vacancy
    from matcher.files.writing import json_bytes, out_columns, write_bytes, write_table

    columns = CANDIDATE_COLUMNS if kind == "candidates" else VACANCY_COLUMNS
    if file_format == "vum":
        as_vum = vum_candidate if kind == "candidates" else vum_vacancy
        write_bytes(out, json_bytes([as_vum(row) for row in rows]))
        return
    write_table(out, file_format, rows, out_columns(columns), kind)


@click.group(epilog="\b\nExample:\n  matcher db upgrade")
def db() -> None:
    """The schema of the database."""


@db.command(epilog="\b\nExample:\n  matcher db upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to REVISION, by default the newest."""
    from matcher.models import migrate
    from matcher.models.database import make_engine

    engine = make_engine()
    tell(f"the database is at revision {migrate.upgrade(engine, revision)}")
    engine.dispose()


@db.command(epilog="\b\nExample:\n  matcher db downgrade base")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Bring the schema down to REVISION; base is an empty database."""
    from matcher.models import migrate
    from matcher.models.database import make_engine

    engine = make_engine()
    found = migrate.downgrade(engine, revision)
    engine.dispose()
    tell("the database is empty" if found is None else f"the database is at revision {found}")


@db.command(epilog="\b\nExample:\n  matcher db check")
def check() -> None:
    """Say whether the database is at the newest revision and equals the models."""
    from matcher.domain.errors import Conflict
    from matcher.models import migrate
    from matcher.models.database import make_engine

    engine = make_engine()
    state = migrate.check(engine)
    engine.dispose()
    for difference in state.differences:
        tell(f"differs: {difference}")
    if not state.is_current:
        raise Conflict(
            f"the database is at {state.current or 'nothing'}, the newest revision is "
            f"{state.head}; run 'matcher db upgrade'"
        )
    tell(f"the database is at revision {state.current}, the newest, and equals the models")


@db.command("rotate-key", epilog="\b\nExample:\n  matcher db rotate-key")
def rotate_key() -> None:
    """Seal health data, money and notes with a new data key.

    Keys in MATCHER_DATA_KEY are changed there: put the new one in front of the old, separated by
    a comma, restart, and run this. Older keys are kept: backups may need them.
    """
    from matcher.models.database import make_engine
    from matcher.services.data_keys import rotate_key as rotate

    engine = make_engine()
    require_current(engine)
    with ticking("rotate-key"):
        report = rotate(engine)
    engine.dispose()
    tell(f"{sum(report.rows.values())} rows sealed with key {report.key}")


def _note_operation(kind: str, *, takes_along: bool = False) -> None:
    """An entry in the log that the operator did this; `takes_along` is an export of everything."""
    from matcher.models.states import AuditAction
    from matcher.services.audit import note
    from matcher.services.transactions import unit_of_work

    with opened_session() as session, unit_of_work(session):
        note(session, AuditAction.EXPORT if takes_along else AuditAction.OPERATE, kind=kind)


@click.command(epilog="\b\nExample:\n  matcher backup --out matcher.backup")
@click.option(
    "--out",
    metavar="F",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write; it holds everything, so keep it as safe as the database.",
)
def backup(out: Path) -> None:
    """Write the whole database to the file F, whichever kind of database it is."""
    from matcher.models.database import make_engine
    from matcher.services.backup import backup as make_backup

    _note_operation("backup", takes_along=True)
    engine = make_engine()
    require_current(engine)
    with ticking("backup"):
        report = make_backup(engine, out, now=now())
    engine.dispose()
    tell(f"{sum(report.rows.values())} rows at revision {report.revision}, SHA-256 {report.sha256}")
    if report.carries_keys:
        tell("the data keys are in it: whoever has this file can read all of it")
    elif report.keys_needed:
        tell(
            f"the data keys are not in it; keep {', '.join(report.keys_needed)} of MATCHER_DATA_KEY"
        )


@click.command(epilog="\b\nExample:\n  matcher restore matcher.backup --force")
@click.argument("path", metavar="F", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Also when the database holds rows: they are lost.")
@click.option(
    "--tombstones",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True),
    help="Of the installation that the backup came from: whom it names stays erased.",
)
def restore(path: Path, force: bool, tombstones: Path | None) -> None:
    """Put a backup back, also into the other kind of database.

    Whoever was erased since does not come back: the database that is given up and the file of
    tombstones beside the data keys are looked at by themselves.
    """
    from matcher.models.database import make_engine
    from matcher.services.backup import restore as put_back

    engine = make_engine()
    with ticking("restore"):
        report = put_back(engine, path, force=force, tombstones=tombstones)
    engine.dispose()
    _note_operation("restore")
    tell(f"{sum(report.rows.values())} rows at revision {report.revision} restored")
    if report.erased:
        tell(f"{report.erased} people were erased since and did not come back")
