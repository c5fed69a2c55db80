"""*Aflopend*: public contracts that end, the jobs on them, and a plan for each."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import retender as service
from matcher.services.retender import PLANS, Ending, JobAtStake
from matcher.web.agreeing.blueprint import at_stake, blueprint, employing
from matcher.web.codes import codes_of, label_of
from matcher.web.follow_up_words import MEANING, state_words
from matcher.web.forms import DayField, MatcherForm, Required
from matcher.web.navigation import belongs_to

_PAGE = "agreeing.retender"


class PlanForm(MatcherForm):
    """What becomes of one job, and by when."""

    plan = RadioField(_l("Wat wordt het plan?"), [Required(_l("Kies een plan"))])
    due_on = DayField(_l("Wanneer is het geregeld?"), [Required(_l("Vul een dag in"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan.choices = [
            SelectChoice(code.code, label_of(PLANS, code.code)) for code in codes_of(PLANS)
        ]


@blueprint.get("/aflopend")
@at_stake
def retender() -> Any:
    """The contracts that end first on top, with what stands for each job."""
    found = service.at_stake(current_session(), the_viewer(), on=today())
    return render_template(
        "agreeing/retender.html",
        headline=_headline(found),
        endings=found,
        left_words=_left_words,
        plan_words=_plan_words,
        state_words=state_words,
        meaning=MEANING,
    )


@blueprint.route("/aflopend/<int:placement_id>", methods=["GET", "POST"])
@at_stake
@belongs_to(_PAGE)
def plan_job(placement_id: int) -> Any:
    """One job: the plan, by when, and from then on whose task it is."""
    session, viewer = current_session(), the_viewer()
    found = [
        (ending, one)
        for ending in service.at_stake(session, viewer, on=today())
        for one in ending.jobs
        if one.job.id == placement_id
    ]
    if not found:
        abort(404)
    ((ending, one),) = found
    begun = {"plan": one.job.plan, "due_on": one.job.plan_due_on or ending.contract.end_on}
    form = PlanForm(data=begun)
    if form.validate_on_submit():
        try:
            service.plan_job(
                session, viewer, placement_id, form.plan.data, form.due_on.data, now=now()
            )
        except InvalidInput:
            form.due_on.errors = [_("Kies vandaag of een dag daarna.")]
        else:
            flash(_("Vastgelegd. Het is nu uw taak."))
            return redirect(url_for(_PAGE, _anchor=f"opdracht-{ending.contract.id}"), 303)
    page = render_template(
        "agreeing/plan_job.html", form=form, ending=ending, job=one.job, left_words=_left_words
    )
    return page, 400 if form.errors else 200


def _headline(found: list[Ending]) -> str:
    red = sum(one.red for one in found)
    if red:
        return ngettext(
            "%(num)s baan heeft nog geen plan.", "%(num)s banen hebben nog geen plan.", red
        )
    if found:
        return _("Elke baan op een opdracht die afloopt, heeft een plan.")
    return _("Er loopt geen opdracht af met mensen aan het werk.")


def _left_words(ending: Ending) -> str:
    end = day(ending.contract.end_on)
    if ending.days_left < 0:
        return _("afgelopen op %(day)s", day=end)
    return ngettext(
        "loopt af op %(day)s, over %(num)s dag",
        "loopt af op %(day)s, over %(num)s dagen",
        ending.days_left,
        day=end,
    )


def _plan_words(one: JobAtStake) -> str:
    job = one.job
    if job.plan is None:
        return _("nog geen plan")
    plan = label_of(PLANS, job.plan)
    until = "" if job.plan_due_on is None else day(job.plan_due_on)
    if one.waits_for_yes:
        return _("%(plan)s, wacht op een ja van de kandidaat, tot %(day)s", plan=plan, day=until)
    return _(
        "%(plan)s, uiterlijk %(day)s, taak van %(owner)s",
        plan=plan,
        day=until,
        owner=job.plan_owner or _("een collega"),
    )


@blueprint.post("/aan-het-werk/<int:placement_id>/opdracht")
@employing
@belongs_to("follow_up.at_work")
def of_contract(placement_id: int) -> Any:
    """The employer says for which of the own contracts somebody works there."""
    if not MatcherForm().validate():
        abort(400)
    sent = request.form.get("contract", "")
    if sent and not (sent.isdecimal() and len(sent) < 10):
        abort(400)
    try:
        service.name_contract(
            current_session(), the_viewer(), placement_id, int(sent) if sent else None, now=now()
        )
    except Conflict:
        flash(_("Deze persoon werkt nu niet bij u."), "near")
    else:
        flash(_("Opgeslagen."))
    return redirect(url_for("follow_up.at_work", _anchor=f"werk-{placement_id}"), 303)
