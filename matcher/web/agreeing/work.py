"""After they met: the employer agrees on a trial or on work, and a trial becomes work."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from matcher.domain.errors import InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only, sent_key
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.repositories.placements import PlacementRecord
from matcher.services import introduction_lists as lists
from matcher.services import placements, placing
from matcher.services.introduction_views import Status
from matcher.services.placement_checks import PlacementNotPossible
from matcher.web.agreeing.blueprint import blueprint, employing
from matcher.web.agreeing.blueprint import placing as placers
from matcher.web.agreeing.forms import TrialForm, WorkForm, say, why_words
from matcher.web.forms import MatcherForm
from matcher.web.introduction_words import title_of
from matcher.web.navigation import belongs_to

_AT_WORK = "follow_up.at_work"


@blueprint.route(
    "/kennismaken/<int:introduction_id>/<any(proef,werk):kind>", methods=["GET", "POST"]
)
@employing
@belongs_to("introductions.meetings")
@once_only
def after_meeting(introduction_id: int, kind: str) -> Any:
    """The employer writes down what both agreed after they met."""
    session, viewer = current_session(), the_viewer()
    line = lists.get_introduction(session, viewer, introduction_id, now=now())
    if line.status is not Status.MET:
        flash(_("Deze kennismaking is niet zo ver, of al voorbij."), "near")
        return redirect(url_for("introductions.meeting", introduction_id=introduction_id), 303)
    form = TrialForm(on=today()) if kind == "proef" else WorkForm()
    if form.validate_on_submit():
        try:
            made = placing.agree_after_meeting(
                session,
                viewer,
                introduction_id,
                form.values(),
                trial=kind == "proef",
                key=sent_key(),
                now=now(),
            )
        except InvalidInput as error:
            say(form, error)
        except PlacementNotPossible as error:
            form.form_errors = [why_words(error)]
        else:
            flash(_("Afgesproken. Het begint op %(day)s.", day=day(made.starts_on)))
            return redirect(url_for(_AT_WORK, _anchor=f"werk-{made.id}"), 303)
    name = line.person.get("first_name") or _("deze persoon")
    back = (url_for("introductions.meeting", introduction_id=line.id), _("Kennismaken"))
    page = render_template(
        "agreeing/firm_work.html", form=form, name=name, about=title_of(line), back=back
    )
    return page, 400 if form.errors else 200


@blueprint.route("/aan-het-werk/<int:placement_id>/afspreken", methods=["GET", "POST"])
@employing
@belongs_to(_AT_WORK)
@once_only
def after_trial_of_firm(placement_id: int) -> Any:
    """The employer writes down which work a trial becomes."""
    one = placements.get_placement(current_session(), the_viewer(), placement_id)
    form = WorkForm(data={"hours_a_week": _whole(one)})
    done = _agree(form, placement_id, url_for(_AT_WORK, _anchor=f"werk-{one.id}"))
    if done is not None:
        return done
    name = one.first_name or _("deze persoon")
    back = (url_for(_AT_WORK), _("Aan het werk"))
    page = render_template(
        "agreeing/firm_work.html", form=form, name=name, about=one.title, back=back
    )
    return page, 400 if form.errors else 200


@blueprint.route("/werk/<int:placement_id>/afspreken", methods=["GET", "POST"])
@placers
@belongs_to("coach.candidates")
@once_only
def after_trial(placement_id: int) -> Any:
    """Who guides the person writes the same down."""
    one = placements.get_placement(current_session(), the_viewer(), placement_id)
    form = WorkForm(data={"hours_a_week": _whole(one)})
    address = url_for("follow_up.person", candidate_id=one.candidate_id)
    done = _agree(form, placement_id, f"{address}#werk-{one.id}")
    if done is not None:
        return done
    name = one.first_name or one.reference
    page = render_template("agreeing/staff_work.html", form=form, name=name, back=(address, name))
    return page, 400 if form.errors else 200


def _whole(one: PlacementRecord) -> int | None:
    return None if one.hours_a_week is None else round(one.hours_a_week)


def _agree(form: WorkForm, placement_id: int, address: str) -> Any:
    """The redirect once it is kept; None to show the form, with what is wrong."""
    if not form.validate_on_submit():
        return None
    session, viewer = current_session(), the_viewer()
    try:
        made = placing.agree_after_trial(
            session, viewer, placement_id, form.values(), key=sent_key(), now=now()
        )
    except InvalidInput as error:
        say(form, error)
    except PlacementNotPossible as error:
        form.form_errors = [why_words(error)]
    else:
        flash(_("Afgesproken. Het begint op %(day)s.", day=day(made.starts_on)))
        return redirect(address, 303)
    return None


@blueprint.post("/aan-het-werk/<int:placement_id>/begonnen")
@employing
@belongs_to(_AT_WORK)
def begun(placement_id: int) -> Any:
    """One press: the work began."""
    if not MatcherForm().validate():
        abort(400)
    try:
        placements.start(current_session(), the_viewer(), placement_id, key=sent_key(), now=now())
    except PlacementNotPossible as error:
        flash(why_words(error), "near")
    else:
        flash(_("Genoteerd dat het werk begon."))
    return redirect(url_for(_AT_WORK, _anchor=f"werk-{placement_id}"), 303)
