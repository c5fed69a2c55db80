"""A contractor's places: choose the kind of work, answer ten questions, open, change, close."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput, Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import CheckMoment, VacancyStatus
from matcher.repositories.records import VacancyRecord
from matcher.services import vacancies as service
from matcher.services.displacement import CheckNeeded, check_of
from matcher.services.shortlist_freeze import DemandsStand, standing
from matcher.services.visibility import Kind, show
from matcher.web.codes import codes_of
from matcher.web.contractor.blueprint import blueprint
from matcher.web.contractor.feasible import hint_lines
from matcher.web.contractor.lines import band_words, lines_of, shown_vacancy
from matcher.web.forms import MatcherForm, changed_fields
from matcher.web.navigation import belongs_to
from matcher.web.vacancy.displacement import check_words
from matcher.web.vacancy.form import VacancyForm, copied, form_data, preset, taken_over
from matcher.web.vacancy.words import STATUS_MEANING, facts, status_words, title_of, value_words

_LIST = "contractor.vacancies"
_LIMIT = 25


@blueprint.get("/mijn-plekken")
@requires(Right.CONTRACTOR)
def vacancies() -> Any:
    """All own places, page by page."""
    session, viewer = current_session(), the_viewer()
    page = service.list_vacancies(session, viewer, cursor=request.args.get("vanaf"), limit=_LIMIT)
    return render_template(
        "contractor/vacancies.html",
        lines=lines_of(session, viewer, page.items, today()),
        next_cursor=page.next_cursor,
        band_words=band_words,
        meaning=STATUS_MEANING,
        status_words=status_words,
    )


@blueprint.route("/mijn-plekken/nieuw", methods=["GET", "POST"])
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
@once_only
def new_vacancy() -> Any:
    """First the kind of work, which fills in the form; then the form."""
    earlier = _own_latest()
    if request.method == "GET":
        data = _data_for_new(earlier)
        if data is None:
            return render_template(
                "contractor/choose_work.html",
                kinds=codes_of("work_types"),
                earlier_title=None if earlier is None else title_of(earlier.as_mapping()),
            )
        return _form_page(VacancyForm(formdata=None, data=data))
    form = VacancyForm()
    form.is_draft = request.form.get("action") != "open"
    if form.validate():
        try:
            record = service.create_vacancy(
                current_session(), the_viewer(), form.values(), now=now()
            )
            return _saved(record, opening=not form.is_draft)
        except InvalidInput as error:
            form.add_problems(error.problems)
    return _form_page(form)


@blueprint.get("/mijn-plekken/<int:vacancy_id>")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def vacancy(vacancy_id: int) -> Any:
    """One own place: how many people fit, and what can be done with it."""
    session, viewer = current_session(), the_viewer()
    record = service.get_vacancy(session, viewer, vacancy_id)
    values = shown_vacancy(session, viewer, record, today())
    stands = vacancy_id in standing(session, [vacancy_id])
    looked_back = check_of(session, viewer, vacancy_id, CheckMoment.AFTER)
    return render_template(
        "contractor/vacancy.html",
        values=values,
        check=check_words(check_of(session, viewer, vacancy_id)),
        back=check_words(looked_back),
        band=band_words(values.get("fits_band")),
        facts=list(facts(values)),
        stands=stands,
        # What stands cannot be eased; a copy shows its own hints.
        hints=[] if stands else hint_lines(vacancy_id),
        form=MatcherForm(formdata=None, data={"version": str(record.version)}),
        meaning=STATUS_MEANING[record.status],
        status=status_words(record.status),
        title=title_of(values),
        about=record.profile.reference,
    )


@blueprint.route("/mijn-plekken/<int:vacancy_id>/wijzigen", methods=["GET", "POST"])
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def change_vacancy(vacancy_id: int) -> Any:
    """The same ten questions with what stands; a stale save shows both versions."""
    session, viewer = current_session(), the_viewer()
    record = service.get_vacancy(session, viewer, vacancy_id)
    values = show(Kind.VACANCY, record.as_mapping(), viewer.rights)
    if request.method == "GET":
        form = VacancyForm(
            formdata=None, data={**form_data(values), "version": str(record.version)}
        )
        return _form_page(form, record)
    form = VacancyForm()
    form.is_draft = request.form.get("action") != "open"
    rows: list[dict[str, str]] | None = None
    if form.validate():
        try:
            saved = service.update_vacancy(
                session,
                viewer,
                vacancy_id,
                form.values(),
                expected_version=form.read_version,
                now=now(),
            )
            opening = not form.is_draft and saved.status is VacancyStatus.DRAFT
            return _saved(saved, opening=opening)
        except InvalidInput as error:
            form.add_problems(error.problems)
        except DemandsStand:
            return _form_page(form, record, refused=True)
        except Stale:
            record = service.get_vacancy(session, viewer, vacancy_id)
            rows = _differences(form, show(Kind.VACANCY, record.as_mapping(), viewer.rights))
            form.version.data = str(record.version)
    return _form_page(form, record, rows)


@blueprint.post("/mijn-plekken/<int:vacancy_id>/<any(openen, terugtrekken, vervuld):step>")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def move_vacancy(vacancy_id: int, step: str) -> Any:
    """Opens a draft, withdraws a place, or says that somebody works there now."""
    form = MatcherForm()
    if not form.validate():
        abort(400)
    move, done = {
        "openen": (service.open_vacancy, _("De plek staat open.")),
        "terugtrekken": (service.withdraw_vacancy, _("De plek is teruggetrokken.")),
        "vervuld": (service.fill_vacancy, _("Mooi. De plek staat op vervuld.")),
    }[step]
    try:
        move(
            current_session(),
            the_viewer(),
            vacancy_id,
            expected_version=form.read_version,
            now=now(),
        )
        flash(done)
    except CheckNeeded as needed:
        return _to_check(vacancy_id, needed)
    except Stale:
        flash(_("De plek is intussen gewijzigd. Kijk haar na en probeer het opnieuw."), "near")
    return redirect(url_for("contractor.vacancy", vacancy_id=vacancy_id), 303)


def _own_latest() -> VacancyRecord | None:
    """The firm's latest place: a second one is filled in from it."""
    page = service.list_vacancies(current_session(), the_viewer(), limit=_LIMIT)
    return max(page.items, key=lambda record: record.created_at, default=None)


