"""The form of a lane decision: following the advice and departing from it cost the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice

from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.reference.queue import load_queue_terms
from matcher.repositories.records import CandidateRecord
from matcher.services.caseload_changes import coaches_of
from matcher.services.triage import LaneChoice
from matcher.web.coach.choice_form import (
    LONGEST_TEXT,
    AnotherRoute,
    reason_words,
    route_problem_words,
)
from matcher.web.coach.choices import with_empty
from matcher.web.coach.fields import OneTileField
from matcher.web.codes import label_of
from matcher.web.forms import DayField, Required, longest
from matcher.web.free_text import LinesField


class LaneForm(AnotherRoute):
    """One lane, one reason, a day to look again; more only where it is asked for."""

    seen_decision = HiddenField()
    assessment_id = HiddenField()
    chosen = OneTileField(_l("Uw keuze"), validators=[Required(_l("Kies wat nu past"))])
    reason = OneTileField(_l("Waarom?"), validators=[Required(_l("Kies één reden"))])
    review_on = DayField(
        _l("Opnieuw bekijken"), [Required(_l("Kies een dag om opnieuw te kijken"))]
    )
    owner_id = SelectField(_l("Wie begeleidt"), validate_choice=True)
    text = LinesField(_l("In uw eigen woorden"), [longest(LONGEST_TEXT)], render_kw={"rows": "2"})

    def explain(self, problems: Sequence[Any]) -> None:
        """Says a service's problems in the words of this page."""
        terms = load_queue_terms(today())
        words = {
            "text": _("Zeg in een paar woorden waarom, in minstens 20 tekens."),
            "chosen": _("Kies wat nu past"),
            "reason": _("Kies één reden"),
            "review_on": _(
                "Kies een dag na vandaag en binnen %(days)s dagen.", days=terms.review_within.days
            ),
            **route_problem_words(),
            "owner_id": _("Kies een coach uit de lijst"),
        }
        for problem in problems:
            if problem.where in words:
                self[problem.where].errors = [words[problem.where]]
            else:
                self.form_errors.append(problem.why)

    def wanted(self) -> LaneChoice:
        """What was chosen, for the service."""
        return LaneChoice(
            chosen=str(self.chosen.data),
            reason=str(self.reason.data),
            review_on=self.review_on.data,
            seen_decision=_number(self.seen_decision.data) or 0,
            assessment_id=_number(self.assessment_id.data),
            text=self.text.data,
            receiver=self.receiver.data or None,
            appointment_on=self.appointment_on.data,
            owner_id=_number(self.owner_id.data),
        )


def lane_form(
    record: CandidateRecord,
    lanes: Sequence[str],
    *,
    seen_decision: int,
    assessment_id: int | None,
    review_on: date | None,
    sent: bool = False,
) -> LaneForm:
    """The form, as sent or as it opens: `review_on` is the day that the advice names."""
    form = LaneForm() if sent else LaneForm(formdata=None)
    coaches = coaches_of(current_session(), the_viewer())
    form.chosen.choices = [SelectChoice(lane, label_of("lanes", lane)) for lane in lanes]
    form.reason.choices = [SelectChoice(code, words) for code, words in reason_words().items()]
    form.owner_id.choices = with_empty(
        [SelectChoice(str(number), name) for number, name in coaches], _("Nog niemand")
    )
    form.owner_id.render_kw = {"autocomplete": "off"}
    form.offer_receivers()
    if not sent:
        form.seen_decision.data = str(seen_decision)
        form.assessment_id.data = "" if assessment_id is None else str(assessment_id)
        form.review_on.data = _review_day(review_on)
        known = {str(number) for number, _name in coaches}
        owner = str(record.owner_account_id or "")
        form.owner_id.data = owner if owner in known else ""
    return form


def _review_day(suggested: date | None) -> date:
    last = today() + load_queue_terms(today()).review_within
    if suggested is None or suggested <= today():
        return last
    return min(suggested, last)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
