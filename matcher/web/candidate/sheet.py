"""*Onze afspraken* as the candidate sees it: the sheet that was made with the coach."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.services import own_file
from matcher.web.candidate.blueprint import blueprint, own
from matcher.web.coach.agreements import CARD, AgreementsForm, Sheet, sheet_of
from matcher.web.coach.answers import draft_formdata
from matcher.web.navigation import belongs_to


def own_sheet() -> Sheet | None:
    """The sheet as it stands; None while there is no next step on one."""
    session, viewer = current_session(), the_viewer()
    for draft in own_file.own_drafts(session, viewer):
        if draft.card == CARD:
            form = AgreementsForm(formdata=draft_formdata(draft.answers))
            if form["next_step"].data:
                return sheet_of(own_file.own_record(session, viewer), form, draft)
    return None


@blueprint.get("/afspraken")
@own
@belongs_to("candidate.home")
def agreements() -> ResponseReturnValue:
    """The whole sheet, to read and to print; without one, the first page."""
    sheet = own_sheet()
    if sheet is None:
        return redirect(url_for("candidate.home"))
    return render_template("candidate/agreements.html", sheet=sheet)
