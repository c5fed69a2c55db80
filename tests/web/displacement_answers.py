"""Answering “Kost deze plek iemand anders werk?” as a firm does."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.forms import form_of

NO_RISK = {"d1": "no", "d2": "no", "d3": "no", "d4": "no", "d7": "none"}


def answered(client: FlaskClient, address: str, **changes: str) -> TestResponse:
    """What the page at `address` says to these answers, by default with nothing to look at."""
    form = form_of(client.get(address), "reason_d1")
    return client.post(address, data={**form, **NO_RISK, **changes})


def opened(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """`answer`, or what follows on the questions that it leads to."""
    address = answer.headers.get("Location", "")
    return answered(client, address) if address.endswith("/verdringing") else answer
