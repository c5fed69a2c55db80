"""Programmes of the candidate: seats that are offered, and those there are or were."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.errors import InvalidInput, NotFound
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.models.states import SeatState
from matcher.repositories.seats import SeatRecord
from matcher.services import seats
from matcher.services.seat_checks import SeatNotPossible
from matcher.web.candidate.blueprint import blueprint, is_fold_open, own
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.seat_words import length_words, title_of, when_words


def own_state_words(seat: SeatRecord) -> str:
    """How far it is, for the candidate."""
    if can_answer(seat, today()):
        return _("u kunt nog kiezen")
    return {
        SeatState.WAITING: _("u staat op de wachtlijst"),
        SeatState.OFFERED: _("voorbij"),
        SeatState.BOOKED: _("u hebt een plek"),
        SeatState.ATTENDING: _("u doet mee"),
        SeatState.FINISHED: _("klaar"),
        SeatState.LEFT: _("gestopt"),
        SeatState.NOT_TAKEN: _("voorbij"),
    }[seat.state]


def can_answer(seat: SeatRecord, on: date) -> bool:
    """Whether an offer can still be answered on a day."""
    return seat.state is SeatState.OFFERED and (seat.answer_by is None or seat.answer_by >= on)


def shown_seats() -> list[SeatRecord]:
    """The own seats; programmes about money and home only while their fold is open."""
    return seats.own_seats(current_session(), the_viewer(), with_folded=is_fold_open())


def offers_to_answer() -> list[tuple[SeatRecord, str]]:
    """Offers that wait for an answer with the name of the programme, the first to pass on top."""
    found = [seat for seat in shown_seats() if can_answer(seat, today())]
    return [
        (seat, title_of(seat))
        for seat in sorted(found, key=lambda seat: seat.answer_by or date.max)
    ]


@blueprint.get("/programmas")
@own
def programmes() -> ResponseReturnValue:
    """All seats, newest first."""
    return render_template(
        "candidate/programmes.html",
        lines=[
            (seat, title_of(seat), own_state_words(seat), when_words(seat))
            for seat in shown_seats()
        ],
    )


@blueprint.route("/programmas/<int:seat_id>", methods=["GET", "POST"])
@own
@belongs_to("candidate.programmes")
def programme(seat_id: int) -> ResponseReturnValue:
    """One seat; an offer is answered here: yes, no, or first a talk."""
    seat = next((one for one in shown_seats() if one.id == seat_id), None)
    if seat is None:
        raise NotFound("seat")
    form = MatcherForm()
    if form.validate_on_submit():
        given = request.form.get("answer", "")
        try:
            seats.answer(current_session(), the_viewer(), seat_id, given, now=now())
        except (SeatNotPossible, InvalidInput):
            flash(_("Dat kan niet meer: de plek is weg of u hebt al geantwoord."), "near")
        else:
            flash(_answered_words(given))
            if given == seats.NO:
                return redirect(url_for("candidate.programmes"), 303)
        return redirect(url_for("candidate.programme", seat_id=seat_id), 303)
    return render_template(
        "candidate/programme.html",
        seat=seat,
        title=title_of(seat),
        status=own_state_words(seat),
        length=length_words(seat.weeks, seat.hours_a_week),
        can_answer=can_answer(seat, today()),
        form=form,
    )


def _answered_words(given: str) -> str:
    return {
        seats.YES: _("U hebt een plek. Uw coach weet het ook."),
        seats.NO: _("Goed. Er verandert niets voor u."),
        seats.ASK_COACH: _("Uw coach neemt contact met u op. U kunt daarna nog kiezen."),
    }[given]
