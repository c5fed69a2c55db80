"""The blueprint of the pages about rules, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.http.permissions import requires
from matcher.services.rule_steps import WRITERS

blueprint = Blueprint("rules", __name__)
HOME = "rules.overview"

ruling = requires(*WRITERS)
"""Two of these change the rules of their region."""
