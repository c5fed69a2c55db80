"""Every kind of job that this program knows, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.domain.access import Right
from matcher.services.jobs import JobKind
from matcher.services.region_matches import MATCH_REGION

KINDS: Mapping[str, JobKind] = {kind.name: kind for kind in (MATCH_REGION,)}

ASKERS: tuple[Right, ...] = tuple(
    right for right in Right if any(right in kind.rights for kind in KINDS.values())
)
"""Whoever may ask for a job of some kind."""
