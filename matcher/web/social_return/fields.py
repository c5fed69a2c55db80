"""Fields that only declarations need: numbers and amounts as people type them."""

from __future__ import annotations

import re
from typing import Any

from wtforms import StringField

from matcher.domain.numbers import HUNDRED
from matcher.http.translate import gettext as _


class NumberField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A number with a comma or a point; what was typed stays on a mistake."""

    pattern = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")

    def __init__(
        self, label: Any = None, validators: Any = (), *, maximum: int, **kwargs: Any
    ) -> None:
        render_kw = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(label, validators, render_kw=render_kw, **kwargs)
        self.maximum = maximum

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = re.sub(r"[\s€]", "", valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            found = self.pattern.fullmatch(text)
            number = self.read(*found.groups("")) if found else None
            if number is None or not 0 < number <= self.maximum:
                raise ValueError(self.refusal())
            self.data = number

    def read(self, whole: str, part: str) -> float:
        """The number that was typed."""
        return float(f"{whole}.{part or '0'}")

    def refusal(self) -> str:
        """What to type instead."""
        return _("Vul een getal in tot en met %(maximum)s", maximum=self.maximum)


class AmountField(NumberField):
    """An amount in euros, read as whole cents; a dot between thousands is forgiven."""

    pattern = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,9})(?:,([0-9]{1,2}))?")

    def read(self, whole: str, part: str) -> int:
        """The cents that were typed."""
        return int(whole.replace(".", "")) * HUNDRED + int((part or "0").ljust(2, "0"))

    def refusal(self) -> str:
        """What to type instead."""
        return _("Vul een bedrag in, zoals 2.500 of 2500,50")
