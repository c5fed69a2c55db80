"""What pages say about allocations: places, reasons, and what became of a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flask_babel import format_decimal

from matcher.domain.allocating import SeatOrder
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import JobState, ProposalState
from matcher.repositories.jobs import JobRecord
from matcher.repositories.weekly_lines import LineRecord, PlaceNamed, ProgrammeNamed
from matcher.services.weekly_views import Names
from matcher.web.coach.places_view import title_or_sector
from matcher.web.coach.subjects import joined, subject_words
from matcher.web.codes import label_of
from matcher.web.introduction_words import why_not_words

Meaning = Literal["ok", "near", "ask", "no", "plain"]


def place_title(place: PlaceNamed | None) -> str:
    """What a place is called; one that went since has no name."""
    return (
        _("een plek die er niet meer is")
        if place is None
        else title_or_sector(place.title, place.sector)
    )


def place_and_firm(place: PlaceNamed | None) -> str:
    """What a place is called, and whose it is."""
    if place is None:
        return place_title(place)
    return _("%(place)s bij %(firm)s", place=place_title(place), firm=place.contractor)


def programme_title(programme: ProgrammeNamed | None) -> str:
    """What a programme is called: its title, else its kind."""
    if programme is None:
        return _("een programma dat er niet meer is")
    return programme.title or label_of("programme_kinds", programme.kind)


def group_words(line: LineRecord, names: Names) -> str:
    """“VCA-basis van 9 maart”."""
    title = programme_title(names.programmes.get(line.programme_id or 0))
    if line.starts_on is None:
        return title
    return _("%(title)s van %(day)s", title=title, day=day(line.starts_on))


def what_else(line: LineRecord, names: Names) -> list[str]:
    """Who comes next for this place, and what there is for this person instead."""
    said = []
    if line.runner_up is not None:
        said.append(_("Daarna komt %(who)s.", who=line.runner_up))
    if line.vacancy_id is not None and line.instead_id is not None:
        instead = names.places.get(line.instead_id)
        said.append(_("Anders voor deze persoon: %(place)s.", place=place_and_firm(instead)))
    if line.is_guessed:
        said.append(_("Begeleiding is nog niet bekend; er is voorzichtig gerekend."))
    return said


def state_chip(line: LineRecord) -> tuple[Meaning, str]:
    """What was decided, as a chip."""
    if line.state is ProposalState.ACCEPTED:
        return "ok", _("plek aangeboden") if line.programme_id else _("uitgenodigd")
    if line.state is ProposalState.DEPARTED:
        return "plain", _("niet voorgesteld")
    return "ask", _("nog te besluiten")


def left_out_words(line: LineRecord, names: Names) -> tuple[str, str]:
    """Why there is no place, and the nearest way in."""
    instead = names.places.get(line.instead_id or 0)
    nearest = None if instead is None else place_and_firm(instead)
    if line.reason == "places_taken":
        why = _("Er past een plek, maar die gaat naar iemand anders.")
        return why, "" if nearest is None else _("Het dichtst bij: %(place)s.", place=nearest)
    if line.reason == "no_place_fits":
        closed = [blocker["closed_by"] for blocker in line.told["blockers"]]
        helps = next((words for words in closed if words), "")
        why = _("Geen open plek past nu.")
        if nearest is None:
            return why, ""
        return why, _("Het dichtst bij: %(place)s. %(helps)s", place=nearest, helps=helps).strip()
    why = _("Eerst iets anders: %(lane)s", lane=label_of("lanes", line.lane).lower())
    change = line.told["would_change"]
    if change is None:
        return why, ""
    subject = subject_words(change["field"])
    if change["is_answer"]:
        return why, _("Vraag na: %(subject)s. Dat kan dit veranderen.", subject=subject)
    return why, _("Eén stap bij %(subject)s zou dit veranderen.", subject=subject)


def help_words(row: Mapping[str, Any], names: Names, starts: Mapping[str, str]) -> dict[str, str]:
    """One line of what would help: what one more of it does, and for whom."""
    if row["kind"] == "place":
        place = names.places.get(row["id"])
        one_more = _("Eén plek erbij: %(place)s", place=place_title(place))
        about = "" if place is None else f"{place.contractor} · {place.reference}"
    else:
        programme = names.programmes.get(row["id"])
        start = starts.get(str(row["id"]))
        title = programme_title(programme)
        if start is not None:
            title = _("%(title)s van %(day)s", title=title, day=day(date.fromisoformat(start)))
        one_more = _("Eén plek erbij in de groep: %(group)s", group=title)
        about = "" if programme is None else programme.reference
    helps = ngettext("helpt %(num)s mens", "helpt %(num)s mensen", row["people"])
    parts = []
    if row["new"]:
        parts.append(
            ngettext("%(num)s krijgt een werkplek", "%(num)s krijgen een werkplek", row["new"])
        )
    if row["better"]:
        parts.append(
            ngettext(
                "%(num)s een plek die beter past", "%(num)s een plek die beter past", row["better"]
            )
        )
    if row["worse"]:
        parts.append(
            ngettext(
                "%(num)s een plek die iets minder past",
                "%(num)s een plek die iets minder past",
                row["worse"],
            )
        )
    could = ngettext(
        "%(num)s mens zonder plek past hier.",
        "%(num)s mensen zonder plek passen hier.",
        row["could"],
    )
    return {
        "one_more": one_more,
        "about": about,
        "helps": helps,
        "how": joined(parts, most=3),
        "could": could if row["could"] else "",
    }


def fill_words(ways: Sequence[Mapping[str, Any]], most: int = 2) -> list[str]:
    """What would fill an empty place: the demands that let most people without a place in."""
    return [
        ngettext(
            "Zonder de eis %(demand)s past %(num)s mens",
            "Zonder de eis %(demand)s passen %(num)s mensen",
            way["people"],
            demand=demand_words(way["demand"], way["subject"]),
        )
        for way in ways[:most]
    ]


def demand_words(demand: str, subject: str) -> str:
    """A demand of a vacancy in one or two words."""
    if demand == "credential":
        return label_of("credentials", subject)
    if demand == "licence":
        return _("rijbewijs %(code)s", code=subject)
    special = {
        "shifts": _("werktijden"),
        "small_employer": _("klein bedrijf"),
        "start": _("startdatum"),
    }
    return special.get(demand) or subject_words(demand)


def not_possible_words(why: str) -> str:
    """Why a proposal could not be accepted, and what can be done."""
    own = {
        "decided": _("Hierover is al besloten."),
        "under_way": _("Deze persoon is al in gesprek over een andere plek."),
        "seated": _("Deze persoon heeft al een plek in een programma."),
        "gone": _("Deze persoon is niet meer bij ons."),
        "begun": _("De groep is al begonnen. Reken opnieuw."),
        "others_first": _("Anderen wachten langer op deze groep."),
        "money": _("Er is te weinig geld voor nog een plek in deze groep."),
        "already": _("Deze persoon staat al bij dit programma."),
        "over": _("Dit kan niet meer. Reken opnieuw."),
    }
    return own[why] if why in own else why_not_words(why)


def unkept_words(why: str) -> str:
    """Why a pair that was locked could not be kept."""
    return {
        "not_taking_part": _("doet nu niet mee"),
        "paused": _("heeft pauze"),
        "not_open": _("de plek staat niet meer open"),
        "already_invited": _("is hier al eerder voor uitgenodigd"),
        "not_possible": _("dat past niet met de eisen of de begeleiding van de plek"),
    }[why]


def order_words(order: SeatOrder) -> str:
    """How seats go, as a sentence."""
    if order is SeatOrder.VALUE:
        return _("Plekken in programma's gaan naar wie er het verst mee komt.")
    return _("Plekken in programma's gaan naar wie het langst wacht.")


def price_words(figures: Mapping[str, Any]) -> str:
    """What the order of seats costs beside the other one."""
    if figures["order"] == SeatOrder.VALUE.value:
        return ngettext(
            "De prijs: %(num)s wachtdag van anderen wordt voorbijgegaan.",
            "De prijs: %(num)s wachtdagen van anderen worden voorbijgegaan.",
            figures["days_passed_by"],
        )
    return _(
        "De prijs: de andere volgorde zou %(percent)s procent meer openen aan werk dat past.",
        percent=format_decimal(figures["price_percent"], format="0.#"),
    )


def floor_words(floor: int) -> str:
    """The floor of a scenario in words."""
    if not floor:
        return _("Zo goed mogelijk passend")
    return _("Elke groep minstens %(percent)s procent", percent=floor)


@dataclass(frozen=True, slots=True)
class RefusedFloor:
    """A floor that no allocation keeps, in words, and the highest one that can be kept."""

    sentence: str
    short: tuple[str, ...]
    highest: int
    button: str


def refused_floor(job: JobRecord) -> RefusedFloor | None:
    """What a job says that was refused for its floor; None for any other."""
    told = job.result or {}
    if job.state is not JobState.FAILED or "highest_floor" not in told:
        return None
    highest = int(told["highest_floor"])
    return RefusedFloor(
        sentence=_("Elke groep minstens %(percent)s procent: dat kan niet.", percent=told["floor"]),
        short=tuple(
            _(
                "%(group)s: alleen zou die groep %(alone)s plekken vullen. U vroeg er %(asked)s. "
                "Bij het hoogste percentage dat kan, worden het er %(gets)s.",
                **{**each, "group": _group_words(each["group"], each["groups"])},
            )
            for each in told["short"]
        ),
        highest=highest,
        button=_("Reken met %(percent)s procent", percent=highest),
    )


def _group_words(number: int, groups: int) -> str:
    if number == 1:
        return _("Wie het meeste nodig heeft om te beginnen")
    if number == groups:
        return _("Wie het minste nodig heeft om te beginnen")
    return _("Groep %(number)s van %(groups)s", number=number, groups=groups)


def floor_notes(floors: Sequence[int]) -> dict[str, str]:
    """A second line under each floor that can be chosen."""
    return {
        str(floor): _("van wat die groep alleen kon vullen") if floor else _("de hele regio samen")
        for floor in floors
    }


def floor_price_words(percent: float) -> str:
    """What the floor costs."""
    if percent < 0.05:
        return _("kost niets")
    return _("past %(percent)s procent minder", percent=format_decimal(percent, format="0.#"))
