"""One person and work: recording a start, moments of contact, the end, and answers months later."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.domain.follow_up import OutcomeSource
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.models.states import PlacementState
from matcher.reference.follow_up import statuses_for
from matcher.repositories.placements import PlacementRecord
from matcher.repositories.records import CandidateRecord
from matcher.services import candidates, outcomes, placements
from matcher.services import introduction_lists as lists
from matcher.services.introduction_views import Status
from matcher.services.placements import (
    CONTACTS,
    CONTRACTS,
    ENDINGS,
    HOURS_MAXIMUM,
    RESULTS,
    PlacementNotPossible,
)
from matcher.web.coach.people import person_name
from matcher.web.coach.seen import seen_candidate
from matcher.web.codes import codes_of, label_of
from matcher.web.follow_up.blueprint import blueprint, placing
from matcher.web.follow_up_words import answers_for, step_names, words
from matcher.web.forms import DayField, MatcherForm, Required, WholeNumberField
from matcher.web.introduction_words import title_of
from matcher.web.navigation import belongs_to

_PEOPLE = "coach.candidates"
_OTHERWISE = "0"
_DETAILS = ("starts_on", "hours_a_week", "contract", "contract_until", "first_pay_on")


class PlacementForm(MatcherForm):
    """The first day, and what is known besides."""

    starts_on = DayField(
        _l("Op welke dag begint het werk?"), [Required(_l("Vul de eerste werkdag in"))]
    )
    hours_a_week = WholeNumberField(_l("Hoeveel uur per week?"), minimum=1, maximum=HOURS_MAXIMUM)
    contract = RadioField(_l("Welk contract?"), validate_choice=False)
    contract_until = DayField(_l("Tot en met welke dag?"))
    first_pay_on = DayField(
        _l("Wanneer komt het eerste loon?"),
        description=_l("Een week eerder staat er een taak om samen te kijken wat er verandert."),
    )

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self[name].data or None for name in _DETAILS}


class StartForm(PlacementForm):
    """How it came about, for a start that is new."""

    way = RadioField(_l("Hoe kwam het tot stand?"), [Required(_l("Kies hoe het tot stand kwam"))])


def _candidate(candidate_id: int) -> CandidateRecord:
    return seen_candidate(candidates.get_candidate(current_session(), the_viewer(), candidate_id))


@blueprint.get("/kandidaten/<int:candidate_id>/werk")
@placing
@belongs_to(_PEOPLE)
def person(candidate_id: int) -> Any:
    """The placements of one person: how far, what was said, and what can be noted now."""
    record = _candidate(candidate_id)
    session, viewer, on = current_session(), the_viewer(), today()
    found = placements.for_candidate(session, viewer, candidate_id)
    events = placements.events_of(session, viewer, found)
    return render_template(
        "follow_up/person.html",
        record=record,
        name=person_name(record),
        placements=found,
        moments=outcomes.moments_of(session, viewer, found, on=on),
        events=events,
        has_open=any(one.state is not PlacementState.ENDED for one in found),
        on=on,
        form=MatcherForm(formdata=None),
        contacts=[(code, step_names()[code]) for code in CONTACTS],
        results=[(code, label_of(RESULTS, code)) for code in placements.results_for("coach")],
        endings=[(code.code, label_of(ENDINGS, code.code)) for code in codes_of(ENDINGS)],
        coach_answers=answers_for(OutcomeSource.COACH),
        decisions=answers_for(OutcomeSource.DECIDED),
        reasons=[
            (code.code, label_of("outcome_reasons", code.code))
            for code in codes_of("outcome_reasons")
        ],
        **words(),
    )


@blueprint.route("/kandidaten/<int:candidate_id>/werk/nieuw", methods=["GET", "POST"])
@placing
@belongs_to(_PEOPLE)
@once_only
def record_start(candidate_id: int) -> Any:
    """Records that somebody starts: after an introduction in which both met, or found otherwise."""
    record = _candidate(candidate_id)
    session, viewer = current_session(), the_viewer()
    met = [
        line
        for line in lists.for_staff(session, viewer, candidate_id, now=now())
        if line.status is Status.MET
    ]
    asked = request.args.get("kennismaking", "")
    form = StartForm(data={"way": asked or (_OTHERWISE if not met else None)})
    form.way.choices = [
        *(
            SelectChoice(
                str(line.id),
                _(
                    "Na de kennismaking bij %(firm)s: %(title)s",
                    firm=line.contractor,
                    title=title_of(line),
                ),
            )
            for line in met
        ),
        SelectChoice(_OTHERWISE, _("Zelf gevonden, of op een andere manier")),
    ]
    _fill(form)
    if form.validate_on_submit():
        try:
            made = placements.record_placement(
                session,
                viewer,
                candidate_id,
                form.values(),
                introduction_id=int(form.way.data) or None,
                now=now(),
            )
        except InvalidInput as error:
            _say(form, error)
        except PlacementNotPossible as error:
            form.form_errors = [_why(error)]
        else:
            flash(
                _(
                    "Vastgelegd: %(name)s begint op %(day)s.",
                    name=person_name(record),
                    day=day(made.starts_on),
                )
            )
            return redirect(url_for("follow_up.person", candidate_id=candidate_id), 303)
    page = render_template(
        "follow_up/start.html", record=record, name=person_name(record), form=form, one=None
    )
    return page, 400 if form.errors else 200


@blueprint.route("/werk/<int:placement_id>/wijzigen", methods=["GET", "POST"])
@placing
@belongs_to(_PEOPLE)
def change(placement_id: int) -> Any:
    """Changes what is known of a placement."""
    session, viewer = current_session(), the_viewer()
    one = placements.get_placement(session, viewer, placement_id)
    record = _candidate(one.candidate_id)
    form = PlacementForm(
        data={**{name: getattr(one, name) for name in _DETAILS}, "version": one.version}
    )
    if form.hours_a_week.data is not None and request.method == "GET":
        form.hours_a_week.data = round(form.hours_a_week.data)
    _fill(form)
    if form.validate_on_submit():
        try:
            placements.change_placement(
                session,
                viewer,
                placement_id,
                form.values(),
                expected_version=form.read_version,
                now=now(),
            )
        except InvalidInput as error:
            _say(form, error)
        except Stale:
            form.form_errors = [
                _("Iemand anders wijzigde dit net. Kijk nog eens en sla opnieuw op.")
            ]
        except PlacementNotPossible:
            form.starts_on.errors = [_("De eerste werkdag staat vast.")]
        else:
            flash(_("Opgeslagen."))
            return redirect(url_for("follow_up.person", candidate_id=one.candidate_id), 303)
    page = render_template(
        "follow_up/start.html", record=record, name=person_name(record), form=form, one=one
    )
    return page, 400 if form.errors else 200


def _fill(form: PlacementForm) -> None:
    form.contract.choices = [
        SelectChoice(code.code, label_of(CONTRACTS, code.code)) for code in codes_of(CONTRACTS)
    ]


def _say(form: PlacementForm, error: InvalidInput) -> None:
    """What is wrong, in words at its field."""
    said = {
        "starts_on": _("Kies een dag van de afgelopen drie jaar of het komende jaar."),
        "contract_until": _("Kies de eerste werkdag of een dag daarna."),
        "first_pay_on": _("Kies de eerste werkdag of een dag daarna."),
        "contract": _("Kies een van deze soorten contract."),
    }
    for problem in error.problems:
        if problem.where in said:
            form[problem.where].errors = [said[problem.where]]
        else:
            form.add_problems([problem])


def _why(error: PlacementNotPossible) -> str:
    return {
        "already": _("Er loopt al een plaatsing. Leg eerst vast dat die is gestopt."),
        "not_met": _("Deze kennismaking is niet zo ver, of al voorbij."),
    }.get(error.why, _("Dit kan niet meer. Kijk hoe het er nu voor staat."))


@blueprint.post("/werk/<int:placement_id>/<any(begonnen,contact,einde,antwoord,keuze):step>")
@placing
@belongs_to(_PEOPLE)
def take_step(placement_id: int, step: str) -> Any:
    """One tap: begun, how a contact was, the end, an answer, or what is true of two answers."""
    if not MatcherForm().validate():
        abort(400)
    session, viewer = current_session(), the_viewer()
    one = placements.get_placement(session, viewer, placement_id)
    try:
        flash(_carried_out(one, step))
    except InvalidInput:
        flash(_("Kies eerst een antwoord."), "near")
    except Conflict:
        flash(_("Dit kan niet meer. Kijk hoe het er nu voor staat."), "near")
    return redirect(
        url_for("follow_up.person", candidate_id=one.candidate_id, _anchor=f"werk-{one.id}"), 303
    )


def _carried_out(one: PlacementRecord, step: str) -> str:
    session, viewer, at = current_session(), the_viewer(), now()
    sent = request.form
    if step == "begonnen":
        placements.start(session, viewer, one.id, now=at)
        return _("Genoteerd dat het werk begon.")
    if step == "contact":
        result = sent.get("result", "")
        placements.note_contact(session, viewer, one.id, sent.get("contact", ""), result, now=at)
        return _("Genoteerd.")
    if step == "einde":
        placements.end(session, viewer, one.id, sent.get("code", ""), now=at)
        return _("Genoteerd dat het werk stopte. De plek is weer vrij.")
    months = int(sent.get("months", "0") or 0) if sent.get("months", "0").isdigit() else 0
    status = sent.get("status", "")
    if step == "keuze":
        reason = sent.get("reason", "")
        outcomes.decide(session, viewer, one.id, months, status, reason=reason, now=at)
        return _("Vastgelegd. De andere antwoorden blijven staan.")
    if status not in statuses_for(OutcomeSource.COACH.value):
        raise InvalidInput([])
    outcomes.answer(session, viewer, one.id, months, status, now=at)
    return _("Vastgelegd.")
