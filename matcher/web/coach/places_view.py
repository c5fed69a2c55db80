"""Places for one candidate: what fits, what is one step short or not known, and what blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.domain.vocabulary import LOADS
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.texts import load_wording
from matcher.repositories.records import VacancyRecord
from matcher.web.coach.result_view import Said, the_day
from matcher.web.coach.subjects import joined, subject_words
from matcher.web.codes import label_of

Row = Mapping[str, Any]
ASK_FIRST = "ask_first"
JOB_COACH = "job_coach"


@dataclass(frozen=True, slots=True)
class Chip:
    """A short judgement: its meaning and its words."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """The nearest way in to a blocked place: how long, when, and by what."""

    weeks: int
    place_on: date
    titles: tuple[str, ...]

    @property
    def text(self) -> str:
        """The way in as a sentence."""
        when = day(self.place_on)
        if not self.titles:
            return _("Gaat vanzelf open: vanaf %(day)s.", day=when)
        by = joined(self.titles, most=4)
        return ngettext(
            "Dichtstbij: %(by)s. Over %(num)s week open, vanaf %(day)s.",
            "Dichtstbij: %(by)s. Over %(num)s weken open, vanaf %(day)s.",
            self.weeks,
            by=by,
            day=when,
        )


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place in a list: `kind` is ok, near, ask or no."""

    reference: str
    vacancy_id: int | None
    title: str
    firm: str
    facts: str
    minutes: str
    mode: str
    kind: str
    chips: tuple[Chip, ...]
    blockers: tuple[Said, ...]
    way_in: WayIn | None
    certainty: str


def place_line(row: Row, vacancy: VacancyRecord | None, way_in: Row | None = None) -> PlaceLine:
    """A match row for the page."""
    kind = kind_of(row)
    return PlaceLine(
        reference=row["vacancy"],
        vacancy_id=None if vacancy is None else vacancy.id,
        title=place_title(row, vacancy),
        firm="" if vacancy is None else vacancy.profile.contractor,
        facts="" if vacancy is None else place_facts(vacancy),
        minutes=minutes_words(row),
        mode=mode_words(row),
        kind=kind,
        chips=chips_of(row, kind),
        blockers=tuple(
            Said("no", blocker["text"], note=blocker["closed_by"]) for blocker in row["blockers"]
        ),
        way_in=None if way_in is None else way_in_of(way_in),
        certainty=label_of("certainty", row["certainty"]),
    )


def way_in_of(row: Row) -> WayIn:
    """The way in as the advisor gives it."""
    return WayIn(row["weeks"], the_day(row["place_on"]), tuple(row["titles"]))


def kind_of(row: Row) -> str:
    """Fits, one step short, not known yet, or blocked."""
    if not row["eligible"]:
        return "no"
    gaps = row["gaps"]
    if any(is_short(gap) and gap["code"] != JOB_COACH for gap in gaps):
        return "near"
    return "ask" if gaps else "ok"


def chips_of(row: Row, kind: str) -> tuple[Chip, ...]:
    """At most two chips: what is one step short, and what to ask."""
    if kind == "no":
        subjects = [label_of("blockers", blocker["code"]) for blocker in row["blockers"]]
        return tuple(Chip("no", text) for text in dict.fromkeys(subjects))[:2]
    if kind == "ok":
        return (Chip("ok", _("past")),)
    gaps = [gap for gap in row["gaps"] if gap["code"] != JOB_COACH]
    known = [s for gap in gaps if is_short(gap) for s in subjects_of(gap)]
    unknown = [s for gap in gaps if not is_short(gap) for s in subjects_of(gap)]
    chips = []
    if known:
        words = joined(map(subject_words, known))
        steps = len(set(known))
        text = ngettext("%(num)s stap: %(what)s", "%(num)s stappen: %(what)s", steps, what=words)
        chips.append(Chip("near", text))
    if unknown:
        words = joined(map(subject_words, unknown), most=1)
        chips.append(Chip("ask", _("vraag na: %(what)s", what=words)))
    return tuple(chips)


def is_short(gap: Row) -> bool:
    """Whether something is one step short; else it is not known, or must be asked first."""
    return bool(gap["known"]) and gap["code"] != ASK_FIRST


def subjects_of(gap: Row) -> list[str]:
    """What a gap is about; a question to ask first can be about several loads."""
    return str(gap["subject"]).split("|")


def place_title(row: Row, vacancy: VacancyRecord | None) -> str:
    """What a place is called: its title, else its kind of work."""
    if vacancy is None:
        return str(row["vacancy"])
    return vacancy_title(vacancy)


def vacancy_title(vacancy: VacancyRecord) -> str:
    """What a place is called: its title, else its kind of work."""
    return title_or_sector(vacancy.profile.title, vacancy.profile.sector)


def title_or_sector(title: str | None, sector: str) -> str:
    """As `vacancy_title`, of what was read of a vacancy."""
    return title or label_of("sectors", sector)


def place_facts(vacancy: VacancyRecord) -> str:
    """Hours, start and number of places: “32 tot 36 uur · start 4 januari · 2 plekken”."""
    profile = vacancy.profile
    parts = [hours_words(profile.hours_min, profile.hours_max)]
    if profile.start_on is not None:
        parts.append(_("start %(day)s", day=day(profile.start_on)))
    parts.append(ngettext("%(num)s plek", "%(num)s plekken", profile.places))
    unbroken = (part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts if part)
    return "\N{NO-BREAK SPACE}· ".join(unbroken)


def hours_words(low: float | None, high: float | None) -> str:
    """“32 tot 36 uur”, “24 uur”, or nothing when unknown."""
    if low is None and high is None:
        return ""
    if low is not None and high is not None and low != high:
        return _("%(low)s tot %(high)s uur", low=f"{low:g}", high=f"{high:g}")
    return _("%(hours)s uur", hours=f"{(low if high is None else high):g}")


def minutes_words(row: Row) -> str:
    """How long the journey takes, or that it is not known."""
    if row["travel_minutes"] is None:
        return _("reis nog niet bekend")
    return _("%(minutes)s min", minutes=row["travel_minutes"])


def mode_words(row: Row) -> str:
    """How one gets there: “met de fiets”."""
    mode = row.get("travel_mode")
    if mode is None or row["travel_minutes"] is None:
        return ""
    return load_wording(current_language()).names["mode"].get(mode, mode)


def needs_of(row: Row) -> list[Said]:
    """What the place asks, need by need, with its mark; a gap is said once, with its way out."""
    gaps = row["gaps"]
    about = {"load" if s in LOADS else s for gap in gaps for s in subjects_of(gap)}
    said = [Said(c["tone"], c["reason"]) for c in row["components"] if c["name"] not in about]
    said += [Said("near" if is_short(gap) else "ask", gap["text"]) for gap in gaps]
    order = ("ok", "near", "ask", "no")
    return sorted(said, key=lambda item: order.index(item.mark))
