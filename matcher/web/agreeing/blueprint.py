"""The blueprint of the pages on which something is agreed, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.domain.access import Right
from matcher.http.permissions import requires
from matcher.services.placements import PLACERS

blueprint = Blueprint("agreeing", __name__)

employing = requires(Right.CONTRACTOR)
"""Who people will work for."""
placing = requires(*PLACERS)
"""Who guides people."""
