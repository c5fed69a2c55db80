"""How far an introduction is, in words: the same for a no, no answer and not available any more."""

from __future__ import annotations

from datetime import date

from matcher.http.language import day, day_with_weekday
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.request_states import HalfDay
from matcher.services.introduction_lists import IntroductionLine, VacancyOverview
from matcher.services.introduction_views import Status
from matcher.web.codes import label_of

MEANING = {
    Status.WAITING: "ask",
    Status.TO_MEET: "ok",
    Status.MET: "ok",
    Status.ENDED: "plain",
    Status.NOT_AVAILABLE: "plain",
}


def status_words(line: IntroductionLine) -> str:
    """The state in a few words."""
    if line.ended is not None:
        return label_of("introduction_endings", line.ended).lower()
    return {
        Status.WAITING: _("nog geen antwoord"),
        Status.TO_MEET: _("wil kennismaken"),
        Status.MET: _("kennisgemaakt"),
    }[line.status]


def until_words(line: IntroductionLine) -> str:
    """When they meet on site if that was set, and until when an answer can come while it can."""
    parts = []
    if line.meet_on is not None:
        when = half_day_words(line.meet_on, line.meet_half)
        parts.append(_("op de werkplek: %(when)s", when=when))
    if line.status is Status.WAITING:
        parts.append(_("antwoord kan tot en met %(day)s", day=day(line.answer_by)))
    return " · ".join(parts)


def half_day_words(on: date, half: HalfDay | None) -> str:
    """A half-day on site, such as “maandag 8 maart, ochtend”."""
    words = {HalfDay.MORNING: _("ochtend"), HalfDay.AFTERNOON: _("middag")}
    return f"{day_with_weekday(on)}, {words[half]}" if half is not None else day_with_weekday(on)


def title_of(one: VacancyOverview | IntroductionLine) -> str:
    """What the place is called: its title, else its kind of work."""
    return one.title or label_of("sectors", one.sector)


def places_words(one: VacancyOverview) -> str:
    """How many places nobody has yet: “2 van 3 plekken vrij”."""
    return ngettext(
        "%(left)s van %(num)s plek vrij",
        "%(left)s van %(num)s plekken vrij",
        one.places,
        left=max(0, one.places_left),
    )


def why_not_words(why: str) -> str:
    """Why somebody cannot be proposed for a place now, and what can be done."""
    return {
        "closed": _("Het dossier is afgesloten."),
        "paused": _("Er is nu pauze. Daarna kan het weer."),
        "vacancy_closed": _("Deze plek staat niet open."),
        "lane": _("Eerst opbouwen of meer weten. Daarna kan dit weer."),
        "by_person": _("Hier kiest een mens. Leg eerst vast wat nu de beste stap is."),
        "blocked": _("Er is nog iets dat deze plek tegenhoudt."),
        "ask_first": _("Vraag eerst na wat nog niet bekend is."),
        "full": _("Alle plekken zijn bezet."),
        "guidance": _("Dit bedrijf heeft nu geen tijd meer om iemand te begeleiden."),
        "too_many_invitations": _(
            "Er staan al genoeg uitnodigingen open voor deze plek. Wacht op een antwoord."
        ),
        "already_invited": _("Voor deze plek is al een uitnodiging gestuurd."),
    }[why]
