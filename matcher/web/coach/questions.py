"""The questions that one field answers: a tile, a number, a line of a list, some boxes."""

from __future__ import annotations

from typing import Any

from wtforms.fields import SelectChoice

from matcher.domain.candidate import CandidateProfile
from matcher.domain.vocabulary import ABILITIES, LEVELS, LOADS
from matcher.http.translate import gettext as _
from matcher.web.coach.choices import not_known, text_of, values_of, with_empty
from matcher.web.coach.fields import (
    UNKNOWN,
    OneTileField,
    PickField,
    PostcodeField,
    TilesField,
)
from matcher.web.coach.question import Fields, Question, Values
from matcher.web.codes import choices_of, codes_of, label_of
from matcher.web.forms import DayField, WholeNumberField

MINUTES_OFFERED = (15, 30, 45, 60, 90)
"""Journeys offered as tiles; another number that somebody holds gets a tile of its own."""


class CodeQuestion(Question):
    """One choice out of a code list whose codes carry a number, or are the value themselves."""

    def __init__(
        self, name: str, list_name: str, *, kind: str = "tiles", title: str | None = None
    ) -> None:
        super().__init__(name)
        self.list_name = list_name
        self.kind = kind
        self._title = title

    @property
    def title(self) -> str:
        if self._title is not None:
            return self._title
        owner = "levels" if self.name in LEVELS else "loads"
        return text_of(owner, self.name, "question")

    def number(self, code: str) -> float:
        """The value that a code stands for."""
        number = values_of(self.list_name)[code]
        return int(code) if number is None else number

    def code(self, value: float | None) -> str | None:
        """The code for a value; a value between the codes stands for itself."""
        if value is None:
            return None
        for code in codes_of(self.list_name):
            number = code.attributes.get("value", code.code)
            if str(number) == f"{value:g}":
                return code.code
        return f"{value:g}"

    def fields(self, profile: CandidateProfile | None) -> Fields:
        choices = choices_of(self.list_name)
        held = None if profile is None else self.code(getattr(profile, self.name))
        if held is not None and held not in {choice.value for choice in choices}:
            choices.append(SelectChoice(held, self.say(getattr(profile, self.name))))
        choices.append(SelectChoice(UNKNOWN, not_known()))
        return {self.name: OneTileField(self.title, choices)}

    def fill(self, profile: CandidateProfile) -> Values:
        return {self.name: self.code(getattr(profile, self.name))}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = form[self.name].data
        if chosen is None:
            return {self.name: None}
        if chosen in values_of(self.list_name):
            return {self.name: self.number(chosen)}
        return {self.name: float(chosen)}

    def say(self, value: Any) -> str:
        if value is None:
            return ""
        code = self.code(value)
        known = {entry.code for entry in codes_of(self.list_name)}
        return label_of(self.list_name, code) if code in known else f"{value:g}"


class MoneyQuestion(CodeQuestion):
    """The one question about money: a band, never an amount or a creditor."""

    def __init__(self) -> None:
        super().__init__("money", "money_bands", kind="wide")

    def number(self, code: str) -> float:
        raise KeyError(code)

    def fields(self, profile: CandidateProfile | None) -> Fields:
        return {self.name: OneTileField(self.title, choices_of(self.list_name))}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = form[self.name].data
        return {self.name: None if chosen is None else values_of(self.list_name)[chosen]}


class LoadQuestion(CodeQuestion):
    """What somebody can do of one load: can, partly, cannot. Never why."""

    def __init__(self, name: str) -> None:
        super().__init__(name, f"loads.{name}", kind="four")

    def number(self, code: str) -> float:
        return ABILITIES.index(code)

    def code(self, value: float | None) -> str | None:
        return None if value is None else ABILITIES[int(value)]

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = form[self.name].data
        return {self.name: None if chosen is None else ABILITIES.index(chosen)}


class MinutesQuestion(Question):
    """How long a journey may take, one way."""

    @property
    def title(self) -> str:
        return _("Hoe lang mag de reis duren, enkele reis?")

    def fields(self, profile: CandidateProfile | None) -> Fields:
        offered = set(MINUTES_OFFERED)
        if profile is not None and profile.travel_max_minutes is not None:
            offered.add(profile.travel_max_minutes)
        choices = [SelectChoice(str(value), self.say(value)) for value in sorted(offered)]
        choices.append(SelectChoice(UNKNOWN, not_known()))
        return {self.name: OneTileField(self.title, choices)}

    def fill(self, profile: CandidateProfile) -> Values:
        value = getattr(profile, self.name)
        return {self.name: None if value is None else str(value)}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = form[self.name].data
        return {self.name: None if chosen is None else int(chosen)}

    def say(self, value: Any) -> str:
        if value is None:
            return ""
        return _("%(minutes)s minuten", minutes=value)


