"""The base of every form: words that help, forgiving input, version and once-only token."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
    widgets,
)
from wtforms.validators import InputRequired, StopValidation

from matcher.http.translate import gettext as _


class MatcherForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form that is sent without the browser's checks, so that all see the same words.

    `version` is the version of the record when the form was opened (empty for a new one); `once`
    is drawn when the form is shown and lets a second press show the first one's result.
    """

    version = HiddenField()
    once = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.once.data:
            self.once.data = secrets.token_urlsafe(18)

    @property
    def read_version(self) -> int:
        """The version that the visitor saw; 0 when the form carried none."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def add_problems(self, problems: Sequence[Any]) -> None:
        """Puts a service's problems at their fields; what has no field stands in the summary."""
        for problem in problems:
            field = self._fields.get(problem.where)
            if field is None:
                self.form_errors.append(problem.why)
            else:
                field.errors = [*field.errors, problem.why]


def is_group(field: Field) -> bool:
    """Whether a field is drawn as several inputs, so that its own id belongs to none of them."""
    return isinstance(field, RadioField | BoxesField)


class Required(InputRequired):  # type: ignore[misc]  # WTForms ships no types
    """Must be answered; `message` says what to do: “Vul uw naam in”."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        # The browser's own check is off (novalidate); the attribute still tells assistive
        # software that an answer is expected, and leaves out "(niet verplicht)".
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        empty = field.data in (None, [], ()) or (
            isinstance(field.data, str) and not field.data.strip()
        )
        if empty and not field.process_errors:
            # “Not a valid choice” about nothing chosen says less than this message.
            field.errors[:] = []
            raise StopValidation(self.message)


class BoxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several choices as boxes or tiles."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class TextField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """One line of text without spaces around it; empty becomes None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist[0].split()) if valuelist else ""
        self.data = text or None

    def _value(self) -> str:
        return self.data or ""


class WholeNumberField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A whole number within bounds; spaces are forgiven, and what was typed stays on a mistake."""

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        minimum: int,
        maximum: int,
        **kwargs: Any,
    ) -> None:
        render_kw = {"inputmode": "numeric", "autocomplete": "off", **kwargs.pop("render_kw", {})}
        super().__init__(label, validators, render_kw=render_kw, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = re.sub(r"\s", "", valuelist[0]) if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,9}", text) or not (self.minimum <= int(text) <= self.maximum):
            raise ValueError(
                _(
                    "Vul een heel getal in van %(minimum)s tot en met %(maximum)s",
                    minimum=self.minimum,
                    maximum=self.maximum,
                )
            )
        self.data = int(text)


class DayField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A day: the browser's own picker, or typed as 4-1-2027 or 2027-01-04."""

    widget = widgets.DateInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        found = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
        if found:
            year, month, day = (int(part) for part in found.groups())
        else:
            found = re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", text)
            if not found:
                raise ValueError(_("Vul een datum in, zoals 4-1-2027"))
            day, month, year = (int(part) for part in found.groups())
        try:
            self.data = date(year, month, day)
        except ValueError:
            raise ValueError(
                _("Deze datum bestaat niet. Vul een datum in, zoals 4-1-2027")
            ) from None


_PHONE = re.compile(r"0[0-9]{9}|\+[0-9]{9,14}|00[0-9]{10,14}")


class PhoneField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A telephone number; spaces, dashes, dots and brackets are forgiven."""

    widget = widgets.TelInput()

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else (self.data or "")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        number = re.sub(r"[\s().\-/]", "", text)
        self.data = number or None
        if number and not _PHONE.fullmatch(number):
            raise ValueError(_("Vul een telefoonnummer in met 10 cijfers, zoals 06 12 34 56 78"))


def longest(limit: int) -> Callable[[Any, Field], None]:
    """Refuses text of more than `limit` characters, saying how many there are."""

    def check(_form: Any, field: Field) -> None:
        if field.data and len(field.data) > limit:
            raise ValidationError(
                _(
                    "Gebruik ten hoogste %(limit)s tekens. Dit zijn er %(count)s.",
                    limit=limit,
                    count=len(field.data),
                )
            )

    return check


def changed_fields(
    form: FlaskForm,
    typed: Mapping[str, Any],
    current: Mapping[str, Any],
    names: Sequence[str],
    words: Callable[[str, Any], str],
) -> list[dict[str, str]]:
    """The fields where what was typed differs from what stands there now, both in words.

    `words(name, value)` puts a value in words. The rows are those of ``both_versions`` in
    ``components/forms.html``.
    """
    rows = []
    for name in names:
        mine, theirs = words(name, typed[name]), words(name, current[name])
        if mine != theirs:
            rows.append({"label": str(form[name].label.text), "mine": mine, "theirs": theirs})
    return rows


CHOOSE_ONE = lazy_gettext("Kies één antwoord")
