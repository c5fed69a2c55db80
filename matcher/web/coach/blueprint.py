"""The blueprint of the coach's pages, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.domain.access import Right
from matcher.http.permissions import requires

blueprint = Blueprint("coach", __name__)

coaching = requires(Right.COACH, Right.LEAD)
"""Every page here is for who guides candidates; the services narrow it to their own people."""
