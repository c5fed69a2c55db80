"""Every kind of job that this program knows, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.domain.access import Right
from matcher.services.inflow_count import COUNT_INFLOW
from matcher.services.jobs import JobKind
from matcher.services.region_matches import MATCH_REGION
from matcher.services.upload_checks import CHECK_UPLOAD
from matcher.services.upload_jobs import IMPORT_UPLOAD
from matcher.services.weekly import ALLOCATE_REGION

KINDS: Mapping[str, JobKind] = {
    kind.name: kind
    for kind in (MATCH_REGION, COUNT_INFLOW, ALLOCATE_REGION, CHECK_UPLOAD, IMPORT_UPLOAD)
}

ASKERS: tuple[Right, ...] = tuple(
    right for right in Right if any(right in kind.rights for kind in KINDS.values())
)
"""Whoever may ask for a job of some kind."""
