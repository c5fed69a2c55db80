"""The blueprint of the public page about the people of a region."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("talent", __name__)
