"""The blueprint of introductions and letters, and who the pages are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.http.permissions import requires
from matcher.services.introductions import ENDERS, INVITERS
from matcher.services.letters import POSTERS

blueprint = Blueprint("introductions", __name__)

inviting = requires(*INVITERS)
"""The overview is for all staff who work with candidates."""

ending = requires(*ENDERS)
"""Steps that need to know the person."""

posting = requires(*POSTERS)
"""Letters open something, so they are for whoever guides the person."""
