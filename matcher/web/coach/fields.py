"""Form fields of the coach's pages: tiles that may stay unanswered, and postcodes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice

from matcher.http.translate import gettext as _
from matcher.web.forms import BoxesField

UNKNOWN = "unknown"
"""The tile that says that an answer is not known; it reads as None, never as a level."""

CHOOSE_FROM_THESE = _l("Kies een van de antwoorden die hier staan")


class OneTileField(RadioField):  # type: ignore[misc]  # WTForms ships no types
    """One choice among tiles; nothing chosen, or the tile “not known”, is None."""

    def __init__(
        self, label: Any = None, choices: Sequence[SelectChoice] = (), **kwargs: Any
    ) -> None:
        super().__init__(
            label, choices=list(choices), invalid_choice_message=CHOOSE_FROM_THESE, **kwargs
        )

    @property
    def answered(self) -> bool:
        """Whether a tile was chosen, be it “not known”."""
        return self.raw_choice is not None

    @property
    def raw_choice(self) -> str | None:
        """The code that was chosen, as sent; None without any."""
        if self.raw_data:
            return str(self.raw_data[0])
        return None if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = None if valuelist[0] in ("", UNKNOWN) else valuelist[0]

    def iter_choices(self) -> list[Any]:
        chosen = self.raw_choice
        return [
            choice._replace(selected=choice.value == chosen) for choice in super().iter_choices()
        ]

    def pre_validate(self, form: Any) -> None:
        if self.raw_choice not in (None, "", UNKNOWN):
            super().pre_validate(form)


class TilesField(BoxesField):
    """Any number of tiles."""

    def __init__(
        self, label: Any = None, choices: Sequence[SelectChoice] = (), **kwargs: Any
    ) -> None:
        super().__init__(
            label, choices=list(choices), invalid_choice_message=CHOOSE_FROM_THESE, **kwargs
        )


class PickField(SelectField):  # type: ignore[misc]  # WTForms ships no types
    """A list to pick from; the first, empty line is None."""

    def __init__(
        self, label: Any = None, choices: Sequence[SelectChoice] = (), **kwargs: Any
    ) -> None:
        super().__init__(
            label, choices=list(choices), invalid_choice_message=CHOOSE_FROM_THESE, **kwargs
        )
        self.type = "SelectField"  # drawn as one

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0] or None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)


class PostcodeField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """The four digits of a postcode; letters typed behind them are dropped, never kept."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.render_kw = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "7"}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        found = re.fullmatch(r"([1-9][0-9]{3})\s*(?:[A-Za-z]{2})?", text)
        if not found:
            raise ValueError(_("Vul de vier cijfers van de postcode in, zoals 3311"))
        self.data = int(found[1])
