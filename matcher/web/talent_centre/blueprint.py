"""The blueprint of the talent centre's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("talent_centre", __name__)
