"""“Kost deze plek iemand anders werk?”: asked before a place opens, and after a start."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day_with_weekday
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import CheckMoment, CheckState, VacancyStatus
from matcher.services import displacement as service
from matcher.services.vacancies import get_vacancy, open_vacancy
from matcher.web.contractor.blueprint import blueprint
from matcher.web.navigation import belongs_to
from matcher.web.vacancy.displacement import DisplacementForm, displacement_form, source_lines
from matcher.web.vacancy.words import title_of

_LIST = "contractor.vacancies"


@blueprint.route("/mijn-plekken/<int:vacancy_id>/verdringing", methods=["GET", "POST"])
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def check_before(vacancy_id: int) -> Any:
    """The questions before a place opens; with nothing to look at it opens at once."""
    return _page(vacancy_id, CheckMoment.BEFORE)


@blueprint.route("/mijn-plekken/<int:vacancy_id>/terugkijken", methods=["GET", "POST"])
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def check_after(vacancy_id: int) -> Any:
    """The same once more, half a year after somebody started there."""
    return _page(vacancy_id, CheckMoment.AFTER)


def _page(vacancy_id: int, moment: CheckMoment) -> Any:
    session, viewer = current_session(), the_viewer()
    questions = service.questions_of(session, viewer, vacancy_id, on=today(), moment=moment)
    record = get_vacancy(session, viewer, vacancy_id)
    earlier = service.check_of(session, viewer, vacancy_id, moment)
    form = displacement_form(questions, moment=moment, earlier=earlier)
    if form.validate_on_submit():
        try:
            _answer(form, vacancy_id, moment)
            return redirect(url_for("contractor.vacancy", vacancy_id=vacancy_id), 303)
        except InvalidInput as error:
            form.add_problems(error.problems)
        except (Conflict, Stale):
            flash(_("Deze plek is intussen gewijzigd. Kijk haar na."), "near")
            return redirect(url_for("contractor.vacancy", vacancy_id=vacancy_id), 303)
    page = render_template(
        "contractor/displacement.html",
        form=form,
        vacancy_id=vacancy_id,
        title=title_of(record.as_mapping()),
        looks_back=moment is CheckMoment.AFTER,
        opens=moment is CheckMoment.BEFORE and record.status is VacancyStatus.DRAFT,
        sources=source_lines(questions),
        about=record.profile.reference,
    )
    return page, 400 if form.errors else 200


def _answer(form: DisplacementForm, vacancy_id: int, moment: CheckMoment) -> None:
    """Keeps the answers; a draft with nothing to look at opens."""
    session, viewer = current_session(), the_viewer()
    check = service.answer_check(
        session, viewer, vacancy_id, form.answers(), form.reasons(), moment=moment, now=now()
    )
    if check.state is CheckState.WAITING and check.due_on is not None:
        flash(
            _(
                "Iemand van social return kijkt mee. U hoort het uiterlijk %(day)s.",
                day=day_with_weekday(check.due_on),
            )
        )
        return
    record = get_vacancy(session, viewer, vacancy_id)
    if moment is CheckMoment.BEFORE and record.status is VacancyStatus.DRAFT:
        open_vacancy(session, viewer, vacancy_id, expected_version=record.version, now=now())
        flash(_("De plek staat open."))
    else:
        flash(_("Dank u wel. Uw antwoorden staan erbij."))
