"""Introductions for staff: propose somebody, and see per place how far it is."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.access import Right
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import VacancyStatus
from matcher.repositories.records import CandidateRecord
from matcher.services import candidates, introductions, vacancies
from matcher.services import introduction_lists as lists
from matcher.services.introduction_checks import NotPossible
from matcher.services.introduction_lists import IntroductionLine, VacancyOverview
from matcher.services.introduction_views import Status, preview_pair
from matcher.web.coach.people import person_name
from matcher.web.coach.places_view import place_facts, vacancy_title
from matcher.web.coach.seen import seen_candidate
from matcher.web.forms import MatcherForm
from matcher.web.introduction_parts import proposing_of, row_words
from matcher.web.introduction_words import why_not_words
from matcher.web.introductions.blueprint import blueprint, ending, inviting
from matcher.web.navigation import belongs_to
from matcher.web.shown_person import person_lines

_LIST = "introductions.overview"
_PLACES_A_PAGE = 25


@blueprint.get("/kennismakingen")
@inviting
def overview() -> Any:
    """Per place of the region, or of the own caseload: who was invited, and how far it is."""
    found = lists.for_region(current_session(), the_viewer(), now=now())
    return render_template(
        "introductions/overview.html",
        headline=_headline(found),
        overviews=found,
        name_of=_name_of,
        person_url=_person_url,
        letters_url=_letters_url(),
        **row_words(),
    )


def _headline(found: list[VacancyOverview]) -> str:
    lines = [line for one in found for line in one.lines]
    to_meet = sum(line.status is Status.TO_MEET for line in lines)
    waiting = sum(line.status is Status.WAITING for line in lines)
    if not lines:
        return _("Er loopt nog geen kennismaking.")
    first = ngettext("%(num)s mens wil kennismaken.", "%(num)s mensen willen kennismaken.", to_meet)
    second = ngettext(
        "%(num)s uitnodiging wacht op antwoord.",
        "%(num)s uitnodigingen wachten op antwoord.",
        waiting,
    )
    return f"{first} {second}"


def _letters_url() -> str | None:
    """The page with letters, for a team lead: the menu of a lead is long enough."""
    viewer = the_viewer()
    in_menu = viewer.has(Right.COACH, Right.TRIAGER)
    return None if in_menu or not viewer.has(Right.LEAD) else url_for("introductions.letters")


def _name_of(line: IntroductionLine) -> str:
    """Whom it is about; somebody out of reach, or erased, by pseudonym alone."""
    return line.first_name or line.reference or line.pseudonym


def _person_url(line: IntroductionLine) -> str | None:
    if line.reference is None or not the_viewer().has(*introductions.ENDERS):
        return None
    return url_for("coach.advice", candidate_id=line.candidate_id)


@blueprint.route(
    "/kandidaten/<int:candidate_id>/plekken/<int:vacancy_id>/voorstellen", methods=["GET", "POST"]
)
@ending
@belongs_to("coach.candidates")
@once_only
def propose(candidate_id: int, vacancy_id: int) -> Any:
    """Shows what the employer will see after a yes, and asks the candidate."""
    session, viewer = current_session(), the_viewer()
    record = seen_candidate(candidates.get_candidate(session, viewer, candidate_id))
    vacancy = vacancies.get_vacancy(session, viewer, vacancy_id)
    form = MatcherForm()
    if form.validate_on_submit():
        try:
            introductions.invite(session, viewer, candidate_id, vacancy_id, now=now())
        except NotPossible as error:
            flash(why_not_words(error.why), "near")
            return redirect(_back(record, vacancy_id)[0], 303)
        flash(_("De uitnodiging staat klaar. U ziet hier wanneer er een ja komt."))
        return redirect(
            url_for("coach.advice", candidate_id=candidate_id, _anchor="kennismaken"), 303
        )
    shown = (
        preview_pair(session, viewer, candidate_id, vacancy_id, now=now())
        if viewer.has(Right.COACH, Right.LEAD)
        else {}
    )
    page = render_template(
        "introductions/propose.html",
        record=record,
        name=person_name(record),
        vacancy=vacancy,
        title=vacancy_title(vacancy),
        facts=place_facts(vacancy),
        person=person_lines(shown),
        form=form,
        back=_back(record, vacancy_id),
        proposing=proposing_of(candidate_id, vacancy_id),
    )
    return page, 400 if form.errors else 200


def _back(record: CandidateRecord, vacancy_id: int) -> tuple[str, str]:
    """Where one came from: the page of the place, which who objected to suggestions has not."""
    if record.manual_only:
        url = url_for("introductions.choose_place", candidate_id=record.id)
        return url, _("Terug naar de plekken")
    url = url_for("coach.place", candidate_id=record.id, vacancy_id=vacancy_id)
    return url, _("Terug naar de plek")


@blueprint.get("/kandidaten/<int:candidate_id>/voorstellen")
@ending
@belongs_to("coach.candidates")
def choose_place(candidate_id: int) -> Any:
    """The open places of the region in the order they were entered, for somebody who objected to
    suggestions: nothing is computed, a person chooses."""
    session, viewer = current_session(), the_viewer()
    record = seen_candidate(candidates.get_candidate(session, viewer, candidate_id))
    page = vacancies.list_vacancies(
        session,
        viewer,
        status=VacancyStatus.OPEN.value,
        cursor=request.args.get("vanaf"),
        limit=_PLACES_A_PAGE,
    )
    return render_template(
        "introductions/choose_place.html",
        record=record,
        name=person_name(record),
        places=[(one, vacancy_title(one), place_facts(one)) for one in page.items],
        next_cursor=page.next_cursor,
    )


@blueprint.post("/kennismakingen/<int:introduction_id>/<any(gesproken, gestopt):step>")
@ending
@belongs_to(_LIST)
def take_step(introduction_id: int, step: str) -> Any:
    """The coach talked with somebody who asked for it, or says that they are not available."""
    if not MatcherForm().validate():
        abort(400)
    session, viewer = current_session(), the_viewer()
    line = lists.get_introduction(session, viewer, introduction_id, now=now())
    move, done = {
        "gesproken": (introductions.mark_talked, _("Genoteerd dat u met elkaar sprak.")),
        "gestopt": (introductions.withdraw, _("Gestopt. Het bedrijf ziet niets meer.")),
    }[step]
    try:
        move(session, viewer, introduction_id, now=now())
        flash(done)
    except NotPossible:
        flash(_("Dit kan niet meer. Kijk hoe het er nu voor staat."), "near")
    if line.candidate_id is None:
        return redirect(url_for(_LIST), 303)
    return redirect(
        url_for("coach.advice", candidate_id=line.candidate_id, _anchor="kennismaken"), 303
    )
