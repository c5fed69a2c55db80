"""One proposal: who, why, what else; accepting and departing side by side, at the same size."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.decided_pairs import PairDecision
from matcher.domain.errors import Conflict
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.models.states import ProposalState
from matcher.services import weekly_choices, weekly_decisions, weekly_views
from matcher.services.weekly_decisions import ProposalNotPossible
from matcher.web.coach.choice_form import reason_words
from matcher.web.coach.fields import OneTileField
from matcher.web.coach.places_view import minutes_words, mode_words, needs_of
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm, Required
from matcher.web.navigation import belongs_to
from matcher.web.weekly import words
from matcher.web.weekly.allocation import departing_words, shown_lines
from matcher.web.weekly.blueprint import HOME, blueprint, deciding


class DepartForm(MatcherForm):
    """Why something else is decided."""

    why = OneTileField(_l("Waarom niet?"), validators=[Required(_l("Kies één reden"))])


class PairForm(MatcherForm):
    """Why two are kept together or apart."""

    reason = OneTileField(_l("Waarom?"), validators=[Required(_l("Kies één reden"))])


@blueprint.get("/verdelen/<int:allocation_id>/voorstel/<int:line_id>")
@deciding
@belongs_to(HOME)
def proposal(allocation_id: int, line_id: int) -> ResponseReturnValue:
    """One proposal in full."""
    return _page(allocation_id, line_id, _depart_form(False), _pair_form(False))


@blueprint.post("/verdelen/<int:allocation_id>/voorstel/<int:line_id>/aannemen")
@deciding
@belongs_to(HOME)
def accept(allocation_id: int, line_id: int) -> ResponseReturnValue:
    """Follows one proposal: the candidate is asked, or gets the offer."""
    if not MatcherForm().validate():
        abort(400)
    try:
        weekly_decisions.accept(current_session(), the_viewer(), allocation_id, line_id, now=now())
    except ProposalNotPossible as error:
        flash(words.not_possible_words(error.why), "near")
        return redirect(_address(allocation_id, line_id), 303)
    flash(_("Aangenomen. De kandidaat zegt nu zelf ja of nee."))
    return redirect(_address(allocation_id, line_id), 303)


@blueprint.post("/verdelen/<int:allocation_id>/voorstel/<int:line_id>/anders")
@deciding
@belongs_to(HOME)
def depart(allocation_id: int, line_id: int) -> ResponseReturnValue:
    """Decides otherwise about one proposal, with a reason."""
    form = _depart_form(True)
    if not form.validate():
        return _page(allocation_id, line_id, form, _pair_form(False)), 400
    try:
        weekly_decisions.depart(
            current_session(),
            the_viewer(),
            allocation_id,
            line_id,
            str(form.why.data),
            now=now(),
        )
    except ProposalNotPossible as error:
        flash(words.not_possible_words(error.why), "near")
        return redirect(_address(allocation_id, line_id), 303)
    flash(_("Vastgelegd. Deze persoon wordt hier nu niet voorgesteld."))
    return redirect(_address(allocation_id, line_id), 303)


@blueprint.post("/verdelen/<int:allocation_id>/voorstel/<int:line_id>/afspraak")
@deciding
@belongs_to(HOME)
def decide_pair(allocation_id: int, line_id: int) -> ResponseReturnValue:
    """Keeps this person and this place together, or apart, from the next run on."""
    form = _pair_form(True)
    decision = request.form.get("decision", "")
    if decision not in (PairDecision.LOCKED, PairDecision.FORBIDDEN):
        abort(400)
    if not form.validate():
        return _page(allocation_id, line_id, _depart_form(False), form), 400
    session, viewer = current_session(), the_viewer()
    line = weekly_views.get_line(session, viewer, allocation_id, line_id)
    vacancy = line.vacancy_id
    if vacancy is None:
        abort(404)
    try:
        weekly_choices.decide_pair(
            session,
            viewer,
            line.candidate_id,
            vacancy,
            decision,
            str(form.reason.data),
            now=now(),
        )
    except Conflict:
        flash(_("Iemand anders besloot net over deze twee. Kijk opnieuw."), "near")
        return redirect(_address(allocation_id, line_id), 303)
    flash(
        _("Vastgezet. Vanaf de volgende verdeling blijft dit voorstel staan.")
        if decision == PairDecision.LOCKED
        else _("Uitgesloten. Vanaf de volgende verdeling komt dit voorstel niet meer.")
    )
    return redirect(url_for("weekly.pairs"), 303)


def _depart_form(sent: bool) -> DepartForm:
    form = DepartForm() if sent else DepartForm(formdata=None)
    form.why.choices = [SelectChoice(code, said) for code, said in departing_words().items()]
    return form


def _pair_form(sent: bool) -> PairForm:
    form = PairForm() if sent else PairForm(formdata=None)
    form.reason.choices = [SelectChoice(code, said) for code, said in reason_words().items()]
    return form


def _address(allocation_id: int, line_id: int) -> str:
    return url_for("weekly.proposal", allocation_id=allocation_id, line_id=line_id)


def _page(allocation_id: int, line_id: int, form: DepartForm, pair_form: PairForm) -> str:
    session, viewer = current_session(), the_viewer()
    record = weekly_views.get_allocation(session, viewer, allocation_id)
    line = weekly_views.get_line(session, viewer, allocation_id, line_id)
    if not line.is_proposal:
        abort(404)
    names = weekly_views.names(session, viewer)
    row = weekly_views.pair_rows(session, viewer, record, [line]).get(line.id)
    (shown,) = shown_lines(record, (line,), names)
    return render_template(
        "weekly/proposal.html",
        record=record,
        line=line,
        shown=shown,
        lane=label_of("lanes", line.lane),
        journey=None if row is None else f"{minutes_words(row)} {mode_words(row)}".strip(),
        needs=[] if row is None else needs_of(row),
        is_open=line.state is ProposalState.OPEN,
        reason=None if line.why is None else label_of("decision_reasons", line.why.value),
        form=form if form.errors else pair_form,
        depart_form=form,
        pair_form=pair_form,
        plain_form=MatcherForm(formdata=None),
        locked_code=PairDecision.LOCKED.value,
        forbidden_code=PairDecision.FORBIDDEN.value,
    )
