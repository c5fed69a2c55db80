"""Tests learn with one thread, as the command line does: figures depend on no number of cores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Linear algebra and boosting alike."""
    with threadpool_limits(limits=1):
        yield
