"""The blueprint of the pages of oversight, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.http.permissions import requires
from matcher.services.oversight import OVERSEERS

blueprint = Blueprint("oversight", __name__)
HOME = "oversight.figures"

overseeing = requires(*OVERSEERS)
"""Officers, analysts and team leads, each for the own region."""
