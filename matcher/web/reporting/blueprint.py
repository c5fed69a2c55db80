"""The blueprint of the public form for reports of displacement."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reporting", __name__)
