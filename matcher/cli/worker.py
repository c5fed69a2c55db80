"""worker: does what takes longer than a request, one job after another."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from matcher.cli.operate import require_current
from matcher.cli.options import now
from matcher.cli.output import tell

if TYPE_CHECKING:
    from matcher.engine.spread import Executor


@click.command(
    epilog="\b\nExample:\n  matcher worker\n  matcher worker --once\n"
    "  matcher worker --scheduler local:4"
)
@click.option("--once", is_flag=True, help="End when nothing waits any more.")
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=1.0,
    show_default=True,
    help="Seconds between two looks for work.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Where blocks are computed: local:N for N processes of this machine, tls://HOST:PORT for "
    "a Dask scheduler. Default MATCHER_SCHEDULER, else in this process.",
)
def worker(once: bool, every: float, scheduler: str | None) -> None:
    """Work on jobs until Ctrl-C: matching a region, and whatever else takes long.

    Once a day, at night, it has the inflow board of every region with people counted by itself.

    Several can run, on one machine or many, on the database of MATCHER_DATABASE_URL. On Ctrl-C or
    SIGTERM the block at hand is finished and the job given back; a second one stops at once, and
    whatever is killed is taken up by another worker after 20 seconds. With the embedded database
    the service does this itself, unless MATCHER_JOBS_IN_PROCESS=false. A line of JSON an event goes
    to standard error.

    With a scheduler this process reads people and keeps results, and blocks are computed elsewhere:
    what other machines need is in docs/scale.md.
    """
    from matcher.http.post import environment_settings
    from matcher.logs import configure_logs
    from matcher.models.database import make_engine, session_factory
    from matcher.services.job_kinds import KINDS
    from matcher.services.job_worker import Worker
    from matcher.services.nightly import Nightly

    settings = environment_settings()
    configure_logs(settings["LOG_LEVEL"])
    executor = _executor(scheduler or settings["SCHEDULER"], settings)
    engine = make_engine()
    try:
        require_current(engine)
        factory = session_factory(engine)
        at_work = Worker(
            factory,
            now,
            KINDS,
            look_seconds=every,
            executor=executor,
            due=Nightly(factory).begin,
        )

        def stop(number: int, _frame: FrameType | None) -> None:
            # The next one of its kind is not waited for.
            signal.signal(number, signal.SIG_DFL)
            at_work.stop()

        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, stop)
        if once:
            tell(f"{at_work.work_off()} jobs ended")
        else:
            at_work.run()
    finally:
        engine.dispose()
        if executor is not None:
            executor.close()


def _executor(address: str | None, settings: Mapping[str, Any]) -> Executor | None:
    from matcher.engine.executors import executor_at

    if not address:
        return None
    return executor_at(
        address,
        authority=settings["SCHEDULER_CA"],
        certificate=settings["SCHEDULER_CERT"],
        key=settings["SCHEDULER_KEY"],
    )
