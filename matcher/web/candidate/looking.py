"""*Wie keek er mee*: who opened or changed the file, by right and day, never by name."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.domain.access import Right
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day_with_weekday
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import AuditAction
from matcher.reference.codes import load_codes
from matcher.services.audit import Looked, who_looked
from matcher.services.own_requests import own_candidate_id
from matcher.web.candidate.blueprint import blueprint, own
from matcher.web.codes import label_of


@dataclass(frozen=True, slots=True)
class LookedLine:
    """One thing that was done with the file on one day."""

    who: str
    what: str
    when: str


@blueprint.get("/wie-keek-mee")
@own
def who_looked_page() -> ResponseReturnValue:
    """Who did what, newest day first."""
    return render_template("candidate/who_looked.html", lines=looked_lines())


def looked_lines() -> list[LookedLine]:
    """The log about the viewer, in words."""
    viewer = the_viewer()
    found = who_looked(current_session(), viewer, own_candidate_id(viewer))
    return [looked_line(looked) for looked in found]


def looked_line(looked: Looked) -> LookedLine:
    """One line of the log in words."""
    when = day_with_weekday(looked.on)
    if looked.times > 1:
        times = ngettext("%(num)s keer", "%(num)s keer", looked.times)
        when = _("%(day)s, %(times)s", day=when, times=times)
    what = what_words(looked.action, looked.kind)
    if looked.purpose in load_codes().list("purposes"):
        what = _("%(what)s (%(why)s)", what=what, why=label_of("purposes", looked.purpose).lower())
    return LookedLine(who_words(looked.right), what, when)


def who_words(right: str | None) -> str:
    """Who it was, by right."""
    if right is None:
        return _("Het systeem zelf")
    return {
        Right.CANDIDATE: _("Uzelf"),
        Right.COACH: _("Uw coach of een vervanger"),
        Right.LEAD: _("De teamleider van uw coach"),
        Right.TRIAGER: _("Iemand van het talentcentrum"),
        Right.SERVICE_POINT: _("Iemand van het werkgeversservicepunt"),
        Right.CONTRACTOR: _("Een bedrijf"),
        Right.OFFICER: _("Iemand die de afspraken met bedrijven bewaakt"),
        Right.ANALYST: _("Iemand die controleert of het eerlijk gaat"),
        Right.ADMIN: _("De beheerder"),
    }[Right(right)]


def what_words(action: AuditAction, kind: str) -> str:
    """What was done, as the rest of a sentence."""
    told = _told().get((action, kind))
    if told is not None:
        return told
    return {
        AuditAction.READ: _("opende uw gegevens"),
        AuditAction.LIST: _("opende een lijst over u"),
        AuditAction.CREATE: _("schreef iets op"),
        AuditAction.CHANGE: _("veranderde iets"),
        AuditAction.ERASE: _("haalde iets weg"),
        AuditAction.SUGGEST: _("liet de computer een voorstel maken"),
        AuditAction.DECIDE: _("legde een keuze vast"),
        AuditAction.EXPORT: _("nam gegevens mee in een bestand"),
        AuditAction.CONSENT: _("gaf antwoord op een uitnodiging"),
        AuditAction.SIGN_IN: _("meldde zich aan"),
        AuditAction.OPERATE: _("deed onderhoud"),
    }[action]


def _told() -> dict[tuple[AuditAction, str], str]:
    return {
        (AuditAction.CREATE, "candidate"): _("maakte uw dossier"),
        (AuditAction.CHANGE, "candidate"): _("veranderde uw gegevens"),
        (AuditAction.CREATE, "candidate_note"): _("schreef een notitie"),
        (AuditAction.ERASE, "candidate_note"): _("haalde een notitie weg"),
        (AuditAction.CREATE, "own_request"): _("stelde een vraag"),
        (AuditAction.CHANGE, "own_request"): _("werkte aan een vraag"),
        (AuditAction.CREATE, "commitment"): _("schreef op dat u elders bezig bent"),
        (AuditAction.CREATE, "caseload_change"): _("regelde wie u helpt"),
        (AuditAction.CREATE, "introduction"): _("nodigde u uit"),
        (AuditAction.CHANGE, "introduction"): _("werkte aan een uitnodiging"),
        (AuditAction.READ, "introduction"): _("bekeek wat u liet zien"),
        (AuditAction.CREATE, "seat"): _("zette u op de lijst voor een programma"),
        (AuditAction.CHANGE, "seat"): _("werkte aan uw plek in een programma"),
        (AuditAction.CONSENT, "seat"): _("gaf antwoord op een plek in een programma"),
        (AuditAction.CREATE, "attendance"): _("hield een dag in het programma bij"),
        (AuditAction.CHANGE, "attendance"): _("veranderde een dag in het programma"),
        (AuditAction.CREATE, "contact_attempt"): _("noteerde dat we u probeerden te bereiken"),
        (AuditAction.CREATE, "elsewhere"): _("maakte een afspraak met wie u verder helpt"),
        (AuditAction.CHANGE, "elsewhere"): _("werkte aan de afspraak met wie u verder helpt"),
        (AuditAction.CREATE, "placement"): _("noteerde dat u begint met werken"),
        (AuditAction.CHANGE, "placement"): _("werkte aan wat er over uw werk staat"),
        (AuditAction.CREATE, "agreement"): _("schreef afspraken over uw werk op"),
        (AuditAction.CHANGE, "agreement"): _("werkte aan afspraken over uw werk"),
        (AuditAction.CREATE, "placement_outcome"): _("gaf antwoord over uw werk"),
        (AuditAction.CHANGE, "placement_outcome"): _("veranderde een antwoord over uw werk"),
        (AuditAction.DECIDE, "pair_choice"): _("sprak iets af over u en een plek"),
        (AuditAction.CHANGE, "pair_choice"): _("veranderde een afspraak over u en een plek"),
        (AuditAction.DECIDE, "decision_undo"): _("nam een besluit terug"),
        (AuditAction.SUGGEST, "match_list"): _("liet de computer plekken vergelijken"),
        (AuditAction.SUGGEST, "plan"): _("liet de computer een plan maken"),
        (AuditAction.CREATE, "sign_in_link"): _("gaf u een code"),
        (AuditAction.CREATE, "candidate_account"): _("maakte uw pagina"),
    }
