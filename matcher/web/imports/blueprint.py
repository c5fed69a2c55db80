"""The blueprint of the pages on which files come in, and who may open them."""

from __future__ import annotations

from flask import Blueprint

from matcher.domain.access import Right

blueprint = Blueprint("imports", __name__)
RIGHTS = (Right.TRIAGER, Right.LEAD)
