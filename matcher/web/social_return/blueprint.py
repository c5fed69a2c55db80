"""The blueprint of the pages about accounts, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.domain.access import Right
from matcher.http.permissions import requires

blueprint = Blueprint("social_return", __name__)

OVERVIEW = "social_return.accounts"
OWN = "social_return.own_contracts"

reading = requires(Right.OFFICER, Right.ANALYST)
"""What every account of the region comes to."""
ruling = requires(Right.OFFICER)
"""Every euro of an account, its ledger, and deciding about a shortfall."""
of_the_firm = requires(Right.CONTRACTOR)
"""The own contracts, people merged."""
