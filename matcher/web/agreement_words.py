"""What people read on a sheet of *Onze afspraken*, and the same as text to copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.agreements import Commitments, Side
from matcher.http.language import day_with_weekday
from matcher.http.translate import gettext as _
from matcher.services.agreements import LIST, Sheet, codes_of_side
from matcher.web.codes import label_of
from matcher.web.forms import BoxesField, MatcherForm, longest
from matcher.web.free_text import FreeTextField

DUTCH_NUMBER = 10
"""Digits of a Dutch telephone number."""


class SideForm(MatcherForm):
    """What one side commits to."""

    codes = BoxesField(_l("Wat spreken we af?"), validate_choice=False)
    text = FreeTextField(_l("Nog iets?"), [longest(200)])


def side_choices(side: Side) -> list[SelectChoice]:
    """What a side can choose, in words."""
    return [SelectChoice(code, label_of(LIST, code)) for code in codes_of_side(side)]


@dataclass(frozen=True, slots=True)
class SideWords:
    """One side as it stands on paper."""

    side: Side
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetWords:
    """A sheet as it stands on paper; what is not agreed yet is empty."""

    title: str
    about: str
    next_step: str
    next_on: str
    with_whom: str
    phone: str
    sides: tuple[SideWords, ...]

    @property
    def text(self) -> str:
        """The sheet as plain text."""
        to_agree = _("nog af te spreken")
        lines = [self.title, self.about, ""]
        lines += [f"{name}: {said or to_agree}" for name, said in self.head]
        for side in self.sides:
            lines += ["", side.title]
            lines += [f"- {line}" for line in side.lines] or [f"- {to_agree}"]
        return "\n".join(lines)

    @property
    def head(self) -> tuple[tuple[str, str], ...]:
        """The next step, when, with whom, and the number."""
        return (
            (_("Volgende stap"), self.next_step),
            (_("Wanneer"), self.next_on),
            (_("Met wie"), self.with_whom),
            (_("Telefoon"), self.phone),
        )


def sheet_words(sheet: Sheet) -> SheetWords:
    """A sheet in the words of the candidate, whose paper it is."""
    head = sheet.head
    next_on = head.get("next_on")
    return SheetWords(
        title=_("Onze afspraken, %(name)s", name=sheet.first_name or sheet.reference),
        about=about_words(sheet),
        next_step=head.get("next_step") or "",
        next_on=day_with_weekday(date.fromisoformat(next_on)) if next_on else "",
        with_whom=head.get("with_whom") or "",
        phone=phone_words(head.get("phone") or ""),
        sides=tuple(
            SideWords(side, side_titles()[side], commitment_lines(sheet.sides[side]))
            for side in sheet.asked
        ),
    )


def about_words(sheet: Sheet) -> str:
    """Where it is about."""
    return ", ".join(part for part in (sheet.title, sheet.contractor) if part)


def side_titles() -> dict[Side, str]:
    """Each side as the candidate reads it."""
    return {
        Side.CANDIDATE: _("Wat ik doe"),
        Side.EMPLOYER: _("Wat het bedrijf doet"),
        Side.MUNICIPALITY: _("Wat de gemeente doet"),
        Side.FUND: _("Wat het fonds doet"),
    }


def side_names() -> dict[Side, str]:
    """Each side in a sentence."""
    return {
        Side.CANDIDATE: _("kandidaat"),
        Side.EMPLOYER: _("bedrijf"),
        Side.MUNICIPALITY: _("gemeente"),
        Side.FUND: _("fonds"),
    }


def commitment_lines(found: Commitments) -> tuple[str, ...]:
    """What a side commits to, one line each."""
    lines = [label_of(LIST, code) for code in found.codes]
    return (*lines, *([found.text] if found.text else ()))


def phone_words(number: str) -> str:
    """A Dutch number in groups that people read aloud; any other as it is."""
    if len(number) == DUTCH_NUMBER and number.startswith("06"):
        return f"06 {number[2:4]} {number[4:6]} {number[6:8]} {number[8:]}"
    if len(number) == DUTCH_NUMBER and number.isdecimal():
        return f"{number[:3]} {number[3:6]} {number[6:8]} {number[8:]}"
    return number
