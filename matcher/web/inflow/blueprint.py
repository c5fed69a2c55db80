"""The blueprint of the inflow pages, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.http.permissions import requires
from matcher.services.inflow import CENTRE

blueprint = Blueprint("inflow", __name__)
HOME = "inflow.board"
MONITORS = "inflow.watch"

of_the_centre = requires(*CENTRE)
"""Whoever may see the people behind a number."""
