"""One request of a candidate: apply it, do it, or say why not."""

from __future__ import annotations

from functools import cache

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from matcher.domain.errors import Conflict, InvalidInput, NotFound, Problem, Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.models.states import OwnRequestState
from matcher.repositories.own_say import OwnRequestRecord
from matcher.repositories.records import CandidateRecord
from matcher.services import own_requests
from matcher.services.calendar import day_of
from matcher.services.rule_versions import rules_on
from matcher.services.visibility import Kind, writable_fields
from matcher.web.coach.answers import changed_values, check_together, dated, question_form
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.cards import CARDS, questions_of
from matcher.web.coach.own_say import asked_words, state_words
from matcher.web.coach.people import person_name
from matcher.web.coach.question import Question
from matcher.web.coach.seen import the_candidate
from matcher.web.forms import MatcherForm, longest
from matcher.web.free_text import LinesField
from matcher.web.navigation import belongs_to

PAGE = "/kandidaten/<int:candidate_id>/vragen/<int:request_id>"
_ANSWER = "answer_text"


def _answer_field() -> LinesField:
    return LinesField(_l("Uw antwoord aan de kandidaat"), [longest(500)], render_kw={"rows": "3"})


@blueprint.get(PAGE)
@coaching
@belongs_to("coach.today")
def own_request(candidate_id: int, request_id: int) -> ResponseReturnValue:
    """What was asked, with what can be done about it."""
    asked, record = _asked(candidate_id, request_id)
    return _render(asked, record, _form(asked, record, sent=False))


@blueprint.post(PAGE)
@coaching
@belongs_to("coach.today")
def answer_request(candidate_id: int, request_id: int) -> ResponseReturnValue:
    """Applies what was asked, says that it was done, or declines with a reason."""
    asked, record = _asked(candidate_id, request_id)
    form = _form(asked, record, sent=True)
    question = _question(asked)
    if not check_together(form, [] if question is None else [question]):
        return _render(asked, record, form), 400
    try:
        _carry_out(asked, record, form, question)
    except InvalidInput as error:
        for problem in error.problems:
            field = form[_ANSWER] if problem.where == "text" else None
            if field is None:
                form.add_problems([problem])
            else:
                field.errors = [_("Schrijf waarom niet. De kandidaat leest dit.")]
        return _render(asked, record, form), 400
    except (Stale, Conflict):
        flash(_("Dit is net veranderd. Kijk nog eens."), "near")
        return redirect(
            url_for("coach.own_request", candidate_id=candidate_id, request_id=request_id)
        )
    if request.form.get("outcome") == "grant":
        flash(_("Alles van deze persoon is weggehaald."))
    else:
        flash(_("Uw antwoord is opgeslagen. De kandidaat kan het lezen."))
    return redirect(url_for("coach.today"))


def _carry_out(
    asked: OwnRequestRecord, record: CandidateRecord, form: MatcherForm, question: Question | None
) -> None:
    session, viewer, text = current_session(), the_viewer(), form[_ANSWER].data
    outcome = request.form.get("outcome", "")
    if outcome == "apply" and question is not None:
        values = changed_values(form, [question], record.profile)
        rules = rules_on(session, record.profile.region, today())
        own_requests.apply_correction(
            session,
            viewer,
            asked.id,
            dated(record.profile, values, rules, today()),
            text=text,
            expected_version=asked.version,
            candidate_version=form.read_version or record.version,
            now=now(),
        )
    elif outcome == "grant":
        if "sure" not in request.form:
            raise InvalidInput([Problem("sure", _("Vink aan dat alles weg mag."))])
        own_requests.grant_deletion(
            session, viewer, asked.id, expected_version=asked.version, now=now()
        )
    else:
        own_requests.answer(
            session,
            viewer,
            asked.id,
            outcome=outcome,
            text=text,
            expected_version=asked.version,
            now=now(),
        )


def _asked(candidate_id: int, request_id: int) -> tuple[OwnRequestRecord, CandidateRecord]:
    asked = own_requests.get_request(current_session(), the_viewer(), request_id)
    if asked.candidate_id != candidate_id:
        raise NotFound("request")
    return asked, the_candidate(candidate_id)


def _question(asked: OwnRequestRecord) -> Question | None:
    """The question that a correction is about, when this viewer may answer it."""
    if asked.field is None:
        return None
    question = _questions(current_language()).get(asked.field)
    writable = writable_fields(Kind.CANDIDATE, the_viewer().rights)
    return question if question is not None and question.name in writable else None


@cache
def _questions(_language: str) -> dict[str, Question]:
    return {question.name: question for card in CARDS for question in questions_of(card)}


def _form(asked: OwnRequestRecord, record: CandidateRecord, *, sent: bool) -> MatcherForm:
    question = _question(asked)
    form = question_form(
        [] if question is None else [question],
        record.profile,
        formdata=request.form if sent else None,
        more={_ANSWER: _answer_field()},
    )
    if not sent:
        form.version.data = str(record.version)
    return form


def _render(asked: OwnRequestRecord, record: CandidateRecord, form: MatcherForm) -> str:
    return render_template(
        "coach/own_request.html",
        asked=asked,
        record=record,
        name=person_name(record),
        title=asked_words(asked.kind),
        state=state_words(asked.state),
        is_open=asked.state is OwnRequestState.OPEN,
        is_late=asked.due_on < today(),
        asked_on=day_of(asked.created_at),
        question=_question(asked),
        form=form,
        answer_field=form[_ANSWER],
    )
