"""The quick start: six taps, three minutes, advice with a wide range."""

from __future__ import annotations

from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField
from wtforms.fields import SelectChoice

from matcher.domain.vocabulary import ABILITIES, LOADS
from matcher.http.translate import gettext as _
from matcher.web.coach.answers import AGEING, question_form
from matcher.web.coach.cards import hours_question, level_question
from matcher.web.coach.choices import SectorTiles, not_known, values_of
from matcher.web.coach.fields import UNKNOWN, OneTileField, TilesField
from matcher.web.coach.question import Question
from matcher.web.coach.questions import (
    CodeQuestion,
    MinutesQuestion,
    MoneyQuestion,
    PostcodeQuestion,
    SetQuestion,
)
from matcher.web.coach.work_questions import WISHES, WindowsQuestion
from matcher.web.codes import choices_of, label_of
from matcher.web.forms import MatcherForm, TextField, longest
from matcher.web.text_rules import no_bsn

PAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("who", ("first_name", "reference")),
    ("wanted", ("wanted", "wanted_order")),
    ("hours", ("hours_max",)),
    ("travel", ("travel_modes", "travel_max_minutes", "pc4")),
    ("rhythm", ("rhythm",)),
    ("loads", ("all_can", *LOADS)),
    ("obstacles", ("obstacles", "money", "home_base", "windows", "language_speak")),
)
"""One page a question, on request: the name of each and its fields. The first is not a question."""

QUESTION_COUNT = len(PAGES) - 1
FIELD_NAMES = tuple(name for _page, names in PAGES for name in names)

EXCLUSIVE = ("nothing", "say_nothing")
"""Answers to “what is in the way” that stand alone."""
HOME_OBSTACLES = ("care_hours", "housing")


class RhythmQuestion(CodeQuestion):
    """The last four weeks as five short tiles."""

    def __init__(self) -> None:
        title = _("Hoe vaak kwam u de laatste 4 weken zoals afgesproken?")
        super().__init__("rhythm", "attendance_tiles", title=title)


def quick_questions() -> list[Question]:
    """The questions of the quick start that a card asks in the same way."""
    return [
        hours_question(),
        SetQuestion("travel_modes", "travel_modes", unknown_if_empty=True),
        MinutesQuestion("travel_max_minutes"),
        PostcodeQuestion("pc4"),
        RhythmQuestion(),
        MoneyQuestion(),
        level_question("home_base"),
        level_question("language_speak"),
    ]


def quick_start_form(formdata: MultiDict[str, str] | None) -> MatcherForm:
    """The form as typed in `formdata`, or empty."""
    tiles = SectorTiles()
    wanted = [*tiles.choices(), SelectChoice(UNKNOWN, label_of("sector_tiles", UNKNOWN))]
    fields: dict[str, Any] = {
        "first_name": TextField(
            _("Voornaam"), [longest(60), no_bsn], render_kw={"autocomplete": "off"}
        ),
        "reference": TextField(
            _("Kenmerk in uw eigen systeem"),
            [longest(40), no_bsn],
            render_kw={"autocomplete": "off"},
        ),
        "wanted": TilesField(_("Welk werk wilt u het liefst doen?"), wanted),
        "wanted_order": HiddenField(),
        "all_can": BooleanField(_("Dit alles kan, behalve wat hieronder is aangetikt")),
        "obstacles": TilesField(_("Wat zit in de weg?"), choices_of("obstacle_tiles")),
        "windows": OneTileField(
            _("Wanneer kunt u wel werken?"),
            [*choices_of("window_presets"), SelectChoice(UNKNOWN, not_known())],
        ),
    }
    for load in LOADS:
        fields[load] = OneTileField(
            label_of("loads", load),
            [
                SelectChoice("partly", _("niet lang")),
                SelectChoice("cannot", _("nu niet")),
                SelectChoice(UNKNOWN, _("wis")),
            ],
        )
    return question_form(quick_questions(), formdata=formdata, more=fields)


