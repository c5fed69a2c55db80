"""The short forms of a contractor: “Bel mij” and “Neem dit van mij over”."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice

from matcher.http.language import current_language
from matcher.web.codes import codes_of
from matcher.web.forms import CHOOSE_ONE, MatcherForm, PhoneField, Required, TextField, longest
from matcher.web.text_rules import no_bsn

OTHER_WORK = "other"
MOST_PEOPLE = 3
"""The last tile stands for so many people and more."""

PEOPLE = {"1": "1", "2": "2", "3": _l("3 of meer")}
WHEN = {"this_week": _l("Deze week"), "this_month": _l("Deze maand"), "later": _l("Later")}


def _name_field() -> TextField:
    return TextField(
        _l("Uw naam"),
        [Required(_l("Vul uw naam in")), longest(120), no_bsn],
        render_kw={"autocomplete": "name"},
    )


def _phone_field() -> PhoneField:
    return PhoneField(
        _l("Telefoon"),
        [Required(_l("Vul uw telefoonnummer in, dan kunnen we u bellen"))],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )


class CallMeForm(MatcherForm):
    """Five questions, from a van at a quarter to seven."""

    name = _name_field()
    phone = _phone_field()
    work = RadioField(
        _l("Wat voor werk?"),
        [Required(_l("Kies wat voor werk het is"))],
        invalid_choice_message=CHOOSE_ONE,
    )
    people = RadioField(
        _l("Hoeveel mensen?"),
        [Required(_l("Kies hoeveel mensen u zoekt"))],
        choices=[SelectChoice(*item) for item in PEOPLE.items()],
        invalid_choice_message=CHOOSE_ONE,
    )
    wanted_when = RadioField(
        _l("Vanaf wanneer?"),
        [Required(_l("Kies vanaf wanneer u iemand zoekt"))],
        choices=[SelectChoice(*item) for item in WHEN.items()],
        invalid_choice_message=CHOOSE_ONE,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        language = current_language()
        kinds = [code for code in codes_of("work_types") if code.attributes.get("call_me")]
        self.work.choices = [
            *(SelectChoice(code.code, code.text("call_me", language)) for code in kinds),
            SelectChoice(OTHER_WORK, str(_l("Anders"))),
        ]


class TakeOverForm(MatcherForm):
    """Somebody at the service point takes the matter over: a number is all that is needed."""

    name = _name_field()
    phone = _phone_field()
    about = HiddenField(validators=[longest(80)])
