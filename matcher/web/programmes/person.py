"""One person and programmes: what they have, choosing a group, and confirming what days suggest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.reference.seats import load_seat_terms
from matcher.repositories.records import CandidateRecord, ProgrammeRecord
from matcher.services import assessments, candidates, cohorts, programmes, seats
from matcher.services.cohorts import Group
from matcher.services.rule_versions import rules_on
from matcher.services.seat_checks import SeatNotPossible
from matcher.services.seats import FOLDED_KINDS
from matcher.web.coach.answers import dated
from matcher.web.coach.people import person_name
from matcher.web.coach.seen import seen_candidate
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.programmes.blueprint import blueprint, booking
from matcher.web.programmes.overview import all_programmes, group_words, programme_title
from matcher.web.seat_parts import seats_of, suggested_rhythm
from matcher.web.seat_words import length_words, why_not_words

_PEOPLE = "coach.candidates"


@dataclass(frozen=True, slots=True)
class Choice:
    """A programme to choose, with its next group; `is_advised` when the advice begins with it."""

    record: ProgrammeRecord
    title: str
    facts: str
    group: Group | None
    is_advised: bool


@blueprint.get("/kandidaten/<int:candidate_id>/programmas")
@booking
@belongs_to(_PEOPLE)
def choose(candidate_id: int) -> Any:
    """The programmes for one person: first what the advice begins with."""
    record = _candidate(candidate_id)
    choices = _choices(record)
    return render_template(
        "programmes/choose.html",
        record=record,
        name=person_name(record),
        advised=[one for one in choices if one.is_advised],
        others=[one for one in choices if not one.is_advised],
        **group_words(),
    )


def _candidate(candidate_id: int) -> CandidateRecord:
    return seen_candidate(candidates.get_candidate(current_session(), the_viewer(), candidate_id))


def _choices(record: CandidateRecord) -> list[Choice]:
    session, viewer, on = current_session(), the_viewer(), today()
    records = all_programmes()
    groups = cohorts.list_groups(session, viewer, records, on=on)
    advised = advised_references(record)
    return [
        Choice(
            one,
            programme_title(one),
            length_words(one.programme.weeks, one.programme.hours_a_week),
            next((group for group in groups[one.id] if group.has_room), None),
            # What is about money stands in its fold on the advice page, and is not pushed here.
            one.programme.reference in advised and one.programme.kind not in FOLDED_KINDS,
        )
        for one in records
    ]


def advised_references(record: CandidateRecord) -> frozenset[str]:
    """The programmes that the kept advice begins with; none for who objected to advice."""
    if record.manual_only:
        return frozenset()
    latest = assessments.latest_assessment(current_session(), the_viewer(), record.id)
    return frozenset() if latest is None else frozenset(latest.result["programmes"])


@blueprint.route(
    "/kandidaten/<int:candidate_id>/programmas/<int:programme_id>", methods=["GET", "POST"]
)
@booking
@belongs_to(_PEOPLE)
def book(candidate_id: int, programme_id: int) -> Any:
    """Chooses a group of one programme: book, offer, wait, or stand by."""
    record = _candidate(candidate_id)
    session, viewer, on = current_session(), the_viewer(), today()
    programme = programmes.get_programme(session, viewer, programme_id)
    groups = cohorts.coming_groups(session, viewer, programme_id, on=on)
    form = MatcherForm()
    if form.validate_on_submit():
        try:
            flash(_carried_out(record, programme_id))
        except SeatNotPossible as error:
            flash(why_not_words(error), "near")
            address = url_for(
                "programmes.book", candidate_id=candidate_id, programme_id=programme_id
            )
            return redirect(address, 303)
        except InvalidInput:
            abort(400)
        return redirect(
            url_for("coach.advice", candidate_id=candidate_id, _anchor="programma"), 303
        )
    first_free = next((group.starts_on for group in groups if group.has_room), None)
    page = render_template(
        "programmes/book.html",
        record=record,
        name=person_name(record),
        programme=programme,
        title=programme_title(programme),
        facts=length_words(programme.programme.weeks, programme.programme.hours_a_week),
        groups=groups,
        first_free=first_free,
        answer_days=load_seat_terms(on).answer_within_working_days,
        form=form,
        **group_words(),
    )
    return page, 400 if form.errors else 200


def _carried_out(record: CandidateRecord, programme_id: int) -> str:
    """Does what the button says; the words for it."""
    session, viewer = current_session(), the_viewer()
    what = request.form.get("doe", "")
    name = person_name(record)
    if what == "wacht":
        seats.wait(session, viewer, record.id, programme_id, now=now())
        return _("%(name)s staat op de wachtlijst.", name=name)
    starts_on = _asked_start()
    if what == "standby":
        group = cohorts.open_group(session, viewer, programme_id, starts_on, now=now())
        seats.wait(session, viewer, record.id, programme_id, standby_for=group.id, now=now())
        return _("%(name)s staat stand-by voor %(day)s.", name=name, day=day(starts_on))
    give = {"boek": seats.book, "aanbod": seats.offer}.get(what)
    if give is None:
        abort(400)
    seat = give(session, viewer, record.id, programme_id, starts_on, now=now())
    if what == "boek":
        return _("%(name)s heeft een plek vanaf %(day)s.", name=name, day=day(starts_on))
    until = "" if seat.answer_by is None else day(seat.answer_by)
    return _("De plek is aangeboden. Antwoord kan tot en met %(day)s.", day=until)


def _asked_start() -> date:
    try:
        return date.fromisoformat(request.form.get("start", ""))
    except ValueError:
        abort(400)


@blueprint.post("/kandidaten/<int:candidate_id>/ritme")
@requires(Right.COACH, Right.LEAD)
@belongs_to(_PEOPLE)
def confirm_rhythm(candidate_id: int) -> Any:
    """Takes over the level of rhythm that the days suggest; a person confirms it."""
    form = MatcherForm()
    if not form.validate():
        abort(400)
    session, viewer, on = current_session(), the_viewer(), today()
    record = candidates.get_candidate(session, viewer, candidate_id)
    suggested = suggested_rhythm(seats_of(candidate_id)[1])
    if suggested is None:
        flash(_("De dagen zeggen nog te weinig."), "near")
    else:
        rules = rules_on(session, record.profile.region, on)
        values = dated(record.profile, {"rhythm": suggested}, rules, on)
        candidates.update_candidate(
            session,
            viewer,
            candidate_id,
            values,
            expected_version=form.read_version,
            now=now(),
        )
        flash(_("Overgenomen in het dossier."))
    return redirect(url_for("coach.advice", candidate_id=candidate_id, _anchor="programma"), 303)
