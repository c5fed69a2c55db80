"""What is chosen after the advice: following it and departing from it are the same form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.vocabulary import Lane
from matcher.http.translate import gettext as _
from matcher.models.states import DecisionReason
from matcher.web.coach.fields import OneTileField
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm, Required, longest
from matcher.web.free_text import LinesField

LONGEST_TEXT = 500


class ChoiceForm(MatcherForm):
    """One tile, one reason; text only where it is asked for."""

    chosen = OneTileField(_l("Wij kiezen"), validators=[Required(_l("Kies wat u samen gaat doen"))])
    reason = OneTileField(_l("Waarom?"), validators=[Required(_l("Kies één reden"))])
    text = LinesField(_l("In uw eigen woorden"), [longest(LONGEST_TEXT)], render_kw={"rows": "2"})

    def explain(self, problems: Sequence[Any]) -> None:
        """Says a service's problems in the words of this page."""
        words = {
            "text": _("Zeg in een paar woorden waarom, in minstens 20 tekens."),
            "chosen": _("Kies wat u samen gaat doen"),
            "reason": _("Kies één reden"),
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
    return form


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
