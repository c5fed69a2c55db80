"""*Wie keek er mee*: who opened the file, by right and day, never by name."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.web.candidate.blueprint import blueprint, own


def looked_lines() -> list[str]:
    return []


@blueprint.get("/wie-keek-mee")
@own
def who_looked() -> ResponseReturnValue:
    """Who opened the file, newest first."""
    return render_template("candidate/who_looked.html", lines=looked_lines())
