"""The best places of each person, as one job found them; in the order in which people came."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.services import jobs, region_matches
from matcher.web.coach.people import person_in_list
from matcher.web.coach.places_view import title_or_sector
from matcher.web.jobs import words
from matcher.web.jobs.blueprint import HOME, blueprint, matching
from matcher.web.navigation import belongs_to

_PEOPLE_A_PAGE = 25


@blueprint.get("/rekenen/<int:job_id>/mensen")
@matching
@belongs_to(HOME)
def people(job_id: int) -> ResponseReturnValue:
    """Person by person with the best places; never in an order of who is furthest."""
    session, viewer = current_session(), the_viewer()
    page = region_matches.list_people(
        session, viewer, job_id, cursor=request.args.get("vanaf"), limit=_PEOPLE_A_PAGE
    )
    found = jobs.get_job(session, viewer, job_id)
    later = region_matches.later_result(session, viewer, found)
    return render_template(
        "jobs/people.html",
        job=found,
        words=words,
        lines=page.items,
        person_in_list=person_in_list,
        title_or_sector=title_or_sector,
        later_url=None if later is None else url_for("jobs.people", job_id=later),
        next_url=None
        if page.next_cursor is None
        else url_for("jobs.people", job_id=job_id, vanaf=page.next_cursor),
        title=_("Wie past waar?"),
    )
