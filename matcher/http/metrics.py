"""Counts and times of requests for Prometheus, by route and status: no ids, no addresses."""

from __future__ import annotations

import os
import time
from datetime import datetime

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from matcher.repositories.jobs import Backlog

REGISTRY = CollectorRegistry()

REQUEST_SECONDS = Histogram(
    "matcher_request_seconds",
    "Time to answer a request, by route, method and status.",
    ("route", "method", "status"),
    registry=REGISTRY,
)


def init_metrics(app: Flask) -> None:
    """Measures every request of the application."""

    @app.before_request
    def begin() -> None:
        g.metrics_began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "none"
        method = request.method if request.url_rule else "none"
        seconds = time.perf_counter() - g.metrics_began
        REQUEST_SECONDS.labels(route, method, str(response.status_code)).observe(seconds)
        return response


def exposition(backlog: Backlog | None, now: datetime) -> Response:
    """All metrics as Prometheus reads them, over all workers with ``PROMETHEUS_MULTIPROC_DIR``.

    Without a `backlog`, because the database did not say, nothing is told of jobs.
    """
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        # prometheus_client leaves this class without types.
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    found = generate_latest(registry) + generate_latest(_of_jobs(backlog, now))
    return Response(found, content_type=CONTENT_TYPE_LATEST)


def _of_jobs(backlog: Backlog | None, now: datetime) -> CollectorRegistry:
    """How much work waits: read at this moment, so the same whichever process answers."""
    registry = CollectorRegistry()
    if backlog is None:
        return registry
    jobs = Gauge(
        "matcher_jobs", "Jobs that have not ended, by state.", ("state",), registry=registry
    )
    jobs.labels("queued").set(backlog.queued)
    jobs.labels("running").set(backlog.running)
    waits = Gauge(
        "matcher_jobs_oldest_queued_seconds",
        "How long the oldest job waits that nobody works on; 0 without any.",
        registry=registry,
    )
    if backlog.oldest_queued_at is not None:
        waits.set(max(0.0, (now - backlog.oldest_queued_at).total_seconds()))
    return registry
