"""*Kennismaken* of a contractor: who waits, whom to meet, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.access import Right
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import sent_key
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import introduction_lists as lists
from matcher.services import introductions
from matcher.services.introduction_checks import NotPossible
from matcher.services.introduction_lists import IntroductionLine, VacancyOverview
from matcher.services.introduction_views import Status
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.introduction_words import (
    MEANING,
    places_words,
    status_words,
    title_of,
    until_words,
)
from matcher.web.introductions.blueprint import blueprint
from matcher.web.navigation import belongs_to
from matcher.web.shown_person import person_lines

_LIST = "introductions.meetings"


@blueprint.get("/kennismaken")
@requires(Right.CONTRACTOR)
def meetings() -> Any:
    """Per place: whom to meet first, then who was met, who waits, and what is over."""
    found = lists.for_contractor(current_session(), the_viewer(), now=now())
    return render_template(
        "introductions/meetings.html",
        headline=_headline(found),
        overviews=[(one, _in_order(one)) for one in found],
        meaning=MEANING,
        status_words=status_words,
        until_words=until_words,
        places_words=places_words,
        title_of=title_of,
    )


def _headline(found: list[VacancyOverview]) -> str:
    lines = [line for one in found for line in one.lines]
    to_meet = sum(line.status is Status.TO_MEET for line in lines)
    if to_meet:
        return ngettext(
            "%(num)s mens wil met u kennismaken.",
            "%(num)s mensen willen met u kennismaken.",
            to_meet,
        )
    if any(line.status is Status.WAITING for line in lines):
        return _("We wachten op antwoord.")
    return _("Er staat nu niets open.")


_ORDER = (Status.TO_MEET, Status.MET, Status.WAITING, Status.ENDED, Status.NOT_AVAILABLE)


def _in_order(one: VacancyOverview) -> list[IntroductionLine]:
    return sorted(one.lines, key=lambda line: (_ORDER.index(line.status), line.id))


@blueprint.get("/kennismaken/<int:introduction_id>")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def meeting(introduction_id: int) -> Any:
    """One person who said yes: exactly what they agreed to show, and what comes next."""
    line = lists.get_introduction(current_session(), the_viewer(), introduction_id, now=now())
    return render_template(
        "introductions/meeting.html",
        line=line,
        person=person_lines(line.person),
        name=_called(line),
        endings=[
            (code, label_of("introduction_endings", code)) for code in introductions.ending_codes()
        ],
        form=MatcherForm(formdata=None),
        meaning=MEANING,
        status_words=status_words,
        until_words=until_words,
        title_of=title_of,
    )


def _called(line: IntroductionLine) -> str:
    """A first name; without one as anybody is called, and before a yes by pseudonym."""
    if not line.person:
        return line.pseudonym
    first_name: str | None = line.person.get("first_name")
    return first_name or _("Iemand")


@blueprint.post("/kennismaken/<int:introduction_id>/ontmoet")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def met(introduction_id: int) -> Any:
    """They met: a place is kept."""
    if not MatcherForm().validate():
        abort(400)
    try:
        introductions.mark_met(
            current_session(), the_viewer(), introduction_id, key=sent_key(), now=now()
        )
    except NotPossible as error:
        words = {
            "full": _("Alle plekken zijn al bezet. Maak eerst een plek vrij."),
            "guidance": _("U hebt geen uren begeleiding meer over voor deze persoon."),
        }
        flash(words.get(error.why, _("Dit kan niet meer. Kijk hoe het er nu voor staat.")), "near")
    else:
        flash(_("Genoteerd. We houden een plek vast."))
    return redirect(url_for("introductions.meeting", introduction_id=introduction_id), 303)


@blueprint.post("/kennismaken/<int:introduction_id>/stoppen")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def stop(introduction_id: int) -> Any:
    """It does not go on; one of the reasons, and nothing about the person."""
    if not MatcherForm().validate():
        abort(400)
    code = request.form.get("code", "")
    if code not in introductions.ending_codes():
        flash(_("Kies een reden."), "near")
        return redirect(url_for("introductions.meeting", introduction_id=introduction_id), 303)
    try:
        introductions.end(
            current_session(), the_viewer(), introduction_id, code, key=sent_key(), now=now()
        )
    except NotPossible:
        flash(_("Dit kan niet meer. Kijk hoe het er nu voor staat."), "near")
    else:
        flash(_("Genoteerd. U ziet vanaf nu niets meer van deze persoon."))
    return redirect(url_for(_LIST), 303)
