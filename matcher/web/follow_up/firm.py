"""*Aan het werk* of a contractor: who works here, and one question now and then."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.errors import Conflict, InvalidInput
from matcher.domain.follow_up import OutcomeSource
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import PlacementState
from matcher.services import outcomes, placements, retender
from matcher.services.absence import call_before, firm_missed
from matcher.services.outcomes import Moment, MomentState
from matcher.web.follow_up.blueprint import blueprint, employing
from matcher.web.follow_up_words import answers_for, words
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to

_PAGE = "follow_up.at_work"


@blueprint.get("/aan-het-werk")
@employing
def at_work() -> Any:
    """Who works at the firm; first the people about whom something is asked."""
    session, viewer, on = current_session(), the_viewer(), today()
    found = placements.for_firm(session, viewer, on=on)
    moments = outcomes.moments_of(session, viewer, found, on=on)
    asked = {one.id: _asked(moments[one.id]) for one in found}
    shown = [
        one for one in found if one.state is not PlacementState.ENDED or asked[one.id] is not None
    ]
    return render_template(
        "follow_up/firm.html",
        placements=sorted(shown, key=lambda one: asked[one.id] is None),
        moments=moments,
        asked=asked,
        contracts=retender.own_contracts(session, viewer, on=on),
        answers=answers_for(OutcomeSource.EMPLOYER),
        working=sum(one.state is not PlacementState.ENDED for one in found),
        headline=_headline(sum(one is not None for one in asked.values()), len(shown)),
        form=MatcherForm(formdata=None),
        today=on,
        **words(),
    )


def _asked(found: tuple[Moment, ...]) -> Moment | None:
    """The question that is open and that the firm did not answer yet."""
    return next(
        (
            one
            for one in found
            if one.state is MomentState.OPEN and one.said_by(OutcomeSource.EMPLOYER) is None
        ),
        None,
    )


def _headline(asked: int, shown: int) -> str:
    if asked:
        return ngettext(
            "We hebben %(num)s vraag voor u.", "We hebben %(num)s vragen voor u.", asked
        )
    if shown:
        return ngettext("Er werkt %(num)s mens bij u.", "Er werken %(num)s mensen bij u.", shown)
    return _("Er werkt nog niemand bij u via ons.")


@blueprint.post("/aan-het-werk/<int:placement_id>/niet-gekomen")
@employing
@belongs_to(_PAGE)
def missed(placement_id: int) -> Any:
    """One press when somebody does not turn up: the coach calls the firm."""
    if not MatcherForm().validate():
        abort(400)
    try:
        firm_missed(current_session(), the_viewer(), placement_id, now=now())
    except Conflict:
        flash(_("Deze persoon werkt nu niet bij u."), "near")
    else:
        hour = call_before(now())
        flash(
            _("De jobcoach weet het en belt u vóór %(hour)s.", hour=hour)
            if hour
            else _("De jobcoach weet het en belt u vandaag.")
        )
    return redirect(url_for(_PAGE), 303)


@blueprint.post("/aan-het-werk/<int:placement_id>")
@employing
def answer_firm(placement_id: int) -> Any:
    """The firm says how it is; only what it knows itself is asked."""
    if not MatcherForm().validate():
        abort(400)
    sent = request.form.get("months", "")
    months = int(sent) if sent.isdigit() else 0
    try:
        outcomes.answer(
            current_session(),
            the_viewer(),
            placement_id,
            months,
            request.form.get("status", ""),
            now=now(),
        )
    except InvalidInput:
        flash(_("Kies eerst een antwoord."), "near")
    except Conflict:
        flash(_("Deze vraag is voorbij. U hoeft niets meer te doen."), "near")
    else:
        flash(_("Dank u wel. Meer hoeven we niet te weten."))
    return redirect(url_for(_PAGE), 303)