def check_quick_start(form: MatcherForm) -> bool:
    """Whether the answers can be saved; errors stand at their fields."""
    fine = bool(form.validate())
    wanted = [tile for tile in form["wanted"].data or () if tile != UNKNOWN]
    if len(wanted) > WISHES:
        form["wanted"].errors = [
            _("U koos %(count)s soorten werk. Kies er ten hoogste 3.", count=len(wanted))
        ]
    elif wanted and UNKNOWN in form["wanted"].data:
        form["wanted"].errors = [_("U koos ‘nog niet bekend’ en ook werk. Kies één van de twee.")]
    obstacles = set(form["obstacles"].data or ())
    if obstacles & set(EXCLUSIVE) and len(obstacles) > 1:
        form["obstacles"].errors = [
            _("U koos ‘niets’ of ‘zeg ik liever niet’ en ook iets anders. Kies één van de twee.")
        ]
    if fine and not _anything(form):
        form.form_errors.append(_("Beantwoord minstens één vraag. Dan kunnen we advies geven."))
    return fine and not form.form_errors and not any(field.errors for field in form)


def _anything(form: MatcherForm) -> bool:
    return any(form[name].data for name in FIELD_NAMES if name not in ("reference", "wanted_order"))


def quick_start_values(form: MatcherForm, on: date) -> dict[str, Any]:
    """Profile values of the answers given on the day `on`; what was skipped is not among them."""
    found: dict[str, Any] = {}
    for name in ("first_name", "reference"):
        if form[name].data:
            found[name] = form[name].data
    found["sectors"] = SectorTiles().sectors(_in_order(form))
    asked = {question.name: question for question in quick_questions()}
    for name in ("hours_max", "travel_modes", "travel_max_minutes", "pc4", "rhythm"):
        found.update(asked[name].read(form))
    found.update(_load_values(form))
    found.update(_obstacle_values(form, asked))
    given = {name: value for name, value in found.items() if value not in (None, ())}
    if not given.keys().isdisjoint(AGEING):
        given["observed_on"] = on
    return given


def _in_order(form: MatcherForm) -> list[str]:
    """The wanted tiles in the order of tapping where a script told it, else as listed."""
    chosen = [tile for tile in form["wanted"].data or () if tile != UNKNOWN]
    told = [tile for tile in (form["wanted_order"].data or "").split("|") if tile in chosen]
    return list(dict.fromkeys([*told, *chosen]))


def _load_values(form: MatcherForm) -> dict[str, Any]:
    """Abilities: *can* only after the explicit tick, else what was not tapped is unknown."""
    found: dict[str, Any] = {}
    for load in LOADS:
        chosen = form[load].data
        if chosen is not None:
            found[load] = ABILITIES.index(chosen)
        elif form["all_can"].data:
            found[load] = ABILITIES.index("can")
    return found


def _obstacle_values(form: MatcherForm, asked: dict[str, Question]) -> dict[str, Any]:
    """What is in the way: only the answer behind a tile sets a level, the tile itself does not.

    “Nothing” answers the questions about money and home: it is somebody's own word that neither is
    in the way. Dutch has its own question, for nobody's Dutch follows from it.
    """
    chosen = set(form["obstacles"].data or ())
    found: dict[str, Any] = {}
    if "nothing" in chosen:
        found["money"] = values_of("money_bands")["no_worries"]
        found["home_base"] = max(int(code) for code in values_of("levels.home_base"))
        return found
    if "money" in chosen:
        found.update(asked["money"].read(form))
    if chosen & set(HOME_OBSTACLES):
        found.update(asked["home_base"].read(form))
    if "care_hours" in chosen and form["windows"].data:
        found["blocked"] = WindowsQuestion.presets()[form["windows"].data]
    if "dutch" in chosen:
        found.update(asked["language_speak"].read(form))
    return found
