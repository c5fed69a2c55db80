"""Fields of free text: what is never asked is shown back with the way out, and kept nowhere.

A text that means something else, or that the candidate wants like this, can stay: the field then
offers the reasons. A BSN or a bank account number can never stay.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape
from wtforms import TextAreaField, ValidationError

from matcher.files.free_text import KEEP_REASONS, KeptText, found_in, way_out
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.web.codes import codes_of
from matcher.web.forms import TextField


class Guarded:
    """What makes a text field look at what was typed; comes before the field in the bases."""

    name: str
    id: str
    data: Any
    reason = ""
    """For which reason the text is to stay as it is."""
    offers_reasons = False

    def process(self, formdata: Any, *args: Any, **more: Any) -> None:
        """Reads the text, and beside it whether and why it is to stay."""
        super().process(formdata, *args, **more)  # type: ignore[misc]  # the field's own
        chosen = formdata.get(f"{self.name}-keep", "") if formdata else ""
        if self.data and chosen in dict(_reasons()):
            self.reason = chosen
            self.data = KeptText(self.data)

    def pre_validate(self, form: Any) -> None:
        """Refuses what is never asked, saying which kind it is and what to do."""
        super().pre_validate(form)  # type: ignore[misc]  # the field's own
        kinds = found_in(self.data) if self.data else ()
        self.offers_reasons = bool(kinds) and all(code.attributes["keepable"] for code in kinds)
        if kinds and not (self.offers_reasons and self.reason):
            raise ValidationError(way_out(kinds, current_language()))

    def __call__(self, **attributes: Any) -> Markup:
        """The field, and below it the reasons when there is something to give one for."""
        drawn: Markup = super().__call__(**attributes)  # type: ignore[misc]  # the field's own
        return drawn + self._choice() if self.offers_reasons else drawn

    def _choice(self) -> Markup:
        options = [("", _("Nee, ik schrijf het anders")), *_reasons()]
        drawn = Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(
                code, Markup(" selected") if code == self.reason else "", words
            )
            for code, words in options
        )
        return Markup(
            '<label class="keep-text" for="{id}-keep">{label}</label>'
            '<select class="form-select" id="{id}-keep" name="{name}-keep">{options}</select>'
        ).format(
            id=escape(self.id),
            name=escape(self.name),
            label=_("Wilt u het toch zo laten? Kies waarom."),
            options=drawn,
        )


def _reasons() -> list[tuple[str, str]]:
    return [(code.code, code.label(current_language())) for code in codes_of(KEEP_REASONS)]


class FreeTextField(Guarded, TextField):
    """One line of free text; empty becomes None."""


class LinesField(Guarded, TextAreaField):  # type: ignore[misc]  # WTForms ships no types
    """Free text of a few lines; spaces around it are dropped, empty becomes None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Drops the spaces around each line."""
        text = "\n".join(line.strip() for line in valuelist[0].splitlines()) if valuelist else ""
        self.data = text.strip() or None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else (self.data or "")
