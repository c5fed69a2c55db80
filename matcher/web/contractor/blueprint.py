"""The blueprint of the contractor's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("contractor", __name__)
