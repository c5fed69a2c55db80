"""What a text may not hold: a number that is never saved, or a question that nobody may ask."""

from __future__ import annotations

from typing import Any

from wtforms import Field, ValidationError

from matcher.files.free_text import found_in, never_saved, way_out
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.reference.screening import asks_for


def no_bsn(_form: Any, field: Field) -> None:
    """Refuses a name with a citizen service or bank account number, without repeating it.

    For what somebody or something is called. Free text has `LinesField` or `FreeTextField`.
    """
    kinds = never_saved(str(field.data)) if field.data else ()
    if kinds:
        raise ValidationError(way_out(kinds, current_language()))


_OF_A_PERSON = ("bsn", "iban", "phone", "email")


def names_nobody(_form: Any, field: Field) -> None:
    """Refuses a text about a place that holds a number or address of somebody."""
    kinds = found_in(str(field.data)) if field.data else ()
    numbers = tuple(code for code in kinds if code.code in _OF_A_PERSON)
    if numbers:
        raise ValidationError(way_out(numbers, current_language()))


def describes_work(_form: Any, field: Field) -> None:
    """Refuses text that asks for a person's age, gender, origin, health or benefit."""
    if not field.data:
        return
    found = asks_for(str(field.data))
    if found:
        subjects = ", ".join(code.label(current_language()) for code in found)
        raise ValidationError(
            _(
                "Dit mag u niet vragen: %(subjects)s. Beschrijf liever wat het werk is.",
                subjects=subjects,
            )
        )