class NumberQuestion(Question):
    """Hours a week, typed."""

    kind = "input"

    def __init__(self, name: str, minimum: int, maximum: int) -> None:
        super().__init__(name)
        self.minimum, self.maximum = minimum, maximum

    @property
    def unit(self) -> str | None:
        return _("uur per week")

    @property
    def title(self) -> str:
        if self.name == "hours_min":
            return _("Hoeveel uur wilt u minstens werken?")
        return _("Hoeveel uur per week bent u nu bezig met werk of leren?")

    def fields(self, profile: CandidateProfile | None) -> Fields:
        field = WholeNumberField(self.title, minimum=self.minimum, maximum=self.maximum)
        return {self.name: field}

    def fill(self, profile: CandidateProfile) -> Values:
        value = getattr(profile, self.name)
        return {self.name: None if value is None else int(value)}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        value = form[self.name].data
        return {self.name: None if value is None else float(value)}

    def problems(self, form: Any) -> dict[str, str]:
        chosen = form["hours_max"].data if "hours_max" in form else None
        if self.name != "hours_min" or form[self.name].data is None or chosen is None:
            return {}
        most = values_of("hours_tiles").get(chosen) or float(chosen.rstrip("+"))
        if form[self.name].data <= most:
            return {}
        words = _("Dit is meer dan u hierboven koos. Vul hier minder in, of kies boven meer uren.")
        return {self.name: words}

    def say(self, value: Any) -> str:
        return "" if value is None else _("%(hours)s uur", hours=f"{value:g}")


class PostcodeQuestion(Question):
    """Where somebody lives, no closer than four digits."""

    kind = "input"

    @property
    def title(self) -> str:
        return _("Postcode, alleen de vier cijfers")

    def fields(self, profile: CandidateProfile | None) -> Fields:
        return {self.name: PostcodeField(self.title)}


class DayQuestion(Question):
    """From which day somebody can start."""

    kind = "input"

    @property
    def title(self) -> str:
        return _("Vanaf welke dag kunt u beginnen?")

    def fields(self, profile: CandidateProfile | None) -> Fields:
        return {self.name: DayField(self.title)}


class PickQuestion(Question):
    """One line out of a longer list."""

    kind = "pick"

    def __init__(self, name: str, list_name: str) -> None:
        super().__init__(name)
        self.list_name = list_name

    @property
    def title(self) -> str:
        return _("Welke school hebt u afgemaakt?")

    def fields(self, profile: CandidateProfile | None) -> Fields:
        choices = with_empty(choices_of(self.list_name), not_known())
        return {self.name: PickField(self.title, choices)}

    def fill(self, profile: CandidateProfile) -> Values:
        value = getattr(profile, self.name)
        return {self.name: None if value is None else str(value)}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = form[self.name].data
        return {self.name: None if chosen is None else int(chosen)}

    def say(self, value: Any) -> str:
        return "" if value is None else label_of(self.list_name, str(value))


class YesNoQuestion(Question):
    """Of age or not, for work with a legal minimum."""

    @property
    def title(self) -> str:
        return _("Bent u 18 jaar of ouder?")

    def fields(self, profile: CandidateProfile | None) -> Fields:
        choices = [
            SelectChoice("yes", _("Ja")),
            SelectChoice("no", _("Nee")),
            SelectChoice(UNKNOWN, not_known()),
        ]
        return {self.name: OneTileField(self.title, choices)}

    def fill(self, profile: CandidateProfile) -> Values:
        value = getattr(profile, self.name)
        return {self.name: None if value is None else "yes" if value else "no"}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = form[self.name].data
        return {self.name: None if chosen is None else chosen == "yes"}

    def say(self, value: Any) -> str:
        return "" if value is None else _("Ja") if value else _("Nee")


class SetQuestion(Question):
    """Any number out of a code list; `unknown_if_empty` tells “not known” from “none”."""

    kind = "boxes"

    def __init__(self, name: str, list_name: str, *, unknown_if_empty: bool = False) -> None:
        super().__init__(name)
        self.list_name = list_name
        self.unknown_if_empty = unknown_if_empty

    @property
    def title(self) -> str:
        return {
            "travel_modes": _("Hoe kunt u naar het werk komen?"),
            "licences": _("Welke rijbewijzen hebt u?"),
            "credentials": _("Welke diploma's en certificaten hebt u?"),
        }[self.name]

    def fields(self, profile: CandidateProfile | None) -> Fields:
        held = () if profile is None else (getattr(profile, self.name) or ())
        choices = choices_of(self.list_name)
        known = {choice.value for choice in choices}
        choices += [SelectChoice(code, code) for code in sorted(held) if code not in known]
        return {self.name: TilesField(self.title, choices)}

    def fill(self, profile: CandidateProfile) -> Values:
        return {self.name: sorted(getattr(profile, self.name) or ())}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        chosen = frozenset(form[self.name].data or ())
        return {self.name: None if self.unknown_if_empty and not chosen else chosen}

    def is_known(self, profile: CandidateProfile) -> bool:
        return not self.unknown_if_empty or super().is_known(profile)

    def say(self, value: Any) -> str:
        if not value and not self.unknown_if_empty:
            return _("geen")
        return ", ".join(label_of(self.list_name, code) for code in sorted(value or ()))


def load_questions() -> list[Question]:
    """All loads, in the order of the vocabulary."""
    return [LoadQuestion(name) for name in LOADS]
