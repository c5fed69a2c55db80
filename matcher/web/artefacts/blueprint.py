"""The blueprint of the pages about learned predictions, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.http.permissions import requires
from matcher.services.artefacts import STEPPERS, WATCHERS

blueprint = Blueprint("artefacts", __name__)
HOME = "artefacts.overview"

watching = requires(*WATCHERS)
"""Who oversees a region, and who runs the service; the latter only takes back."""
stepping = requires(*STEPPERS)
"""Two of these promote."""
