"""Many pieces of work that begin at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.domain.errors import MatcherError
from matcher.models.database import session_factory


def at_once(engine: Engine, works: Sequence[Callable[[Session], object]]) -> Counter[str]:
    """What came of all of it: ``done``, or what the refusal says, with its code where it has one.

    Any other error ends its thread, which fails the test.
    """
    start = threading.Barrier(len(works))
    factory = session_factory(engine)
    found: Counter[str] = Counter()
    lock = threading.Lock()

    def run(work: Callable[[Session], object]) -> None:
        start.wait()
        try:
            with factory() as session:
                work(session)
            outcome = "done"
        except MatcherError as refused:
            why = getattr(refused, "why", None)
            outcome = f"{why}: {refused}" if why else type(refused).__name__
        with lock:
            found[outcome] += 1

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
