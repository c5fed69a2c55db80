"""What an employer sees of somebody, in words: the same lines in preview and for the employer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date

from matcher.http.translate import gettext as _
from matcher.models.states import ContactKind
from matcher.web.codes import label_of

Line = tuple[str, str]


def person_lines(shown: Mapping[str, Any]) -> list[Line]:
    """(what, in words) of each thing in `shown` that says something, in the order of a meeting.

    `shown` is what ``matcher.services.introduction_preview.shown_of`` keeps. What is unknown is
    left out: an employer learns nothing from a gap.
    """
    found = [
        (_("Voornaam"), shown.get("first_name") or ""),
        (_("Bereiken"), _contact(shown)),
        (_("Past dit werk?"), _fits(shown)),
        (_("Uren per week"), _hours(shown.get("hours_band"))),
        (_("Kan beginnen"), _month(shown.get("start_month"))),
        (_("Reis"), _("De reis past") if shown.get("travel_fits") else ""),
        (_("Gevraagde papieren"), _papers(shown.get("credentials_asked") or ())),
        (_("Begeleiding per week"), label_of("guidance_bands", shown.get("guidance_band"))),
        (_("Af te spreken over"), _loads(shown.get("agreement_needed") or ())),
        (_("Wil bereiken"), shown.get("goal") or ""),
    ]
    return [(label, words) for label, words in found if words]


def _contact(shown: Mapping[str, Any]) -> str:
    kind, value = shown.get("contact_kind"), shown.get("contact_value")
    if kind is None:
        return ""
    if ContactKind(kind) is ContactKind.VIA_COACH or not value:
        return _("via de coach")
    words = {
        ContactKind.CALL: _("bellen: %(value)s", value=value),
        ContactKind.SMS: _("sms: %(value)s", value=value),
        ContactKind.MAIL: _("e-mail: %(value)s", value=value),
    }
    return words.get(ContactKind(kind), _("via de coach"))


def _fits(shown: Mapping[str, Any]) -> str:
    return _("Past bij wat er gevraagd wordt") if shown.get("meets_needs") else ""


def _hours(band: Any) -> str:
    if not band:
        return ""
    low, high = band
    return _("%(low)s tot %(high)s uur", low=low, high=high)


def _month(month: str | None) -> str:
    if not month:
        return ""
    first = date.fromisoformat(f"{month}-01")
    return _("vanaf %(month)s", month=format_date(first, "MMMM y"))


def _papers(codes: Any) -> str:
    return ", ".join(_paper(code) for code in codes)


def _paper(code: str) -> str:
    label = label_of("credentials", code)
    if label != code:
        return label
    return _("rijbewijs %(code)s", code=code)


def _loads(loads: Any) -> str:
    return ", ".join(label_of("loads", load).lower() for load in loads)
