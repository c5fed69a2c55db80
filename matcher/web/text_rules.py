"""What free text may not hold: a citizen service number, or a question that nobody may ask."""

from __future__ import annotations

from typing import Any

from wtforms import Field, ValidationError

from matcher.files.guards import contains_bsn
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.reference.screening import asks_for


def no_bsn(_form: Any, field: Field) -> None:
    """Refuses text with a valid citizen service number, without repeating it."""
    if field.data and contains_bsn(str(field.data)):
        raise ValidationError(
            _("Hier staat een burgerservicenummer. Haal het weg: we bewaren dat nooit.")
        )


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
