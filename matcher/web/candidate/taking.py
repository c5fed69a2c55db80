"""*Meenemen*: everything as a file for a computer, or on paper."""

from __future__ import annotations

from flask import Response, json, render_template
from flask.typing import ResponseReturnValue

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.services import (
    candidates,
    decisions,
    introduction_views,
    notes,
    own_copy,
    own_file,
    own_requests,
)
from matcher.services.calendar import day_of
from matcher.services.folded import FOLDED_FIELDS
from matcher.services.own_file import ADVICE_MAXIMUM
from matcher.web.candidate.asking import request_line
from matcher.web.candidate.blueprint import blueprint, is_fold_open, own
from matcher.web.candidate.home import advice_words, chosen_words
from matcher.web.candidate.invitations import place_title, status_words
from matcher.web.candidate.known import known_groups, known_line
from matcher.web.candidate.looking import looked_lines
from matcher.web.navigation import belongs_to
from matcher.web.shown_person import person_lines

FILENAME = "mijn-gegevens.json"
"""Says nothing of whose it is or what it is about: it ends up in a list of downloads."""


@blueprint.get("/meenemen")
@own
def take_along() -> ResponseReturnValue:
    """The two ways, and whether money and home come along."""
    return render_template("candidate/take_along.html", is_open=is_fold_open())


@blueprint.get("/meenemen/bestand")
@own
@belongs_to("candidate.take_along")
def copy_file() -> ResponseReturnValue:
    """The whole copy as JSON; its own ``about`` says what each part holds."""
    copy = own_copy.take_copy(
        current_session(),
        the_viewer(),
        with_folded=is_fold_open(),
        language=current_language(),
        now=now(),
    )
    text = json.dumps(copy, ensure_ascii=False, indent=2, sort_keys=False)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILENAME}"'
    return response


@blueprint.get("/meenemen/papier")
@own
@belongs_to("candidate.take_along")
def copy_on_paper() -> ResponseReturnValue:
    """The same in words, to print."""
    session, viewer, is_open = current_session(), the_viewer(), is_fold_open()
    own_copy.note_copy(session, viewer)
    record = own_file.own_record(session, viewer)
    fields = own_file.known_fields(session, viewer, with_folded=is_open)
    advices = own_file.own_assessments(session, viewer, with_folded=is_open, limit=ADVICE_MAXIMUM)
    plans = own_file.own_plans(session, viewer, with_folded=is_open, limit=ADVICE_MAXIMUM)
    asked = own_requests.list_requests(session, viewer, record.id)
    kept = decisions.list_decisions(session, viewer, record.id)
    invited = introduction_views.for_candidate(session, viewer, now=now())
    return render_template(
        "candidate/paper.html",
        record=record,
        made_on=day_of(now()),
        is_open=is_open,
        groups=known_groups(fields),
        folded=[known_line(fields[name]) for name in FOLDED_FIELDS if name in fields],
        commitments=candidates.list_commitments(session, viewer, record.id),
        advices=[(advice_words(item, record), item.folded) for item in advices],
        plans=plans,
        decisions=[chosen_words(item) for item in kept],
        requests=[request_line(item) for item in asked],
        notes=notes.list_notes(session, viewer, record.id),
        introductions=[
            (one, place_title(one), status_words(one.status), person_lines(one.shown))
            for one in invited
        ],
        looked=looked_lines(),
    )
