"""The forms of the rules: usual values, the whole text, the client council, an offer, a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField

from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.reference.rule_changes import Unit, UsualValue
from matcher.services.rule_steps import COUNCIL_MAXIMUM, WHY_MAXIMUM
from matcher.web.forms import DayField, MatcherForm, Required, longest
from matcher.web.free_text import FreeTextField, LinesField
from matcher.web.rules.words import typed

_DIGITS = 12
SOURCE_MAXIMUM = 300


class NumberField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A number in its unit; euros are typed and cents come out. Empty is no number."""

    def __init__(self, label: Any = None, *, unit: Unit, **kwargs: Any) -> None:
        settings = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(label, render_kw=settings, **kwargs)
        self.unit = unit

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else typed(self.data, self.unit)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads “30.000”, “30000,50” and “5”."""
        text = re.sub(r"[\s€%]", "", valuelist[0]) if valuelist else ""
        self.data = None
        if not text:
            return
        if current_language() == "nl" or re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})*,[0-9]{1,2}", text):
            text = re.sub(r"\.(?=[0-9]{3}(\D|$))", "", text).replace(",", ".")
        else:
            text = re.sub(r",(?=[0-9]{3}(\D|$))", "", text)
        if not re.fullmatch(r"[0-9]{1,%d}(\.[0-9]{1,4})?" % _DIGITS, text):  # noqa: UP031  braces
            raise ValueError(_("Vul een getal in, zoals 5 of 30.000"))
        number = Decimal(text)
        if self.unit is Unit.CENTS:
            number *= 100
        if self.unit in (Unit.CENTS, Unit.MONTHS, Unit.DAYS) and number != int(number):
            raise ValueError(_("Vul een heel getal in, of euro's met twee cijfers achter de komma"))
        self.data = int(number) if number == int(number) else float(number)


class ValuesForm(MatcherForm):
    """From when, on what decision, and the numbers of the rules that the region uses."""

    effective_on = DayField(_l("Vanaf welke dag?"), [Required(_l("Vul een datum in"))])
    source = FreeTextField(
        _l("Waar staat dit besluit?"),
        [Required(_l("Schrijf op waar dit besluit staat")), longest(SOURCE_MAXIMUM)],
        description=_l("Bijvoorbeeld: besluit van het regiobestuur, 12 november 2026."),
    )


def values_form(usual: Sequence[UsualValue], labels: Sequence[str]) -> ValuesForm:
    """The form with one box a number."""
    boxes = {
        one.name: NumberField(label, unit=one.unit, default=one.value)
        for one, label in zip(usual, labels, strict=True)
    }
    found: ValuesForm = type("ValuesFormOf", (ValuesForm,), boxes)()
    return found


class TextForm(MatcherForm):
    """The whole rule set as YAML, typed or from a file."""

    rules_text = TextAreaField(_l("De regels als YAML"))
    file = FileField(_l("Of kies een bestand"))


class CouncilForm(MatcherForm):
    """What the client council advised, or why it was not asked."""

    council_advice = LinesField(
        _l("Wat vond de cliëntenraad?"),
        [longest(COUNCIL_MAXIMUM)],
        description=_l("Het advies in het kort. Noem niemand."),
    )
    council_on = DayField(_l("Op welke dag?"))
    council_done = LinesField(_l("Wat is er met het advies gedaan?"), [longest(COUNCIL_MAXIMUM)])
    not_asked_why = LinesField(
        _l("Niet gevraagd, omdat"),
        [longest(WHY_MAXIMUM)],
        description=_l("Alleen als de raad niet is gevraagd. Laat de andere vakken dan leeg."),
    )


class OfferForm(MatcherForm):
    """From when it is to hold."""

    effective_on = DayField(_l("Vanaf welke dag?"), [Required(_l("Vul een datum in"))])


class WhyForm(MatcherForm):
    """Why a version goes back, or ends."""

    why = FreeTextField(_l("Waarom?"), [Required(_l("Schrijf op waarom.")), longest(WHY_MAXIMUM)])
