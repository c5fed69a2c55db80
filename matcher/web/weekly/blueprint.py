"""The blueprint of the weekly allocation, and who its pages are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.http.permissions import requires
from matcher.services.weekly import CENTRE
from matcher.services.weekly_views import READERS

blueprint = Blueprint("weekly", __name__)
HOME = "weekly.overview"

deciding = requires(*CENTRE)
"""The talent centre and the team lead: they ask for allocations and decide about proposals."""
ordering = requires(*READERS)
"""They, and the officers who say how seats go."""
