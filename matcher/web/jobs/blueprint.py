"""The blueprint of the pages of jobs, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.http.permissions import requires
from matcher.services.job_kinds import ASKERS
from matcher.services.region_matches import MATCH_REGION

blueprint = Blueprint("jobs", __name__)
HOME = "jobs.overview"

asking = requires(*ASKERS)
"""Whoever may ask for a job of some kind; each reaches the own ones, a lead those of the region."""
matching = requires(*MATCH_REGION.rights)
