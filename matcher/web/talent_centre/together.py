"""Deciding for several people at once: one line of why and an own box each, none ticked before."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput, Stale
from matcher.domain.vocabulary import Lane
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.queue import load_queue_terms
from matcher.services import triage
from matcher.services.caseload import lane_counts
from matcher.web.coach.choice_form import reason_words
from matcher.web.coach.fields import OneTileField
from matcher.web.coach.result_view import advice_view
from matcher.web.codes import label_of
from matcher.web.forms import BoxesField, DayField, MatcherForm, Required
from matcher.web.navigation import belongs_to
from matcher.web.talent_centre.blueprint import blueprint
from matcher.web.talent_centre.tabs import queue_tabs

TOGETHER = (Lane.READY_NOW, Lane.READY_WITH_SUPPORT, Lane.PRE_PLACEMENT)
_LANES = ", ".join(TOGETHER)
_RIGHTS = (Right.TRIAGER, Right.LEAD)
_PEOPLE = "talent_centre.people"


class TogetherForm(MatcherForm):
    """Who, one reason and a day to look again."""

    who = BoxesField(_l("Wie"), [Required(_l("Vink minstens één persoon aan"))])
    reason = OneTileField(_l("Waarom?"), validators=[Required(_l("Kies één reden"))])
    review_on = DayField(
        _l("Opnieuw bekijken"), [Required(_l("Kies een dag om opnieuw te kijken"))]
    )


@blueprint.route(
    "/mensen/samen/<any({}):lane>".format(", ".join(TOGETHER)), methods=["GET", "POST"]
)
@requires(*_RIGHTS)
@once_only
@belongs_to(_PEOPLE)
def together(lane: str) -> Any:
    """The longest waiting of one lane on whom nobody decided; what is ticked is decided."""
    session, viewer = current_session(), the_viewer()
    lines = _lines(lane)
    if request.method == "GET":
        form = TogetherForm(formdata=None)
        form.review_on.data = today() + load_queue_terms(today()).review_within
        return _page(lane, lines, form)
    form = TogetherForm()
    _offer(form, lines)
    sent = [each for each in map(_ticked, form.who.data or []) if each is not None]
    # What is no longer listed was decided meanwhile, which the service says better.
    form.who.validate_choice = False
    if not form.validate():
        return _page(lane, lines, form), 400
    try:
        made = triage.decide_together(
            session,
            viewer,
            sent,
            lane=lane,
            reason=str(form.reason.data),
            review_on=form.review_on.data,
            now=now(),
        )
    except InvalidInput as error:
        _explain(form, error)
        return _page(lane, lines, form), 400
    except Stale:
        return _page(lane, _lines(lane), form, was_first=True), 412
    flash(ngettext("%(num)s besluit vastgelegd.", "%(num)s besluiten vastgelegd.", len(made)))
    kept = "-".join(str(each.id) for each in made)
    return redirect(url_for("talent_centre.together", lane=lane, net=kept), 303)


@blueprint.post("/mensen/samen/terug")
@requires(*_RIGHTS)
@belongs_to(_PEOPLE)
def undo_together() -> Any:
    """Takes back what was decided together, all of it, within minutes."""
    if not MatcherForm().validate():
        abort(400)
    numbers = _numbers(request.form.get("net", ""))
    people = triage.undo(current_session(), the_viewer(), numbers, now=now())
    flash(ngettext("%(num)s besluit teruggenomen.", "%(num)s besluiten teruggenomen.", len(people)))
    lane = request.form.get("lane", "")
    if lane not in TOGETHER:
        return redirect(url_for(_PEOPLE), 303)
    return redirect(url_for("talent_centre.together", lane=lane), 303)


def _lines(lane: str) -> list[triage.TogetherLine]:
    return triage.list_together(
        current_session(),
        the_viewer(),
        lane,
        on=today(),
        one_in=current_app.config["BLIND_ONE_IN"],
    )


def _page(
    lane: str, lines: list[triage.TogetherLine], form: TogetherForm, *, was_first: bool = False
) -> str:
    _offer(form, lines)
    terms = load_queue_terms(today())
    recent = _numbers(request.args.get("net", ""))
    return render_template(
        "talent_centre/together.html",
        form=form,
        lane=lane,
        lane_label=label_of("lanes", lane),
        lines=[_shown(line) for line in lines],
        ticked=set(form.who.data or []) if request.method == "POST" and not was_first else set(),
        recent="-".join(map(str, recent)),
        recent_count=len(recent),
        minutes=terms.undo_within.seconds // 60,
        most=terms.people_together,
        plain_form=MatcherForm(formdata=None),
        was_first=was_first,
        tabs=queue_tabs(lane_counts(current_session(), the_viewer()), lane),
    )


def _offer(form: TogetherForm, lines: list[triage.TogetherLine]) -> None:
    form.who.choices = [SelectChoice(_value(line.ticked), line.reference) for line in lines]
    form.reason.choices = [SelectChoice(code, words) for code, words in reason_words().items()]


def _shown(line: triage.TogetherLine) -> dict[str, Any]:
    said = advice_view(line.result, first_weeks=None).reasons
    waiting = line.waiting_since
    return {
        "value": _value(line.ticked),
        "candidate_id": line.ticked.candidate_id,
        "name": line.first_name or line.reference,
        "reference": line.reference if line.first_name else None,
        "why": said[0].text if said else _("Kijk op de pagina van deze persoon."),
        "waiting_days": None if waiting is None else _days(waiting),
    }


def _days(since: date) -> int:
    return max(0, (today() - since).days)


def _value(ticked: triage.Ticked) -> str:
    return f"{ticked.candidate_id}-{ticked.seen_decision}-{ticked.assessment_id}"


def _ticked(value: str) -> triage.Ticked | None:
    numbers = _numbers(value)
    return triage.Ticked(*numbers) if len(numbers) == 3 else None


def _numbers(text: str) -> list[int]:
    """Numbers between dashes; anything else is none."""
    parts = text.split("-")[:100]
    return [int(part) for part in parts if part.isdecimal() and len(part) < 10]


def _explain(form: TogetherForm, error: InvalidInput) -> None:
    terms = load_queue_terms(today())
    words = {
        "who": _("Vink 1 tot en met %(most)s mensen aan.", most=terms.people_together),
        "review_on": _(
            "Kies een dag na vandaag en binnen %(days)s dagen.", days=terms.review_within.days
        ),
    }
    for problem in error.problems:
        if problem.where in words:
            form[problem.where].errors = [words[problem.where]]
        else:
            form.form_errors.append(problem.why)
