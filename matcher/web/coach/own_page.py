"""The coach's side of somebody's own page: notes that they read, what they asked, the way in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from matcher.domain.errors import InvalidInput
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.services import links, notes, own_requests
from matcher.services.calendar import day_of
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.own_say import asked_words, state_words
from matcher.web.coach.people import person_name
from matcher.web.coach.seen import the_candidate
from matcher.web.forms import MatcherForm, Required, longest
from matcher.web.free_text import LinesField
from matcher.web.navigation import belongs_to


class NoteForm(MatcherForm):
    """A note that the candidate reads too."""

    text = LinesField(
        _l("Notitie"),
        [Required(_l("Schrijf in een paar woorden wat u wilt onthouden")), longest(500)],
        render_kw={"rows": "3"},
    )


def own_page_of(candidate_id: int) -> dict[str, Any]:
    """What the part of the person's page shows: notes, requests and an empty form."""
    session, viewer = current_session(), the_viewer()
    found = own_requests.list_requests(session, viewer, candidate_id)
    return {
        "notes": notes.list_notes(session, viewer, candidate_id),
        "requests": [(one, asked_words(one.kind), state_words(one.state)) for one in found],
        "form": NoteForm(formdata=None),
        "account_id": viewer.account_id,
    }


@blueprint.context_processor
def _own_page() -> dict[str, Callable[..., Any]]:
    return {"own_page_of": own_page_of, "day_of": day_of}


@blueprint.post("/kandidaten/<int:candidate_id>/notities")
@coaching
@once_only
@belongs_to("coach.candidates")
def write_note(candidate_id: int) -> ResponseReturnValue:
    """Keeps a note; the candidate reads it at once."""
    record = the_candidate(candidate_id)
    form = NoteForm()
    if form.validate():
        try:
            notes.add_note(current_session(), the_viewer(), candidate_id, form.text.data, now=now())
        except InvalidInput as error:
            form.add_problems(error.problems)
        else:
            flash(_("De notitie staat erbij. De kandidaat kan hem lezen."))
            return redirect(
                url_for("coach.person_page", candidate_id=candidate_id, _anchor="notities")
            )
    page = render_template("coach/note.html", record=record, name=person_name(record), form=form)
    return page, 400


@blueprint.post("/kandidaten/<int:candidate_id>/notities/<int:note_id>/weg")
@coaching
@belongs_to("coach.candidates")
def take_note_away(candidate_id: int, note_id: int) -> ResponseReturnValue:
    """Takes a note of one's own away."""
    notes.remove_note(current_session(), the_viewer(), candidate_id, note_id)
    flash(_("De notitie is weg."))
    return redirect(url_for("coach.person_page", candidate_id=candidate_id, _anchor="notities"))


@blueprint.post("/kandidaten/<int:candidate_id>/toegang")
@coaching
@belongs_to("coach.candidates")
def give_access(candidate_id: int) -> ResponseReturnValue:
    """A new link and code for the own page, shown this once."""
    record = the_candidate(candidate_id)
    given = links.candidate_link(
        current_session(), the_viewer(), candidate_id, now=now(), language=current_language()
    )
    return render_template(
        "coach/access.html",
        record=record,
        name=person_name(record),
        given=given,
        address=url_for("account.home", _external=True).rstrip("/") + given.address_path,
        until=day_of(given.expires_at),
    )
