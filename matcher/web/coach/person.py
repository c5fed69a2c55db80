"""A candidate's data at a glance, with what can be done: pause, something elsewhere, correct."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput, Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import ContactKind
from matcher.repositories.records import CandidateRecord
from matcher.services import candidates, caseload_changes
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.cards import CARDS, card_title, questions_of
from matcher.web.coach.fields import OneTileField
from matcher.web.coach.people import person_name
from matcher.web.coach.questions import MoneyQuestion
from matcher.web.coach.seen import the_candidate
from matcher.web.forms import (
    DayField,
    MatcherForm,
    Required,
    TextField,
    WholeNumberField,
    changed_fields,
    longest,
)
from matcher.web.navigation import belongs_to
from matcher.web.text_rules import no_bsn

REACHING = ("first_name", "contact_kind", "contact_value")


class PauseForm(MatcherForm):
    """Away until a day; why is never asked."""

    paused_until = DayField(
        _l("Weer terug vanaf"), [Required(_l("Vul in vanaf welke dag iemand terug is"))]
    )

    def applied_to(self, candidate_id: int) -> bool:
        """Pauses somebody, or ends the pause, as was sent; False when a field says why not.

        Raises Stale when somebody else changed the file meanwhile.
        """
        ends = "stop" in request.form
        if not ends and not self.validate():
            return False
        until = None if ends else self.paused_until.data
        if until is not None and until <= today():
            self.paused_until.errors = [_("Kies een dag na vandaag.")]
            return False
        candidates.pause_candidate(
            current_session(),
            the_viewer(),
            candidate_id,
            until,
            expected_version=self.read_version,
            now=now(),
        )
        flash(_("Pauze tot %(day)s.", day=day(until)) if until else _("De pauze is gestopt."))
        return True


class ElsewhereForm(MatcherForm):
    """Hours a week outside us; never on what."""

    hours_a_week = WholeNumberField(
        _l("Uren per week"), [Required(_l("Vul het aantal uren in"))], minimum=1, maximum=60
    )
    until = DayField(_l("Tot en met"), [Required(_l("Vul in tot wanneer"))])


class ReachForm(MatcherForm):
    """How somebody is called, and how to reach them."""

    first_name = TextField(_l("Voornaam"), [longest(60), no_bsn])
    contact_kind = OneTileField(_l("Hoe wilt u bereikt worden?"))
    contact_value = TextField(_l("Telefoonnummer of adres daarvoor"), [longest(120)])


@dataclass(frozen=True, slots=True)
class CardAnswers:
    """The answers of one card in words, to look over; money is left to its own fold."""

    code: str
    title: str
    rows: tuple[tuple[str, str], ...]


@blueprint.get("/kandidaten/<int:candidate_id>/gegevens")
@coaching
@belongs_to("coach.candidates")
def person_page(candidate_id: int) -> ResponseReturnValue:
    """Everything that is known of somebody, and what can be done."""
    return _render(the_candidate(candidate_id))


@blueprint.post("/kandidaten/<int:candidate_id>/begeleiden")
@requires(Right.COACH)
@belongs_to("coach.candidates")
def take_on(candidate_id: int) -> ResponseReturnValue:
    """Takes on somebody whom nobody guides yet: from now on this coach is the one."""
    if not MatcherForm().validate():
        abort(400)
    record = caseload_changes.take_on(current_session(), the_viewer(), candidate_id, now=now())
    flash(_("U begeleidt nu %(name)s.", name=person_name(record)))
    return redirect(url_for("coach.person_page", candidate_id=candidate_id), 303)


@blueprint.post("/kandidaten/<int:candidate_id>/pauze")
@coaching
@belongs_to("coach.candidates")
def pause(candidate_id: int) -> ResponseReturnValue:
    """Pauses until a day, or ends a pause."""
    record = the_candidate(candidate_id)
    form = PauseForm()
    try:
        if not form.applied_to(candidate_id):
            return _render(record, pause_form=form), 400
    except Stale:
        flash(_("Iemand anders heeft dit net gewijzigd. Kijk nog eens en tik opnieuw."), "near")
    return redirect(url_for("coach.person_page", candidate_id=candidate_id))


@blueprint.post("/kandidaten/<int:candidate_id>/elders")
@coaching
@once_only
@belongs_to("coach.candidates")
def add_elsewhere(candidate_id: int) -> ResponseReturnValue:
    """Keeps hours that are taken outside us, so that a plan leaves room for them."""
    record = the_candidate(candidate_id)
    form = ElsewhereForm()
    form.validate()
    hours, until = form.hours_a_week.data, form.until.data
    if until is not None and until < today():
        form.until.errors = [_("Kies vandaag of een dag daarna.")]
    if hours is None or until is None or any(field.errors for field in form):
        return _render(record, elsewhere_form=form), 400
    candidates.add_commitment(
        current_session(),
        the_viewer(),
        candidate_id,
        hours_a_week=float(hours),
        until=until,
        now=now(),
    )
    return redirect(url_for("coach.person_page", candidate_id=candidate_id, _anchor="elders"))


@blueprint.post("/kandidaten/<int:candidate_id>/elders/<int:commitment_id>/weg")
@coaching
@belongs_to("coach.candidates")
def remove_elsewhere(candidate_id: int, commitment_id: int) -> ResponseReturnValue:
    """Takes away hours that are free again."""
    candidates.remove_commitment(current_session(), the_viewer(), candidate_id, commitment_id)
    return redirect(url_for("coach.person_page", candidate_id=candidate_id, _anchor="elders"))


@blueprint.post("/kandidaten/<int:candidate_id>/bereiken")
@coaching
@belongs_to("coach.candidates")
def save_reach(candidate_id: int) -> ResponseReturnValue:
    """Name and how to reach somebody; both versions are shown when somebody else was first."""
    record = the_candidate(candidate_id)
    form = _reach_form()
    if not form.validate():
        return _render(record, reach_form=form), 400
    try:
        candidates.update_candidate(
            current_session(),
            the_viewer(),
            candidate_id,
            {name: form[name].data for name in REACHING},
            expected_version=form.read_version,
            now=now(),
        )
    except Stale as stale:
        latest = the_candidate(candidate_id)
        typed = {name: form[name].data for name in REACHING}
        rows = changed_fields(form, typed, _reach_values(latest), REACHING, _said)
        form.version.data = str(stale.current)
        return _render(latest, reach_form=form, versions=rows), 412
    except InvalidInput as error:
        form.add_problems(error.problems)
        return _render(record, reach_form=form), 400
    flash(_("De gegevens zijn opgeslagen."))
    return redirect(url_for("coach.person_page", candidate_id=candidate_id))


def _render(
    record: CandidateRecord,
    *,
    pause_form: PauseForm | None = None,
    elsewhere_form: ElsewhereForm | None = None,
    reach_form: ReachForm | None = None,
    versions: list[dict[str, str]] | None = None,
) -> str:
    wrong = next((f for f in (pause_form, elsewhere_form, reach_form) if f is not None), None)
    if pause_form is None:
        pause_form = PauseForm(formdata=None, data={"paused_until": record.profile.paused_until})
        pause_form.version.data = str(record.version)
    if reach_form is None:
        reach_form = _reach_form(record)
    return render_template(
        "coach/person.html",
        record=record,
        name=person_name(record),
        form=wrong,
        pause_form=pause_form,
        elsewhere_form=elsewhere_form or ElsewhereForm(formdata=None),
        reach_form=reach_form,
        versions=versions,
        may_take_on=record.owner_account_id is None and the_viewer().has(Right.COACH),
        is_paused=record.profile.is_paused(today()),
        commitments=candidates.list_commitments(current_session(), the_viewer(), record.id),
        cards=[_answers(card, record) for card in CARDS],
    )


def _answers(card: str, record: CandidateRecord) -> CardAnswers:
    questions = [q for q in questions_of(card) if not isinstance(q, MoneyQuestion)]
    rows = tuple((q.title, q.say(getattr(record.profile, q.name))) for q in questions)
    return CardAnswers(card, card_title(card), rows)


def _contact_words() -> dict[str, str]:
    return {
        ContactKind.CALL.value: _("Bellen"),
        ContactKind.SMS.value: _("Sms"),
        ContactKind.MAIL.value: _("E-mail"),
        ContactKind.LETTER.value: _("Brief"),
        ContactKind.VIA_COACH.value: _("Via mijn coach"),
    }


def _reach_form(record: CandidateRecord | None = None) -> ReachForm:
    if record is None:
        form = ReachForm()
    else:
        form = ReachForm(formdata=None, data=_reach_values(record))
        form.version.data = str(record.version)
    form.contact_kind.choices = [SelectChoice(*pair) for pair in _contact_words().items()]
    return form


def _reach_values(record: CandidateRecord) -> dict[str, str | None]:
    return {
        "first_name": record.first_name,
        "contact_kind": None if record.contact_kind is None else record.contact_kind.value,
        "contact_value": record.contact_value,
    }


def _said(name: str, value: str | None) -> str:
    if name == "contact_kind" and value:
        return _contact_words()[value]
    return value or ""
