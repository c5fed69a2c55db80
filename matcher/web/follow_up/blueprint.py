"""The blueprint of the pages about people at work, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.domain.access import Right
from matcher.http.permissions import requires
from matcher.services.placements import PLACERS

blueprint = Blueprint("follow_up", __name__)

OVERVIEW = "follow_up.overview"

placing = requires(*PLACERS)
"""Who guides people: coaches meet their own, others those of the region."""
employing = requires(Right.CONTRACTOR)
"""Who people work for."""
