"""*Onze afspraken* about a start, as the candidate reads them, with the own side to fill in."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from matcher.domain.agreements import Commitments, Side
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.repositories.agreements import About
from matcher.services import agreements
from matcher.web.agreeing.sheets import write_own
from matcher.web.agreement_words import SideForm, sheet_words, side_choices
from matcher.web.candidate.blueprint import blueprint, own
from matcher.web.navigation import belongs_to


def own_sheets() -> list[agreements.Sheet]:
    """What is agreed about now: both met, or the work has not ended."""
    return agreements.open_sheets(current_session(), the_viewer())


@blueprint.route("/uitnodigingen/<int:introduction_id>/afspraken", methods=["GET", "POST"])
@blueprint.route("/werk/<int:placement_id>/afspraken", methods=["GET", "POST"])
@own
@belongs_to("candidate.work")
def agreed(
    introduction_id: int | None = None, placement_id: int | None = None
) -> ResponseReturnValue:
    """One sheet: the next step, what each side does, and the own side to change."""
    about = About(introduction_id, placement_id)
    found = agreements.sheet_of(current_session(), the_viewer(), about)
    mine = found.sides.get(Side.CANDIDATE, Commitments())
    form = SideForm(data={"codes": list(mine.codes), "text": mine.text})
    form.codes.choices = side_choices(Side.CANDIDATE)
    if form.validate_on_submit() and write_own(form, about, Side.CANDIDATE):
        return redirect(request.path, 303)
    page = render_template(
        "candidate/agreed.html",
        sheet=sheet_words(found),
        form=form,
        can_write=Side.CANDIDATE in found.writes,
    )
    return page, 400 if form.errors else 200
