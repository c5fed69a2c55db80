"""A report of displacement as a visitor fills it in."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.web.forms import form_of

REPORT = {
    "work": "paving",
    "place": "Bouwbedrijf aan de Merwedekade",
    "signs": ["stopped", "replaced"],
    "happened": "this_month",
    "reach": "",
}


def reported(client: FlaskClient, **typed: Any) -> Any:
    """The answer to a report with these answers."""
    form = form_of(client.get("/melden"), "place")
    return client.post("/melden", data={**form, **REPORT, **typed})
