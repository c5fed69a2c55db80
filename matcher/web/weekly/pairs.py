"""What was decided before the next run: pairs that stay together, and pairs that are kept apart."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.decided_pairs import PairDecision
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import weekly_choices, weekly_views
from matcher.services.calendar import day_of
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.weekly import words
from matcher.web.weekly.blueprint import HOME, blueprint, deciding


@blueprint.get("/verdelen/afspraken")
@deciding
@belongs_to(HOME)
def pairs() -> ResponseReturnValue:
    """Every pair that is locked or forbidden now, with when and why."""
    session, viewer = current_session(), the_viewer()
    found = weekly_choices.list_pairs(session, viewer)
    names = weekly_views.names(session, viewer)
    return render_template(
        "weekly/pairs.html",
        headline=ngettext(
            "%(num)s afspraak geldt bij de volgende verdeling.",
            "%(num)s afspraken gelden bij de volgende verdeling.",
            len(found),
        )
        if found
        else _("Er zijn geen afspraken vooraf."),
        lines=[
            {
                "pair": pair,
                "place": words.place_title(names.places.get(pair.vacancy_id)),
                "is_locked": pair.decision is PairDecision.LOCKED,
                "why": label_of("decision_reasons", pair.why.value),
                "when": day(day_of(pair.decided_at)),
            }
            for pair in found
        ],
        form=MatcherForm(formdata=None),
    )


@blueprint.post("/verdelen/afspraken/<int:pair_id>/los")
@deciding
@belongs_to(HOME)
def end_pair(pair_id: int) -> ResponseReturnValue:
    """Lets a pair go again."""
    if not MatcherForm().validate():
        abort(400)
    weekly_choices.end_pair(current_session(), the_viewer(), pair_id, now=now())
    flash(_("Losgelaten. De volgende verdeling houdt er geen rekening meer mee."))
    return redirect(url_for("weekly.pairs"), 303)
