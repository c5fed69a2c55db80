"""What pages say about groups, seats and days."""

from __future__ import annotations

from datetime import date, datetime

from matcher.domain.attendance import AttendanceCount, Mark
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import SeatState
from matcher.repositories.seats import CohortRecord, SeatRecord
from matcher.services.attendance import Suggestion
from matcher.services.calendar import day_of
from matcher.services.cohorts import Group
from matcher.services.seat_checks import SeatNotPossible
from matcher.web.codes import label_of

MEANING = {
    SeatState.WAITING: "plain",
    SeatState.OFFERED: "ask",
    SeatState.BOOKED: "ok",
    SeatState.ATTENDING: "ok",
    SeatState.FINISHED: "ok",
    SeatState.LEFT: "plain",
}


def title_of(one: CohortRecord | SeatRecord) -> str:
    """What a programme is called: its title, else its kind."""
    return one.title or label_of("programme_kinds", one.kind)


def state_words(seat: SeatRecord, on: date) -> str:
    """How far somebody is with a programme."""
    if seat.state is SeatState.WAITING:
        if seat.standby_cohort_id is not None:
            return _("staat stand-by")
        return _("wacht op een plek")
    if seat.state is SeatState.OFFERED:
        return _("plek aangeboden")
    if seat.state is SeatState.BOOKED:
        begun = seat.starts_on is not None and seat.starts_on <= on
        return _("nog niet geweest") if begun else _("plek geboekt")
    if seat.state is SeatState.ATTENDING:
        return _("doet mee")
    return label_of("seat_endings", seat.closed_code) if seat.closed_code else _("voorbij")


def when_words(seat: SeatRecord) -> str:
    """The days that say most about a seat now."""
    if seat.state is SeatState.OFFERED and seat.answer_by is not None:
        return _("antwoord kan tot en met %(day)s", day=day(seat.answer_by))
    if seat.state is SeatState.WAITING:
        return _("sinds %(day)s", day=day(day_of(seat.asked_at)))
    if seat.closed_on is not None:
        return day(seat.closed_on)
    if seat.starts_on is None or seat.ends_on is None:
        return ""
    return period_words(seat.starts_on, seat.ends_on)


def period_words(starts_on: date, ends_on: date) -> str:
    """From the first to the last day; one day alone for a group of one day."""
    if starts_on == ends_on:
        return day(starts_on)
    return _("%(from)s tot en met %(until)s", **{"from": day(starts_on), "until": day(ends_on)})


def length_words(weeks: float, hours_a_week: float) -> str:
    """How long a programme takes: “12 weken, 20 uur per week”."""
    parts = []
    if weeks >= 1:
        number = f"{weeks:g}"
        one_or_more = 1 if weeks <= 1 else 2
        parts.append(ngettext("%(weeks)s week", "%(weeks)s weken", one_or_more, weeks=number))
    if hours_a_week:
        parts.append(_("%(hours)s uur per week", hours=f"{hours_a_week:g}"))
    return ", ".join(parts)


def free_words(free: int | None) -> str:
    """How many seats nobody has yet."""
    if free is None:
        return _("altijd plek")
    if free <= 0:
        return _("vol")
    return ngettext("%(num)s plek vrij", "%(num)s plekken vrij", free)


def taken_words(group: Group | CohortRecord) -> str:
    """How full a group is: “8 van 12 plekken bezet”."""
    seats = group.seats if isinstance(group, Group) else group.capacity
    if seats is None:
        return ngettext("%(num)s plek bezet", "%(num)s plekken bezet", group.booked)
    return ngettext(
        "%(booked)s van %(num)s plek bezet",
        "%(booked)s van %(num)s plekken bezet",
        seats,
        booked=group.booked,
    )


def percent_taken(group: Group | CohortRecord) -> int:
    """How full a group is, in percent, for its bar; nothing for one without a limit."""
    seats = group.seats if isinstance(group, Group) else group.capacity
    return 0 if not seats else round(100 * min(group.booked, seats) / seats)


def why_not_words(error: SeatNotPossible) -> str:
    """Why there is no seat, and what can be done."""
    if error.why == "full" and error.next_on is not None:
        return _(
            "Deze groep is vol. De volgende groep met een plek begint op %(day)s.",
            day=day(error.next_on),
        )
    return {
        "full": _("Deze groep is vol en er is nog geen volgende. Zet iemand op de wachtlijst."),
        "money": _("Het geld voor deze groep is op. Kies een andere groep of vul het budget aan."),
        "others_first": _("Anderen wachten al langer. Zet iemand op de wachtlijst."),
        "closed": _("Het dossier is afgesloten."),
        "paused": _("Er is nu pauze. Daarna kan het weer."),
        "already": _("Er is al een plek of aanbod in dit programma."),
        "begun": _("Deze groep is al begonnen. Kies een latere."),
        "over": _("Dit kan niet meer. Kijk hoe het er nu voor staat."),
        "answered": _("Hier is al op geantwoord."),
        "too_early": _("Dit kan op de eerste dag, vanaf het afgesproken tijdstip."),
        "came": _("Deze persoon is gekomen. De plek is bezet."),
    }[error.why]


def mark_words() -> dict[Mark, str]:
    """What a day was like, as the tiles say it."""
    return {
        Mark.CAME: _("Gekomen"),
        Mark.AGREED: _("Afgesproken afwezig"),
        Mark.MISSED: _("Niet gekomen"),
    }


def count_words(count: AttendanceCount) -> str:
    """The days of somebody in numbers one can count: “kwam op 17 van 19 dagen”."""
    came = ngettext(
        "kwam op %(came)s van %(num)s dag",
        "kwam op %(came)s van %(num)s dagen",
        count.expected,
        came=count.came,
    )
    if not count.agreed:
        return came
    agreed = ngettext(
        "%(num)s dag afgesproken afwezig", "%(num)s dagen afgesproken afwezig", count.agreed
    )
    return f"{came}, {agreed}"


def suggestion_words(found: Suggestion) -> str:
    """What the rules suggest; nothing most of the time."""
    if found.exit == "next_step":
        return _("Klaar voor een volgende stap? Bespreek het.")
    if found.exit == "talk":
        return _("Een paar dagen gemist. Bel even hoe het gaat.")
    return ""


def euros(cents: int) -> str:
    """Cents as whole euros where they are, with a dot for thousands; the sign stays with it."""
    whole, rest = divmod(cents, 100)
    text = f"{whole:,}".replace(",", ".")
    return f"€\N{NO-BREAK SPACE}{text},{rest:02d}" if rest else f"€\N{NO-BREAK SPACE}{text}"


def moment_words(moment: datetime) -> str:
    """The day of a moment."""
    return day(day_of(moment))
