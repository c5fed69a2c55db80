"""The blueprint of the pages on which something is agreed, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.domain.access import Right
from matcher.http.permissions import requires
from matcher.repositories.retender import READERS
from matcher.services.placements import PLACERS

blueprint = Blueprint("agreeing", __name__)

employing = requires(Right.CONTRACTOR)
"""Who people will work for."""
at_stake = requires(*READERS)
"""Who looks at jobs on contracts that end, and at nobody by name."""
placing = requires(*PLACERS)
"""Who guides people."""
