"""Work of the candidate: how it goes, and one question now and then, answered with one tap."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.errors import Conflict, InvalidInput
from matcher.domain.follow_up import OutcomeSource
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.models.states import PlacementState
from matcher.repositories.placements import PlacementRecord
from matcher.services import outcomes, placements, retender
from matcher.services.outcomes import Moment, MomentState
from matcher.services.placements import BETWEEN
from matcher.web.candidate.agreed import own_sheets
from matcher.web.candidate.blueprint import blueprint, own
from matcher.web.follow_up_words import own_answers, words
from matcher.web.forms import MatcherForm


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """One question that can be answered now, about one start."""

    placement: PlacementRecord
    moment: Moment


def questions_now() -> list[OwnQuestion]:
    """What can be answered now and was not yet, by the candidate."""
    session, viewer, on = current_session(), the_viewer(), today()
    found = placements.own_placements(session, viewer)
    moments = outcomes.moments_of(session, viewer, found, on=on)
    return [
        OwnQuestion(one, moment)
        for one in found
        for moment in moments[one.id]
        if moment.asking.is_open(on)
        and moment.state is not MomentState.KNOWN
        and moment.said_by(OutcomeSource.CANDIDATE) is None
    ]


@blueprint.get("/werk")
@own
def work() -> ResponseReturnValue:
    """Where I work or worked, what is asked now, and what was answered."""
    session, viewer, on = current_session(), the_viewer(), today()
    found = placements.own_placements(session, viewer)
    return render_template(
        "candidate/work.html",
        placements=found,
        moments=outcomes.moments_of(session, viewer, found, on=on),
        questions=questions_now(),
        answers=own_answers(),
        at_work=[
            one for one in found if one.state is not PlacementState.ENDED and one.starts_on <= on
        ],
        sheets=own_sheets(),
        form=MatcherForm(formdata=None),
        **words(),
    )


@blueprint.post("/werk/<int:placement_id>/<any(antwoord,gaat,mee):step>")
@own
def say_about_work(placement_id: int, step: str) -> ResponseReturnValue:
    """Answers a question, or says how it goes; saying it again changes the own answer."""
    if not MatcherForm().validate():
        abort(400)
    session, viewer, sent = current_session(), the_viewer(), request.form
    status, months = sent.get("status", ""), sent.get("months", "")
    try:
        if step == "mee":
            retender.agree_to_transfer(session, viewer, placement_id, now=now())
            flash(_("Dank u wel. U gaat mee naar het nieuwe bedrijf als de opdracht wisselt."))
        elif step == "gaat":
            placements.note_contact(session, viewer, placement_id, BETWEEN, status, now=now())
            flash(_("Dank u wel. Uw coach ziet het."))
        else:
            number = int(months) if months.isdigit() else 0
            outcomes.answer(session, viewer, placement_id, number, status, now=now())
            flash(_("Dank u wel. Uw antwoord staat er."))
    except InvalidInput:
        flash(_("Kies eerst een antwoord."), "near")
    except Conflict:
        flash(_("Deze vraag is voorbij. U hoeft niets te doen."), "near")
    return redirect(url_for("candidate.work"), 303)
