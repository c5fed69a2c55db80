"""Where a large search runs: here, or on a Dask cluster through joblib (extra ``distributed``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import joblib

from matcher.domain.errors import InvalidInput, Problem

LOCAL = "local"
DASK = "dask"


@contextmanager
def backend(name: str, scheduler: str | None = None) -> Iterator[bool]:
    """Within it joblib spreads work over `name`; gives whether that is a cluster.

    Without a `scheduler` address a cluster of two workers is made on this machine and closed again.
    """
    if name == LOCAL:
        yield False
        return
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError:
        why = "needs the extra distributed: pip install 'matcher[distributed]'"
        raise InvalidInput([Problem("--backend dask", why)]) from None
    if scheduler is not None:
        with Client(scheduler, timeout="10s"), joblib.parallel_config(backend=DASK):
            yield True
        return
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with (
        LocalCluster(**settings) as cluster,
        Client(cluster),
        joblib.parallel_config(backend=DASK),
    ):
        yield True
