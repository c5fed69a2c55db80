"""The five cards: any order, any day; each tells how much it would narrow the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.domain.candidate import CandidateProfile, without_expired
from matcher.domain.readiness import assess_readiness
from matcher.domain.rules import RuleSet
from matcher.http.translate import gettext as _
from matcher.web.coach.question import Question, known_count
from matcher.web.coach.questions import (
    CodeQuestion,
    DayQuestion,
    MinutesQuestion,
    MoneyQuestion,
    NumberQuestion,
    PickQuestion,
    PostcodeQuestion,
    SetQuestion,
    YesNoQuestion,
    load_questions,
)
from matcher.web.coach.work_questions import (
    NeverQuestion,
    OccupationsQuestion,
    WindowsQuestion,
    WishesQuestion,
)

CARDS = ("work", "time", "can", "language", "support")

_DIMENSIONS = {
    "work": ("direction",),
    "time": ("hours", "travel"),
    "can": ("rhythm", "work_skills", "body", "head"),
    "language": ("speaking", "reading"),
    "support": ("home",),
}
"""The dimensions of readiness that each card can make known. Money is left out: what is said or
not said of it shows in its own fold only."""


def card_title(card: str) -> str:
    """The name of a card."""
    return {
        "work": _("Werk en wensen"),
        "time": _("Tijd en reizen"),
        "can": _("Wat kan ik"),
        "language": _("Taal en papieren"),
        "support": _("Steun"),
    }[card]


def hours_question() -> CodeQuestion:
    """The most hours a week, as tiles."""
    return CodeQuestion("hours_max", "hours_tiles", title=_("Hoeveel uur per week kunt u werken?"))


def guidance_question() -> CodeQuestion:
    """Guidance needed a week, in bands."""
    title = _("Hoeveel begeleiding per week helpt op het werk?")
    return CodeQuestion("guidance_need", "guidance_bands", title=title)


def level_question(name: str) -> CodeQuestion:
    """A level with its anchors: acts and facts that a person can see."""
    return CodeQuestion(name, f"levels.{name}", kind="wide")


def questions_of(card: str) -> list[Question]:
    """The questions of a card, in the order of the page."""
    if card == "work":
        return [
            WishesQuestion(),
            NeverQuestion(),
            OccupationsQuestion(),
            DayQuestion("start_from"),
            YesNoQuestion("adult"),
        ]
    if card == "time":
        return [
            hours_question(),
            NumberQuestion("hours_min", 1, 40),
            WindowsQuestion(),
            NumberQuestion("current_hours", 0, 40),
            SetQuestion("travel_modes", "travel_modes", unknown_if_empty=True),
            MinutesQuestion("travel_max_minutes"),
            PostcodeQuestion("pc4"),
        ]
    if card == "can":
        return [level_question("rhythm"), level_question("work_skills"), *load_questions()]
    if card == "language":
        return [
            level_question("language_speak"),
            level_question("language_read"),
            level_question("digital"),
            PickQuestion("education", "education"),
            SetQuestion("licences", "licences"),
            SetQuestion("credentials", "credentials"),
        ]
    return [level_question("home_base"), guidance_question(), MoneyQuestion()]


def counted_questions() -> list[Question]:
    """The questions behind “17 van 21 antwoorden”: what readiness reads, money left out.

    Money stands in its own fold and is nobody's missing answer.
    """
    found: list[Question] = [
        WishesQuestion(),
        hours_question(),
        SetQuestion("travel_modes", "travel_modes", unknown_if_empty=True),
        MinutesQuestion("travel_max_minutes"),
        PostcodeQuestion("pc4"),
    ]
    names = ("rhythm", "work_skills", "language_speak", "language_read", "home_base")
    return [*found, *(level_question(name) for name in names), *load_questions()]


@dataclass(frozen=True, slots=True)
class CardState:
    """One card as the candidate's page shows it.

    `narrows` is how many points of the range it would take away when all its answers are known,
    `open_points` how wide the range is now; both in whole points.
    """

    code: str
    title: str
    answered: int
    total: int
    narrows: int
    open_points: int
    has_draft: bool

    @property
    def percent(self) -> int:
        """The share of its questions that is answered."""
        return round(100 * self.answered / self.total)


def card_states(
    profile: CandidateProfile, rules: RuleSet, on: date, drafts: Sequence[str] = ()
) -> list[CardState]:
    """Every card with what it would narrow, from the same readiness as the advice."""
    current = without_expired(profile, rules.shelf_life_weeks, on)
    readiness = assess_readiness(current, rules)
    width = {d.name: d.high - d.low for d in readiness.best.dimensions if d.name != "money"}
    states = []
    for card in CARDS:
        questions = [q for q in questions_of(card) if not isinstance(q, MoneyQuestion)]
        states.append(
            CardState(
                code=card,
                title=card_title(card),
                answered=known_count(questions, current),
                total=len(questions),
                narrows=round(sum(width[name] for name in _DIMENSIONS[card]) / 100),
                open_points=round(sum(width.values()) / 100),
                has_draft=card in drafts,
            )
        )
    return states
