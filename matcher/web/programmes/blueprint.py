"""The blueprint of the pages about programmes, and who they are for."""

from __future__ import annotations

from flask import Blueprint, url_for

from matcher.domain.access import Right
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.services.cohorts import PLANNERS
from matcher.services.seat_releases import BOOKERS, DIVIDERS
from matcher.services.works import READERS

blueprint = Blueprint("programmes", __name__)

OVERVIEW = "programmes.overview"

looking = requires(*BOOKERS, Right.OFFICER)
"""What there is, without a name."""
booking = requires(*BOOKERS)
"""What is about people: coaches meet their own, others those of the region."""
dividing = requires(*DIVIDERS)
"""Giving seats to whoever is first in line."""
planning = requires(*PLANNERS)
"""How many seats there are, and who pays."""


def area_tabs(current: str) -> list[dict[str, object]]:
    """The pages of this area, for whoever may open them."""
    tabs = [
        ("overview", _("Programma's"), True),
        ("arrangements", _("Samenwerkingen"), the_viewer().has(*PLANNERS)),
        ("works", _("Werkt dit?"), the_viewer().has(*READERS)),
        ("funding", _("Geld"), the_viewer().has(*PLANNERS)),
    ]
    return [
        {"label": label, "url": url_for(f"programmes.{name}"), "current": name == current}
        for name, label, is_open in tabs
        if is_open
    ]
