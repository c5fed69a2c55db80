"""“Aanvragen”: who wants to be called, by when, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.access import Right
from matcher.domain.displacement import AskedOf
from matcher.domain.errors import InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import CallOutcome, CallStatus
from matcher.reference.displacement import load_displacement_terms
from matcher.repositories.records import CallRequestRecord
from matcher.services import call_requests as service
from matcher.services import displacement, place_calls
from matcher.services.vacancies import create_vacancy
from matcher.services.visibility import Kind, show
from matcher.web.calls_words import due_words, people_words, when_words, work_words
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.talent_centre.blueprint import blueprint
from matcher.web.talent_centre.places_to_call import place_outcome_words, places_shown
from matcher.web.vacancy.displacement import DisplacementForm, displacement_form
from matcher.web.vacancy.form import VacancyForm, preset

_INBOX = "talent_centre.requests"
_LIMIT = 25
_RIGHTS = (Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD)


@blueprint.get("/aanvragen")
@requires(*_RIGHTS)
def requests() -> Any:
    """Open calls, soonest due first; with ``stand=done`` those that were made."""
    session, viewer = current_session(), the_viewer()
    done = request.args.get("stand") == CallStatus.DONE
    page = service.list_call_requests(
        session,
        viewer,
        status=CallStatus.DONE if done else None,
        cursor=request.args.get("vanaf"),
        limit=_LIMIT,
    )
    records = [each for each in page.items if done or each.status is not CallStatus.DONE]
    return render_template(
        "talent_centre/requests.html",
        calls=[_shown(record) for record in records],
        done=done,
        waiting=sum(record.status is CallStatus.NEW for record in records),
        next_cursor=page.next_cursor,
        form=MatcherForm(formdata=None),
        outcomes=outcome_words(),
        moment=now(),
        **({} if done else _places()),
    )


def _places() -> dict[str, Any]:
    found = place_calls.list_places(
        current_session(), the_viewer(), now=now(), cursor=request.args.get("plekken_vanaf")
    )
    return {
        "places": places_shown(found),
        "found": found,
        "place_outcomes": place_outcome_words(),
    }


@blueprint.post("/aanvragen/<int:request_id>/neem")
@requires(*_RIGHTS)
@belongs_to(_INBOX)
def take(request_id: int) -> Any:
    """“Ik bel”: the others see that somebody does."""
    if not MatcherForm().validate():
        abort(400)
    service.take_call_request(current_session(), the_viewer(), request_id, now=now())
    flash(_("U belt. De anderen zien dat."))
    return redirect(url_for(_INBOX), 303)


@blueprint.post("/aanvragen/plekken/<int:vacancy_id>/neem")
@requires(*_RIGHTS)
@belongs_to(_INBOX)
def take_place(vacancy_id: int) -> Any:
    """“Ik bel” about an open place: by when is said at once, and the others see who."""
    if not MatcherForm().validate():
        abort(400)
    call = place_calls.take_place(current_session(), the_viewer(), vacancy_id, now=now())
    flash(_("U belt: %(due)s. De anderen zien dat.", due=due_words(call.due_at)))
    return redirect(url_for(_INBOX, _anchor=f"plek-{vacancy_id}"), 303)


@blueprint.post("/aanvragen/<int:request_id>/klaar")
@requires(*_RIGHTS)
@belongs_to(_INBOX)
def finish(request_id: int) -> Any:
    """What the call led to."""
    if not MatcherForm().validate():
        abort(400)
    outcome = request.form.get("outcome", "")
    service.finish_call_request(current_session(), the_viewer(), request_id, outcome, now=now())
    flash(_("Opgeslagen."))
    return redirect(url_for(_INBOX), 303)


@blueprint.route("/aanvragen/<int:request_id>/plek", methods=["GET", "POST"])
@requires(*_RIGHTS)
@belongs_to(_INBOX)
@once_only
def vacancy_from_call(request_id: int) -> Any:
    """The vacancy, filled in from the call; the firm finds it as a draft to open."""
    session, viewer = current_session(), the_viewer()
    call = service.get_call_request(session, viewer, request_id)
    if request.method == "GET":
        data = {**preset(call.work), "places": call.people, "flex_weeks": "4"}
        form = VacancyForm(formdata=None, data=data, for_staff=True)
        return _form_page(form, call, _questions())
    form = VacancyForm(for_staff=True)
    form.is_draft = True
    check = _questions()
    # Both at once, so that every mistake is named together.
    if form.validate() & check.validate():
        try:
            made = create_vacancy(session, viewer, form.values(), now=now())
            _answered(made.id, check)
            service.finish_call_request(
                session, viewer, request_id, CallOutcome.VACANCY_FILED, now=now()
            )
            flash(_("De plek staat klaar. Het bedrijf hoeft haar alleen nog te openen."))
            return redirect(url_for(_INBOX), 303)
        except InvalidInput as error:
            form.add_problems(error.problems)
    return _form_page(form, call, check)


def outcome_words() -> dict[CallOutcome, str]:
    """What a call can lead to, as the buttons say it; a filed vacancy has a form of its own."""
    return {
        CallOutcome.CALL_AGAIN: _("Bel later terug"),
        CallOutcome.NO_ANSWER: _("Nam niet op"),
        CallOutcome.NO_NEED: _("Niet meer nodig"),
    }


def _shown(record: CallRequestRecord) -> dict[str, Any]:
    values = show(Kind.CALL_REQUEST, record.as_mapping(), the_viewer().rights)
    return {
        **values,
        "work_words": work_words(record),
        "people_words": people_words(record),
        "when_words": when_words(record),
        "due_words": due_words(record.due_at),
        "is_late": record.status is not CallStatus.DONE and record.due_at < now(),
    }


def _questions() -> DisplacementForm:
    """The questions about displacement for a firm of any size: a caller's is often not known.

    Whether work comes back in house is left out: an organisation that takes work back is asked
    everything itself when it opens the place.
    """
    asked = [
        each
        for each in load_displacement_terms(today()).questions
        if each.asked_of is not AskedOf.TAKES_BACK
    ]
    return displacement_form(asked, may_stay_open=True)


def _answered(vacancy_id: int, form: DisplacementForm) -> None:
    """Keeps what the firm said on the phone; left open, the firm is asked when it opens."""
    session, viewer = current_session(), the_viewer()
    asked = displacement.questions_of(session, viewer, vacancy_id, on=today())
    if form.is_left_open or not set(asked) <= set(form.questions):
        return
    displacement.answer_check(
        session, viewer, vacancy_id, form.answers(asked), form.reasons(), now=now()
    )


def _form_page(form: VacancyForm, call: CallRequestRecord, check: DisplacementForm) -> Any:
    page = render_template(
        "talent_centre/vacancy_from_call.html", form=form, call=_shown(call), check=check
    )
    return page, 400 if form.errors or check.errors else 200
