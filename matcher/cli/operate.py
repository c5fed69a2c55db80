"""serve and demo: the web application on this machine."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from matcher.cli.options import now, today
from matcher.cli.output import tell, ticking
from matcher.domain.errors import Conflict

if TYPE_CHECKING:
    from sqlalchemy import Engine

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on."
)
port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="The port to listen on.",
)


@click.command(epilog="\b\nExample:\n  matcher serve --port 8000 --workers 2")
@host_option
@port_option
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes; more than one needs shared storage for rate limits.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="Requests that one process answers at a time.",
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve pages and API until Ctrl-C.

    The settings are read from the environment (MATCHER_DATABASE_URL and so on); the database must
    be up to date.
    """
    from matcher.models.database import make_engine

    require_free(host, port)
    engine = make_engine()
    require_current(engine)
    engine.dispose()
    environment = os.environ.get("MATCHER_ENVIRONMENT", "production")
    run_server(host, port, workers=workers, threads=threads, environment=environment)


@click.command(epilog="\b\nExample:\n  matcher demo --port 8000")
@host_option
@port_option
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    help="Decides which people and places are invented.",
)
def demo(host: str, port: int, seed: int) -> None:
    """Serve the demo region: an embedded database, invented people, one sign-in a role."""
    from matcher.models import migrate
    from matcher.models.database import make_engine, session_factory
    from matcher.services.demo import load_demo

    require_free(host, port)
    # What is loaded here and what is served below are the same demo.
    os.environ["MATCHER_ENVIRONMENT"] = "demo"
    engine = make_engine()
    if engine.dialect.name != "sqlite":
        # Invented people and known passwords must never get into a database that is in use.
        raise Conflict("the demo uses an embedded SQLite database; unset MATCHER_DATABASE_URL")
    with ticking("demo region ready"):
        migrate.upgrade(engine)
        with session_factory(engine)() as session:
            report = load_demo(session, on=today(), seed=seed, now=now())
    engine.dispose()
    if report.loaded:
        tell(
            f"loaded {report.candidates} candidates, {report.vacancies} vacancies and "
            f"{report.programmes} programmes, all invented"
        )
    click.echo(f"http://{host}:{port} (Ctrl-C stops it)")
    for role, name, password in report.sign_ins:
        click.echo(f"  {role:<16} {name:<32} {password}")
    run_server(host, port, workers=1, threads=8, environment="demo")


def require_current(engine: Engine) -> None:
    """Refuses to go on when the database is not at the newest revision."""
    from matcher.models import migrate

    found, head = migrate.current_revision(engine), migrate.head_revision()
    if found != head:
        state = "is empty" if found is None else f"is at revision {found}, not {head}"
        raise Conflict(f"the database {state}; run 'matcher db upgrade'")


def require_free(host: str, port: int) -> None:
    """Refuses a port that another program already listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise Conflict(
                f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port"
            ) from None


def run_server(host: str, port: int, *, workers: int, threads: int, environment: str) -> NoReturn:
    """Turns this process into a gunicorn server; every worker makes an application of its own."""
    sys.stdout.flush()
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "matcher:create_app()",
        f"--bind={address}",
        f"--workers={workers}",
        f"--threads={threads}",
        "--worker-class=gthread",
        "--log-level=warning",
        "--no-control-socket",
    ]
    settings = {
        # Links in messages lead here unless the settings name another address.
        "MATCHER_PUBLIC_URL": f"http://{address}",
        **os.environ,
        "MATCHER_ENVIRONMENT": environment,
    }
    # Every part is fixed here or a checked number; nothing passes through a shell.
    os.execve(sys.executable, command, settings)  # noqa: S606  # nosec B606
