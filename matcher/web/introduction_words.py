"""How far an introduction is, in words: the same for a no, no answer and not available any more."""

from __future__ import annotations

from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
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
    """Until when an answer can come; nothing once that is over."""
    if line.status is not Status.WAITING:
        return ""
    return _("antwoord kan tot en met %(day)s", day=day(line.answer_by))


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
