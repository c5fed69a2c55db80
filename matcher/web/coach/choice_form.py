"""What is chosen after the advice: following it and departing from it are the same form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from matcher.domain.vocabulary import Lane
from matcher.http.clock import today
from matcher.http.translate import gettext as _
from matcher.models.states import DecisionReason, ReceiverKind
from matcher.reference.queue import load_queue_terms
from matcher.web.coach.choices import with_empty
from matcher.web.coach.fields import OneTileField
from matcher.web.codes import label_of
from matcher.web.forms import DayField, MatcherForm, Required, longest
from matcher.web.free_text import LinesField

LONGEST_TEXT = 500


class AnotherRoute(MatcherForm):
    """What only another route asks for: who helps further and the first appointment there."""

    receiver = SelectField(_l("Wie helpt verder"))
    appointment_on = DayField(_l("Afspraak op"))

    @property
    def confirm_days(self) -> int:
        """Within how many days whoever helps further confirms that the person came."""
        return load_queue_terms(today()).confirmed_within.days

    def offer_receivers(self) -> None:
        """Fills the list of who can help further."""
        self.receiver.choices = with_empty(
            [SelectChoice(code, words) for code, words in receiver_words().items()]
        )


class ChoiceForm(AnotherRoute):
    """One tile, one reason; more only where it is asked for."""

    chosen = OneTileField(_l("Wij kiezen"), validators=[Required(_l("Kies wat u samen gaat doen"))])
    reason = OneTileField(_l("Waarom?"), validators=[Required(_l("Kies één reden"))])
    text = LinesField(_l("In uw eigen woorden"), [longest(LONGEST_TEXT)], render_kw={"rows": "2"})

    def explain(self, problems: Sequence[Any]) -> None:
        """Says a service's problems in the words of this page."""
        words = {
            "text": _("Zeg in een paar woorden waarom, in minstens 20 tekens."),
            "chosen": _("Kies wat u samen gaat doen"),
            "reason": _("Kies één reden"),
            **route_problem_words(),
        }
        for problem in problems:
            if problem.where in words:
                self[problem.where].errors = [words[problem.where]]
            else:
                self.form_errors.append(problem.why)


def choice_form(suggested: str | None) -> ChoiceForm:
    """The form, as sent or empty; the advice is the first tile, of the same size as the others.

    `suggested` is None where nothing may be suggested: then no tile goes before another.
    """
    form = ChoiceForm()
    lanes = sorted((lane.value for lane in Lane), key=lambda lane: lane != suggested)
    form.chosen.choices = [SelectChoice(lane, label_of("lanes", lane)) for lane in lanes]
    form.reason.choices = [SelectChoice(code, words) for code, words in reason_words().items()]
    form.offer_receivers()
    return form


def route_problem_words() -> dict[str, str]:
    """What is said when another route misses who helps further, or the appointment."""
    within = load_queue_terms(today()).confirmed_within.days
    return {
        "receiver": _("Kies wie verder helpt"),
        "appointment_on": _("Kies een dag vanaf vandaag en binnen %(days)s dagen.", days=within),
    }


def receiver_words() -> dict[str, str]:
    """Who takes somebody further, as people call it."""
    return {
        ReceiverKind.SCHOOL.value: _("School of RMC"),
        ReceiverKind.DAY_ACTIVITIES.value: _("Dagbesteding"),
        ReceiverKind.WMO.value: _("Wmo"),
        ReceiverKind.DEBT_OFFICE.value: _("Financieel loket"),
        ReceiverKind.OTHER.value: _("Iemand anders"),
    }


def reason_words() -> dict[str, str]:
    """The reasons, the same for following the advice and for departing from it."""
    return {
        DecisionReason.AGREES.value: _("Past bij wat ik zie"),
        DecisionReason.CANDIDATE_WISH.value: _("Wens van de kandidaat"),
        DecisionReason.KNOWS_MORE.value: _("Ik weet meer dan hier staat"),
        DecisionReason.DATA_WRONG.value: _("De gegevens kloppen niet"),
        DecisionReason.SAFETY.value: _("Veiligheid"),
        DecisionReason.CAPACITY.value: _("Geen plaats of geen tijd"),
        DecisionReason.OTHER.value: _("Iets anders"),
    }


def lane_notes(suggested: str) -> dict[str, str]:
    """The second line of each tile: which one follows the advice."""
    return {
        lane.value: _("dit is het advies") if lane.value == suggested else _("iets anders")
        for lane in Lane
    }
