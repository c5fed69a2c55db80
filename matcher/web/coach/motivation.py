"""The motivation of a decision: a proposed text to put right, copy and print."""

from __future__ import annotations

from flask import render_template

from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.services import motivation as service
from matcher.web.coach.blueprint import advising, blueprint
from matcher.web.coach.people import person_name
from matcher.web.coach.seen import the_candidate
from matcher.web.navigation import belongs_to


@blueprint.get("/kandidaten/<int:candidate_id>/besluiten/<int:decision_id>/motivering")
@advising
@belongs_to("coach.candidates")
def motivation(candidate_id: int, decision_id: int) -> str:
    """The text as a proposal; what becomes of it is kept in the client file, not here."""
    record = the_candidate(candidate_id)
    text = service.motivation(current_session(), the_viewer(), candidate_id, decision_id)
    return render_template(
        "coach/motivation.html", record=record, name=person_name(record), text=text
    )
