"""One advice in twenty: what do you think yourself, before ours is shown."""

from __future__ import annotations

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.fields import SelectChoice
from wtforms.widgets import HiddenInput

from matcher.domain.vocabulary import Lane
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.repositories.records import AdviceRecord, CandidateRecord
from matcher.services import blind
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.fields import OneTileField
from matcher.web.coach.people import person_name
from matcher.web.coach.seen import the_candidate
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm, Required
from matcher.web.navigation import belongs_to


class ChoiceFirstForm(MatcherForm):
    """Five tiles of one size, in the order of the list and not of the advice."""

    assessment_id = IntegerField(widget=HiddenInput())
    lane = OneTileField(_l("Wat denkt u zelf?"), validators=[Required(_l("Kies wat u zelf denkt"))])


def choice_first_form() -> ChoiceFirstForm:
    """The form, as sent or empty."""
    form = ChoiceFirstForm()
    form.lane.choices = [SelectChoice(lane.value, label_of("lanes", lane)) for lane in Lane]
    return form


def asks_first(assessed: AdviceRecord) -> bool:
    """Whether the viewer is asked before this advice is shown."""
    return blind.asks_first(
        current_session(),
        the_viewer(),
        assessed.id,
        on=today(),
        one_in=current_app.config["BLIND_ONE_IN"],
    )


def render_own_choice(record: CandidateRecord, assessment_id: int, form: ChoiceFirstForm) -> str:
    """The question, with nothing of our advice on the page."""
    form.assessment_id.data = assessment_id
    return render_template(
        "coach/own_choice.html", record=record, name=person_name(record), form=form
    )


def own_choice_words(assessed: AdviceRecord) -> str | None:
    """What was chosen before this advice was shown, beside it; None when nobody was asked."""
    chosen = blind.own_choice(current_session(), assessed.id)
    if chosen is None:
        return None
    own = label_of("lanes", chosen)
    if chosen == assessed.result["lane"]:
        return _("Vooraf gekozen, zonder ons advies: %(own)s. Dat is hetzelfde.", own=own)
    return _("Vooraf gekozen, zonder ons advies: %(own)s. Ons advies is anders. U kiest.", own=own)


@blueprint.post("/kandidaten/<int:candidate_id>/eigen-keuze")
@coaching
@belongs_to("coach.candidates")
def choose_first(candidate_id: int) -> ResponseReturnValue:
    """Keeps what was thought, without who thought it, and shows our advice beside it."""
    # Not kept by a once-only token: that would say who chose. A second press changes nothing.
    record = the_candidate(candidate_id)
    form = choice_first_form()
    if not form.validate():
        return render_own_choice(record, form.assessment_id.data or 0, form), 400
    blind.choose(
        current_session(),
        the_viewer(),
        form.assessment_id.data or 0,
        str(form.lane.data),
        now=now(),
    )
    return redirect(url_for("coach.advice", candidate_id=candidate_id))
