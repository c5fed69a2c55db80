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
from matcher.http.idempotency import once_only, sent_key
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
from matcher.services.placement_checks import REASONS, PlacementNotPossible
from matcher.services.placements import CONTACTS, ENDINGS, RESULTS
from matcher.services.placing import record_placement
from matcher.web.agreeing.forms import TrialForm, WorkForm, say, why_words
from matcher.web.coach.people import person_name
from matcher.web.coach.seen import seen_candidate
from matcher.web.codes import codes_of, label_of
from matcher.web.follow_up.blueprint import blueprint, placing
from matcher.web.follow_up_words import answers_for, step_names, words
from matcher.web.forms import MatcherForm, Required
from matcher.web.introduction_words import title_of
from matcher.web.navigation import belongs_to

_PEOPLE = "coach.candidates"
_OTHERWISE = "own_found"
_DETAILS = ("starts_on", "hours_a_week", "contract", "contract_until", "first_pay_on")


class _HowItCame(MatcherForm):
    """How it came about, for a start that is new."""

    way = RadioField(_l("Hoe kwam het tot stand?"), [Required(_l("Kies hoe het tot stand kwam"))])


class StartForm(WorkForm, _HowItCame):
    """Work that is new."""


class StartTrialForm(TrialForm, _HowItCame):
    """A trial that is new."""


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


@blueprint.route(
    "/kandidaten/<int:candidate_id>/werk/<any(nieuw,proef):kind>", methods=["GET", "POST"]
)
@placing
@belongs_to(_PEOPLE)
@once_only
def record_start(candidate_id: int, kind: str) -> Any:
    """Records work or a trial: after an introduction in which both met, or found otherwise."""
    record = _candidate(candidate_id)
    session, viewer = current_session(), the_viewer()
    met = [
        line
        for line in lists.for_staff(session, viewer, candidate_id, now=now())
        if line.status is Status.MET
    ]
    asked = request.args.get("kennismaking", "")
    begun = {"way": asked or (_OTHERWISE if not met else None)}
    is_trial = kind == "proef"
    form = StartTrialForm(on=today(), data=begun) if is_trial else StartForm(data=begun)
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
        *(SelectChoice(code.code, label_of(REASONS, code.code)) for code in codes_of(REASONS)),
    ]
    if form.validate_on_submit():
        try:
            after = form.way.data.isdigit()
            made = record_placement(
                session,
                viewer,
                candidate_id,
                form.values(),
                introduction_id=int(form.way.data) if after else None,
                without=None if after else form.way.data,
                trial=is_trial,
                key=sent_key(),
                now=now(),
            )
        except InvalidInput as error:
            say(form, error)
        except PlacementNotPossible as error:
            form.form_errors = [why_words(error)]
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
    form = WorkForm(
        data={**{name: getattr(one, name) for name in _DETAILS}, "version": one.version}
    )
    if form.hours_a_week.data is not None and request.method == "GET":
        form.hours_a_week.data = round(form.hours_a_week.data)
    if one.state is PlacementState.TRIAL:
        # Its contract is that of a trial, and which work comes after it is a step of its own.
        del form.contract, form.contract_until, form.first_pay_on
    if form.validate_on_submit():
        try:
            placements.change_placement(
                session,
                viewer,
                placement_id,
                {name: value for name, value in form.values().items() if name != "starts_on"}
                if one.state is PlacementState.TRIAL
                else form.values(),
                expected_version=form.read_version,
                now=now(),
            )
        except InvalidInput as error:
            say(form, error)
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
        placements.start(session, viewer, one.id, key=sent_key(), now=at)
        return _("Genoteerd dat het werk begon.")
    if step == "contact":
        result = sent.get("result", "")
        placements.note_contact(session, viewer, one.id, sent.get("contact", ""), result, now=at)
        return _("Genoteerd.")
    if step == "einde":
        placements.end(session, viewer, one.id, sent.get("code", ""), key=sent_key(), now=at)
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
