"""worker: does what takes longer than a request, one job after another."""

from __future__ import annotations

import signal
from types import FrameType

import click

from matcher.cli.operate import require_current
from matcher.cli.options import now
from matcher.cli.output import tell


@click.command(epilog="\b\nExample:\n  matcher worker\n  matcher worker --once")
@click.option("--once", is_flag=True, help="End when nothing waits any more.")
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=1.0,
    show_default=True,
    help="Seconds between two looks for work.",
)
def worker(once: bool, every: float) -> None:
    """Work on jobs until Ctrl-C: matching a region, and whatever else takes long.

    Several can run, on one machine or many, on the database of MATCHER_DATABASE_URL. On Ctrl-C or
    SIGTERM the block at hand is finished and the job given back; a second one stops at once, and
    whatever is killed is taken up by another worker after 20 seconds. With the embedded database
    the service does this itself, unless MATCHER_JOBS_IN_PROCESS=false. A line of JSON an event goes
    to standard error.
    """
    from matcher.http.post import environment_settings
    from matcher.logs import configure_logs
    from matcher.models.database import make_engine, session_factory
    from matcher.services.job_kinds import KINDS
    from matcher.services.job_worker import Worker

    configure_logs(environment_settings()["LOG_LEVEL"])
    engine = make_engine()
    try:
        require_current(engine)
        at_work = Worker(session_factory(engine), now, KINDS, look_seconds=every)

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
