"""One group: who is in it, who came, who waits and stands by, and its seats and money."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from matcher.domain.access import Right
from matcher.domain.attendance import Mark
from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.seat import CENTS_MAXIMUM
from matcher.repositories.seats import CohortRecord, SeatRecord
from matcher.services import attendance, cohorts, funding, seat_lists, seat_releases, seats
from matcher.services.cohorts import CAPACITY_MAXIMUM, PLANNERS
from matcher.services.seat_checks import SeatNotPossible
from matcher.web.forms import MatcherForm, WholeNumberField
from matcher.web.navigation import belongs_to
from matcher.web.programmes.blueprint import OVERVIEW, blueprint, booking, dividing, planning
from matcher.web.programmes.overview import group_words
from matcher.web.seat_parts import member_words
from matcher.web.seat_words import (
    euros,
    mark_words,
    title_of,
    why_not_words,
)

_DAYS_SHOWN = 10
_GIVEN = "attendance_link"
"""Where the session keeps a link between making it and showing it once."""


class GroupForm(MatcherForm):
    """How many seats a group has, and who pays for one."""

    capacity = WholeNumberField(
        _l("Hoeveel plekken?"),
        minimum=0,
        maximum=CAPACITY_MAXIMUM,
        description=_l("Leeg: altijd plek."),
    )
    funding_line_id = SelectField(_l("Wie betaalt?"), coerce=int)
    seat_euros = WholeNumberField(
        _l("Hoeveel kost een plek?"), minimum=0, maximum=CENTS_MAXIMUM // 100
    )


@blueprint.get("/groepen/<int:cohort_id>")
@booking
@belongs_to(OVERVIEW)
def group(cohort_id: int) -> Any:
    """A group with its people, as far as the viewer reaches them."""
    return _render(cohorts.get_cohort(current_session(), the_viewer(), cohort_id))


def _render(record: CohortRecord, form: GroupForm | None = None) -> Any:
    db, viewer, on = current_session(), the_viewer(), today()
    members = seat_lists.members(db, viewer, record.id)
    found = [seat for seat, _name in members]
    line = seat_lists.line_with_names(db, viewer, record.programme_id, on=on)
    given = session.pop(_GIVEN, None)
    page = render_template(
        "programmes/group.html",
        group=record,
        title=title_of(record),
        headline=_headline(record),
        members=members,
        days=_days(record, on),
        marks=attendance.days_of_seats(db, viewer, [seat.id for seat in found]),
        suggestions=attendance.suggest(db, viewer, found, on=on),
        standby=[one for one in line if one[1].standby_cohort_id == record.id],
        line=line,
        waiting=seat_lists.waiting_counts(db, viewer).get(record.programme_id, 0),
        may_divide=viewer.has(Right.TRIAGER, Right.LEAD),
        may_plan=viewer.has(*PLANNERS),
        may_mark=record.starts_on <= on,
        can_pass_on=_passes_on(record),
        has_link=attendance.has_link(db, viewer, record.id, now=now()),
        given_link=given[1] if given and given[0] == record.id else None,
        row_form=MatcherForm(formdata=None),
        form=form or _form(record),
        paid_by=_paid_by(record),
        begins_later=record.starts_on >= on,
        **member_words(),
        **group_words(),
    )
    return page, 400 if form is not None and form.errors else 200


def _headline(record: CohortRecord) -> str:
    when = day(record.starts_on)
    if record.capacity is None:
        return _("Groep van %(day)s", day=when)
    if record.free:
        return ngettext(
            "Groep van %(day)s: nog %(num)s plek vrij",
            "Groep van %(day)s: nog %(num)s plekken vrij",
            record.free,
            day=when,
        )
    return _("Groep van %(day)s: alle plekken bezet", day=when)


def _days(record: CohortRecord, on: date) -> list[date]:
    """The last working days of a group that began, oldest first."""
    last = min(on, record.ends_on)
    found: list[date] = []
    while last >= record.starts_on and len(found) < _DAYS_SHOWN:
        if last.weekday() < 5:
            found.append(last)
        last -= timedelta(days=1)
    return found[::-1]


def _passes_on(record: CohortRecord) -> bool:
    """Whether this is the first day, and late enough to give away a seat that stays empty."""
    begun = now() >= seat_releases.passed_on_from(record.starts_on)
    return the_viewer().has(Right.TRIAGER, Right.LEAD) and record.starts_on == today() and begun


# --- seats ---------------------------------------------------------------------------------------


@blueprint.post("/groepen/<int:cohort_id>/aanbod")
@dividing
@belongs_to(OVERVIEW)
def offer_next(cohort_id: int) -> Any:
    """Offers a seat to whoever is first in line."""
    if not MatcherForm().validate():
        abort(400)
    try:
        found = seats.offer_next(current_session(), the_viewer(), cohort_id, now=now())
    except SeatNotPossible as error:
        flash(why_not_words(error), "near")
    else:
        flash(_("De plek is aangeboden.") if found else _("Er wacht nu niemand."))
    return redirect(url_for("programmes.group", cohort_id=cohort_id), 303)


@blueprint.post("/plekken-in-programma/<int:seat_id>/<any(doorgeven, gesproken, einde):step>")
@booking
@belongs_to(OVERVIEW)
def take_step(seat_id: int, step: str) -> Any:
    """Passes a seat on, notes a talk, or says what came after."""
    if not MatcherForm().validate():
        abort(400)
    db, viewer = current_session(), the_viewer()
    seat = seat_lists.get_seat(db, viewer, seat_id)
    try:
        flash(_stepped(seat, step))
    except SeatNotPossible as error:
        flash(why_not_words(error), "near")
    except InvalidInput:
        flash(_("Kies wat er hierna kwam."), "near")
    return redirect(_back(seat), 303)


def _stepped(seat: SeatRecord, step: str) -> str:
    db, viewer = current_session(), the_viewer()
    if step == "doorgeven":
        given = seat_releases.pass_on(db, viewer, seat.id, now=now())
        if given is None:
            return _("Niemand staat stand-by. De plek is weer vrij.")
        return _("De plek gaat naar de eerste die stand-by staat. Bel meteen.")
    if step == "gesproken":
        seats.talked(db, viewer, seat.id, now=now())
        return _("Genoteerd dat u met elkaar sprak.")
    seat_releases.end(db, viewer, seat.id, request.form.get("code", ""), now=now())
    return _("Genoteerd.")


def _back(seat: SeatRecord) -> str:
    """Where a step was taken: on the page of the group, or of the person."""
    if request.form.get("vanaf") == "persoon" or seat.cohort_id is None:
        return url_for("coach.advice", candidate_id=seat.candidate_id, _anchor="programma")
    return url_for("programmes.group", cohort_id=seat.cohort_id)


# --- who came ------------------------------------------------------------------------------------


@blueprint.route("/groepen/<int:cohort_id>/aanwezig", methods=["GET", "POST"])
@booking
@belongs_to(OVERVIEW)
def mark_group(cohort_id: int) -> Any:
    """Who came on a day, marked by staff for the people they reach."""
    db, viewer = current_session(), the_viewer()
    record = cohorts.get_cohort(db, viewer, cohort_id)
    days = attendance.markable_days(record, today())
    if not days:
        flash(_("Deze groep is nog niet begonnen."), "near")
        return redirect(url_for("programmes.group", cohort_id=cohort_id))
    on = asked_day(days)
    members = [
        one
        for one in seat_lists.members(db, viewer, cohort_id)
        if one[0].state in seat_lists.COMING
    ]
    form = MatcherForm()
    if form.validate_on_submit():
        for seat, _name in members:
            mark = request.form.get(f"mark-{seat.id}", "")
            if mark in set(Mark):
                attendance.mark_day(db, viewer, seat.id, on, mark, now=now())
        flash(_("Opgeslagen."))
        return redirect(url_for("programmes.group", cohort_id=cohort_id), 303)
    marks = attendance.days_of_seats(db, viewer, [seat.id for seat, _name in members])
    return render_template(
        "programmes/mark_group.html",
        group=record,
        title=title_of(record),
        on=on,
        days=days,
        lines=[(seat.id, name, marks.get(seat.id, {}).get(on)) for seat, name in members],
        mark_words=mark_words(),
        form=form,
    )


def asked_day(days: tuple[date, ...]) -> date:
    """The day in the address or the form, as long as it can be marked; else the last one."""
    try:
        asked = date.fromisoformat(request.values.get("dag", ""))
    except ValueError:
        return days[-1]
    return asked if asked in days else days[-1]


@blueprint.post("/groepen/<int:cohort_id>/link")
@booking
@belongs_to(OVERVIEW)
def give_link(cohort_id: int) -> Any:
    """Makes a new link for the provider, or ends the one there is; shown once."""
    if not MatcherForm().validate():
        abort(400)
    db, viewer = current_session(), the_viewer()
    if "stop" in request.form:
        attendance.end_links(db, viewer, cohort_id, now=now())
        flash(_("De link werkt niet meer."))
    else:
        try:
            given = attendance.give_link(db, viewer, cohort_id, now=now())
        except SeatNotPossible as error:
            flash(why_not_words(error), "near")
        else:
            address = request.url_root.rstrip("/") + given.address_path
            session[_GIVEN] = [cohort_id, address]
    return redirect(url_for("programmes.group", cohort_id=cohort_id, _anchor="link"), 303)


# --- seats and money -----------------------------------------------------------------------------


def _lines() -> list[Any]:
    viewer = the_viewer()
    return funding.list_funding(current_session(), viewer) if viewer.has(*PLANNERS) else []


def _form(record: CohortRecord) -> GroupForm:
    form = GroupForm(
        formdata=None,
        data={
            "version": record.version,
            "capacity": record.capacity,
            "funding_line_id": record.funding_line_id or 0,
            "seat_euros": record.seat_cents // 100,
        },
    )
    return _with_lines(form)


def _with_lines(form: GroupForm) -> GroupForm:
    nobody = (0, _("Geen budget"))
    lines = [(line.id, _line_words(line)) for line in _lines()]
    form.funding_line_id.choices = [nobody, *lines]
    return form


def _line_words(line: Any) -> str:
    return _("%(name)s (nog %(left)s)", name=line.name, left=euros(line.left_cents))


def _paid_by(record: CohortRecord) -> str:
    """Who pays for a seat, in words; empty for somebody who does not plan."""
    names = {line.id: line.name for line in _lines()}
    name = names.get(record.funding_line_id or 0)
    if name is None:
        return ""
    return _("%(euros)s per plek, uit %(name)s", euros=euros(record.seat_cents), name=name)


@blueprint.post("/groepen/<int:cohort_id>/plekken")
@planning
@belongs_to(OVERVIEW)
def change_group(cohort_id: int) -> Any:
    """Changes how many seats there are, and who pays."""
    db, viewer = current_session(), the_viewer()
    record = cohorts.get_cohort(db, viewer, cohort_id)
    form = _with_lines(GroupForm())
    if not form.validate():
        return _render(record, form)
    try:
        cohorts.change_group(
            db,
            viewer,
            cohort_id,
            capacity=form.capacity.data,
            funding_line_id=form.funding_line_id.data or None,
            seat_cents=100 * (form.seat_euros.data or 0),
            expected_version=form.read_version,
            now=now(),
        )
    except Conflict:
        form.capacity.errors = [
            _("Er zijn al %(count)s plekken bezet. Minder kan niet.", count=record.booked)
        ]
        return _render(record, form)
    flash(_("Opgeslagen."))
    return redirect(url_for("programmes.group", cohort_id=cohort_id), 303)
