"""The blueprint of who fits a place of a contractor."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("shortlist", __name__)