def _data_for_new(earlier: VacancyRecord | None) -> dict[str, Any] | None:
    """What the new form starts with; None when the kind of work is not chosen yet."""
    last = {} if earlier is None else show(Kind.VACANCY, earlier.as_mapping(), the_viewer().rights)
    if "als-vorige" in request.args and earlier is not None:
        return copied(last, today())
    work = request.args.get("werk")
    if work is None:
        return None
    return {**preset(work), **taken_over(last)}


def _saved(record: VacancyRecord, *, opening: bool) -> Any:
    if opening:
        try:
            record = service.open_vacancy(
                current_session(),
                the_viewer(),
                record.id,
                expected_version=record.version,
                now=now(),
            )
            flash(_("De plek staat open."))
        except CheckNeeded as needed:
            return _to_check(record.id, needed)
    else:
        flash(_("Opgeslagen."))
    return redirect(url_for("contractor.vacancy", vacancy_id=record.id), 303)


def _to_check(vacancy_id: int, needed: CheckNeeded) -> Any:
    """The questions that come before opening; while somebody looks, the place itself."""
    page = "contractor.vacancy" if needed.why == "waiting" else "contractor.check_before"
    return redirect(url_for(page, vacancy_id=vacancy_id), 303)


def _differences(form: VacancyForm, current: dict[str, Any]) -> list[dict[str, str]]:
    typed = form.values()
    names = [name for name in typed if name in form and name in current]
    return changed_fields(form, typed, current, names, value_words)


def _form_page(
    form: VacancyForm,
    record: VacancyRecord | None = None,
    rows: list[dict[str, str]] | None = None,
    *,
    refused: bool = False,
) -> Any:
    can_open = record is None or record.status is VacancyStatus.DRAFT
    page = render_template(
        "contractor/vacancy_form.html",
        form=form,
        vacancy_id=None if record is None else record.id,
        can_open=can_open,
        stale_rows=rows,
        about="" if record is None else record.profile.reference,
        stands=record is not None and record.id in standing(current_session(), [record.id]),
        refused=refused,
    )
    if rows is not None or refused:
        return page, 409
    return page, 400 if form.errors else 200
