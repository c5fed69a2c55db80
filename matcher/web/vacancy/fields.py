"""Fields that only a vacancy needs: postcodes, times of the day, wages."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from wtforms import StringField, widgets

from matcher.http.translate import gettext as _


class _TypedField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """Text that is read as something else; what was typed stays when that fails."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.shown()

    def shown(self) -> str:
        """The data as it is typed."""
        return str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = self.read(text) if text else None

    def read(self, text: str) -> Any:
        """The data behind `text`, by default the text; ValueError says what to type instead."""
        return text


class PostcodeField(_TypedField):
    """A postcode: four digits, with or without the letters, which are not kept."""

    def read(self, text: str) -> int:
        """The four digits as a number from 1000."""
        found = re.fullmatch(r"([1-9][0-9]{3})\s*([A-Za-z]{2})?", text)
        if not found:
            raise ValueError(_("Vul de vier cijfers van de postcode in, zoals 3311"))
        return int(found.group(1))


class ClockField(_TypedField):
    """A time of the day: 7:00, 07.00 or 0700."""

    widget = widgets.TimeInput()

    def shown(self) -> str:
        return f"{self.data:%H:%M}"

    def read(self, text: str) -> time:
        """The time, without seconds."""
        found = re.fullmatch(r"([0-9]{1,2})[:. ]?([0-9]{2})(?::[0-9]{2})?", text)
        if not found or int(found.group(1)) > 23 or int(found.group(2)) > 59:
            raise ValueError(_("Vul een tijd in, zoals 7:00"))
        return time(int(found.group(1)), int(found.group(2)))


class EurosField(_TypedField):
    """An amount in euros with a comma or a point, kept in cents."""

    def shown(self) -> str:
        euros, cents = divmod(int(self.data or 0), 100)
        return f"{euros},{cents:02d}"

    def read(self, text: str) -> int:
        """The amount in cents, up to 10,000 euros."""
        found = re.fullmatch(r"€?\s*([0-9]{1,4})(?:[.,]([0-9]{1,2}))?", text)
        if not found:
            raise ValueError(_("Vul een bedrag in, zoals 15,20"))
        return int(found.group(1)) * 100 + int((found.group(2) or "0").ljust(2, "0"))


class HoursField(_TypedField):
    """Hours (or months) with at most one decimal, comma or point, within bounds."""

    def __init__(
        self, label: Any = None, validators: Any = (), *, minimum: int, maximum: int, **kwargs: Any
    ) -> None:
        super().__init__(
            label, validators, render_kw={"inputmode": "decimal", "autocomplete": "off"}, **kwargs
        )
        self.minimum, self.maximum = minimum, maximum

    def shown(self) -> str:
        return f"{self.data:g}".replace(".", ",")

    def read(self, text: str) -> float:
        """The number, whole or with one decimal."""
        found = re.fullmatch(r"[0-9]{1,4}(?:[.,][0-9])?", text)
        number = float(text.replace(",", ".")) if found else -1.0
        if not self.minimum <= number <= self.maximum:
            raise ValueError(
                _(
                    "Vul een getal in van %(minimum)s tot en met %(maximum)s",
                    minimum=self.minimum,
                    maximum=self.maximum,
                )
            )
        return number
