"""The one form of the list: on which half-day people come and look."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from matcher.models.request_states import HalfDay
from matcher.web.forms import CHOOSE_ONE, DayField, MatcherForm, Required

HALVES = {HalfDay.MORNING.value: _l("Ochtend"), HalfDay.AFTERNOON.value: _l("Middag")}


class HalfDayForm(MatcherForm):
    """A day and its half."""

    meet_on = DayField(_l("Welke dag?"), [Required(_l("Kies een dag"))])
    half = RadioField(
        _l("Welk dagdeel?"),
        [Required(_l("Kies ochtend of middag"))],
        choices=[SelectChoice(*item) for item in HALVES.items()],
        invalid_choice_message=CHOOSE_ONE,
    )
