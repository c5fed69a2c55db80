"""The advice as a page shows it: rows of contract.md section 3 turned into words and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.domain.vocabulary import LEVEL_MAXIMUM, LEVEL_OF_DIMENSION
from matcher.domain.wording import Reason
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.texts import load_wording
from matcher.services.folded import money_changes, money_sentences
from matcher.web.charts import Bar, Meaning
from matcher.web.coach.choices import text_of
from matcher.web.coach.money import FIELD as MONEY
from matcher.web.coach.subjects import subject_words
from matcher.web.codes import label_of

Row = Mapping[str, Any]
MONEY_DIMENSION = "money"
_HOURS_FULL = 40


def as_day(value: Any) -> date | None:
    """A day of a row, which may have been kept as text."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def the_day(value: Any) -> date:
    """A day that a row always has."""
    found = as_day(value)
    if found is None:
        raise ValueError("a row without its day")
    return found


def whole(value: Any) -> str:
    """A number of a row in whole points, half to even as the rules round."""
    return str(round(Decimal(str(value))))


def exact(value: Any) -> str:
    """A number of a row with its two digits, in the language of the page."""
    text = f"{Decimal(str(value)):.2f}"
    return text.replace(".", ",") if current_language() == "nl" else text


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its mark."""

    mark: str
    text: str
    note: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class AskNext:
    """A question worth asking, with what an answer would do."""

    field: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """One dimension in the table that adds up to the number."""

    label: str
    now: str
    asked: str
    points: str
    weight: int
    low: str
    high: str
    kind: Meaning


@dataclass(frozen=True, slots=True)
class AdviceView:
    """Everything of an assessment that the page shows; what is about money stands apart."""

    lane: str
    lane_title: str
    lane_text: str
    reasons: tuple[Said, ...]
    would_change: str
    ask_next: tuple[AskNext, ...]
    bars: tuple[Bar, ...]
    lines: tuple[DimensionLine, ...]
    number: str
    low: str
    high: str
    without_money: str
    total: str
    rule: str
    review_on: date | None
    made_on: date | None
    rules_version: str
    places_now: int | None
    money: tuple[Said, ...] = field(default=())
    money_bar: Bar | None = None


def advice_view(row: Row, *, first_weeks: int | None) -> AdviceView:
    """An assess row for the page; `first_weeks` is how long the first programme of a plan takes."""
    language = current_language()
    about_money = money_sentences(language)
    said = [
        Said(tone, text) for text, tone in zip(row["reasons"], row["reason_tones"], strict=True)
    ]
    change = row["would_change"]
    money = [item for item in said if item.text in about_money]
    if change in about_money:
        if change in money_changes(language):
            money.append(Said("near", change))
        change = load_wording(language).say(Reason.of("change.nothing"))
    asked = [question for question in row["ask_next"] if question["field"] != MONEY]
    money += [Said("ask", q["question"]) for q in row["ask_next"] if q["field"] == MONEY]
    dimensions = row["dimensions"]
    return AdviceView(
        lane=row["lane"],
        lane_title=label_of("lanes", row["lane"]),
        lane_text=lane_text(row, asked, first_weeks),
        reasons=tuple(item for item in said if item.text not in about_money),
        would_change=change,
        ask_next=tuple(_ask(question) for question in asked),
        bars=tuple(dimension_bar(d) for d in dimensions if d["name"] != MONEY_DIMENSION),
        lines=tuple(_line(d) for d in dimensions),
        number=whole(row["readiness"]),
        low=whole(row["readiness_low"]),
        high=whole(row["readiness_high"]),
        without_money=whole(row["readiness_without_money"]),
        total=exact(row["readiness"]),
        rule=rule_text(row["rule"]),
        review_on=as_day(row["review_on"]),
        made_on=as_day(row["on"]),
        rules_version=row["rules_version"],
        places_now=row["places_now"],
        money=tuple(dict.fromkeys(money)),
        money_bar=next(
            (dimension_bar(d) for d in dimensions if d["name"] == MONEY_DIMENSION), None
        ),
    )


def lane_text(row: Row, asked: Sequence[Row], first_weeks: int | None) -> str:
    """The explanation of a lane, with its dots filled in (practice.md section 5)."""
    lane = row["lane"]
    review_on = as_day(row["review_on"])
    until = day(review_on) if review_on else ""
    if lane == "pre_placement" and first_weeks is not None:
        return ngettext(
            "Meteen werken is nu een te grote stap. U begint met een programma van %(num)s week. "
            "Daarna kijken we opnieuw, uiterlijk op %(day)s.",
            "Meteen werken is nu een te grote stap. U begint met een programma van %(num)s weken. "
            "Daarna kijken we opnieuw, uiterlijk op %(day)s.",
            max(1, first_weeks),
            day=until,
        )
    if lane == "pre_placement":
        return _(
            "Meteen werken is nu een te grote stap. We zoeken samen een programma dat past. "
            "We kijken opnieuw, uiterlijk op %(day)s.",
            day=until,
        )
    if lane == "other_route":
        return _(
            "Dit soort plekken past nu niet bij u. We zoeken samen iemand die u verder helpt. "
            "Uiterlijk op %(day)s spreken we elkaar weer. U kunt altijd terugkomen.",
            day=until,
        )
    if lane == "not_enough_known":
        questions = " ".join(question["question"] for question in asked)
        if not questions:
            return _("We weten nog te weinig voor een goed advies. Vul samen de kaarten aan.")
        return _(
            "We weten nog te weinig voor een goed advies. Deze vragen helpen het meest: %(these)s",
            these=questions,
        )
    return text_of("lanes", lane, "explanation")


def rule_text(rule: int) -> str:
    """The rule that gave the lane, in words."""
    return {
        1: _(
            "Regel 1: we weten nog niet hoe het komen of het leren op het werk gaat, "
            "of drie of meer dingen zijn nog niet bekend."
        ),
        2: _("Regel 2: er is niets te kort, en er is ten hoogste één ding nog niet bekend."),
        3: _("Regel 3: er is ten hoogste één stap te kort, bij ten hoogste twee dingen."),
        4: _(
            "Regel 4: binnen een jaar komt geen programma dicht bij wat dit werk vraagt. "
            "Dit is een voorstel om te praten."
        ),
        5: _("Regel 5: er is meer te kort dan met steun naast het werk kan."),
    }[rule]


def _ask(question: Row) -> AskNext:
    if question["changes_lane"]:
        note = _("Kan het advies veranderen")
    else:
        note = _("Maakt het beeld %(points)s punten scherper", points=whole(question["narrows"]))
    if not question["on_the_spot"]:
        note = _("%(note)s. Vraag wie u aan het werk zag.", note=note)
    return AskNext(question["field"], question["question"], note)


def meaning_of(dimension: Row) -> Meaning:
    """How a dimension is drawn: a shortfall goes before what is not known."""
    if dimension["gap"] >= 2:
        return "no"
    if dimension["gap"] == 1:
        return "near"
    return "ok" if dimension["known"] else "ask"


def dimension_bar(dimension: Row) -> Bar:
    """A dimension as a bar, with what the work asks as a tick."""
    name, kind = dimension["name"], meaning_of(dimension)
    label = label_of("dimensions", name)
    now, asked = now_words(dimension), asked_words(dimension)
    level, need, maximum = _scale(dimension)
    need_percent = None if need is None else round(100 * min(need, maximum) / maximum, 2)
    if kind == "ask" or level is None:
        words = _("nog niet bekend, gevraagd: %(asked)s", asked=asked)
        return Bar(label, "ask", 0, need_percent, None, asked, words)
    words = _("%(now)s, gevraagd: %(asked)s", now=now, asked=asked)
    percent = round(100 * min(level, maximum) / maximum, 2)
    return Bar(label, kind, percent, need_percent, now, asked, words)


def _scale(dimension: Row) -> tuple[float | None, float | None, float]:
    """(level, need, maximum) of a dimension on one scale."""
    name, level, need = dimension["name"], dimension["level"], dimension["need"]
    if name in ("body", "head"):
        return (2.0 - dimension["gap"], 2.0 if need else None, 2.0)
    if name == "direction":
        return (None if level is None else 1.0, 1.0, 1.0)
    if name in ("hours", "travel"):
        asked = float(need)
        maximum = _HOURS_FULL if name == "hours" else max(2 * asked, 1.0)
        return (None if level is None else float(level), asked, float(maximum))
    top = float(LEVEL_MAXIMUM[LEVEL_OF_DIMENSION[name]])
    return (None if level is None else float(level), float(need), top)


def now_words(dimension: Row) -> str:
    """What is there on a dimension."""
    name, level = dimension["name"], dimension["level"]
    if name in ("body", "head"):
        return _load_words(level, "can")
    if level is None:
        return _("nog niet bekend")
    if name == "hours":
        return _("%(hours)s uur per week", hours=_number(level))
    if name == "travel":
        return _("tot %(km)s kilometer", km=_number(level))
    if name == "direction":
        return _("gekozen")
    return label_of(f"levels.{LEVEL_OF_DIMENSION[name]}", str(level))


def asked_words(dimension: Row) -> str:
    """What the work asks on a dimension."""
    name, need = dimension["name"], dimension["need"]
    if name in ("body", "head"):
        words = [
            _("%(load)s: %(much)s", load=subject_words(load), much=_demand(step))
            for load, step in need.items()
        ]
        return "; ".join(words) or _("niets bijzonders")
    if name == "hours":
        return _("%(hours)s uur per week", hours=_number(need))
    if name == "travel":
        return _("%(km)s kilometer", km=_number(need))
    if name == "direction":
        return _("een keuze")
    if need == 0:
        return _("niets bijzonders")
    return label_of(f"levels.{LEVEL_OF_DIMENSION[name]}", str(need))


def _load_words(levels: Mapping[str, str | None], fits: str) -> str:
    if not levels:
        return _("niets bijzonders gevraagd")
    unknown = [subject_words(load) for load, word in levels.items() if word is None]
    parts = []
    for word, text in (
        (fits, _("kan: %(loads)s")),
        ("partly", _("niet lang: %(loads)s")),
        ("cannot", _("nu niet: %(loads)s")),
    ):
        names = [subject_words(load) for load, found in levels.items() if found == word]
        if names:
            parts.append(text % {"loads": ", ".join(names)})
    if unknown:
        parts.append(_("nog niet bekend: %(loads)s") % {"loads": ", ".join(unknown)})
    return "; ".join(parts)


def _demand(step: str) -> str:
    return label_of("demands", step).lower()


def _number(value: Any) -> str:
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if current_language() == "nl" else text


def _line(dimension: Row) -> DimensionLine:
    return DimensionLine(
        label=label_of("dimensions", dimension["name"]),
        now=now_words(dimension),
        asked=asked_words(dimension),
        points=exact(dimension["contribution"]),
        weight=dimension["weight"],
        low=exact(dimension["low"]),
        high=exact(dimension["high"]),
        kind=meaning_of(dimension),
    )
