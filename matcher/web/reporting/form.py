"""What is asked of who reports: five questions, of which the last may stay empty."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, ValidationError
from wtforms.fields import SelectChoice

from matcher.http.language import current_language
from matcher.services.displacement_reports import OTHER_WORK, PLACE_MAXIMUM, REACH_MAXIMUM
from matcher.web.codes import choices_of, codes_of
from matcher.web.forms import CHOOSE_ONE, BoxesField, MatcherForm, Required, TextField, longest
from matcher.web.free_text import FreeTextField
from matcher.web.text_rules import no_bsn

TRAP = "website"
"""A field that people do not see and programs fill in."""


def _is_one_of_them(_form: Any, field: BoxesField) -> None:
    if set(field.data) - {str(choice.value) for choice in field.choices}:
        raise ValidationError(str(CHOOSE_ONE))


class ReportForm(MatcherForm):
    """No name is asked, and none is needed."""

    work = RadioField(
        _l("Om wat voor werk gaat het?"),
        [Required(_l("Kies om wat voor werk het gaat"))],
        invalid_choice_message=CHOOSE_ONE,
    )
    place = FreeTextField(
        _l("Bij welk bedrijf of op welke plek?"),
        [Required(_l("Vul in bij welk bedrijf of waar het is")), longest(PLACE_MAXIMUM)],
        render_kw={"autocomplete": "off"},
    )
    signs = BoxesField(
        _l("Wat gebeurt er?"),
        [Required(_l("Kies wat er gebeurt. Meer antwoorden mag.")), _is_one_of_them],
        validate_choice=False,
    )
    happened = RadioField(
        _l("Wanneer?"),
        [Required(_l("Kies wanneer het gebeurt"))],
        invalid_choice_message=CHOOSE_ONE,
    )
    reach = TextField(
        _l("Telefoon of e-mail"),
        [longest(REACH_MAXIMUM), no_bsn],
        render_kw={"autocomplete": "off"},
    )
    website = StringField(
        _l("Laat dit vak leeg"), render_kw={"autocomplete": "off", "tabindex": "-1"}
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        language = current_language()
        kinds = [code for code in codes_of("work_types") if code.attributes.get("call_me")]
        self.work.choices = [
            *(SelectChoice(code.code, code.text("call_me", language)) for code in kinds),
            SelectChoice(OTHER_WORK, str(_l("Anders"))),
        ]
        self.signs.choices = choices_of("displacement_signs")
        self.happened.choices = choices_of("displacement_times")

    @property
    def is_of_a_program(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.website.data)
