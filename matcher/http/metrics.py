"""Counts and times of requests for Prometheus, by route and status: no ids, no addresses."""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    generate_latest,
    multiprocess,
)

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


def exposition() -> Response:
    """All metrics as Prometheus reads them, over all workers with ``PROMETHEUS_MULTIPROC_DIR``."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        # prometheus_client leaves this class without types.
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
