"""The blueprint of the team lead's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("team", __name__)
