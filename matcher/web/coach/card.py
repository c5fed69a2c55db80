"""The pages of the five cards, one answer at a time, and “does this still hold?”."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import InvalidInput, Stale
from matcher.domain.rules import RuleSet
from matcher.domain.vocabulary import BODY_LOADS, LOADS
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.repositories.records import CandidateRecord, DraftRecord
from matcher.services import candidates, intake
from matcher.services.rule_versions import rules_on
from matcher.web.coach.answers import (
    changed_values,
    check_together,
    dated,
    draft_answers,
    draft_formdata,
    expired_levels,
    question_form,
    typed_over,
)
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.cards import CARDS, card_states, card_title, questions_of
from matcher.web.coach.people import person_name
from matcher.web.coach.question import Question, questions_by_name
from matcher.web.coach.questions import MoneyQuestion
from matcher.web.coach.quick_start_form import RhythmQuestion
from matcher.web.coach.seen import the_candidate
from matcher.web.coach.work_questions import occupation_lines
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to

CARD_PAGE = f"/kandidaten/<int:candidate_id>/kaart/<any({', '.join(CARDS)}):card>"
_VERSION = "version"
_CONFIRM = "klopt"


@blueprint.get(CARD_PAGE)
@coaching
@belongs_to("coach.candidates")
def card(candidate_id: int, card: str) -> ResponseReturnValue:
    """A card as it was left, else as it is known."""
    questions = questions_of(card)
    record = the_candidate(candidate_id)
    draft = intake.find_draft(current_session(), the_viewer(), candidate_id, card)
    form = question_form(
        questions,
        record.profile,
        formdata=None if draft is None else draft_formdata(draft.answers),
    )
    if draft is None:
        form.version.data = str(record.version)
    return _render(record, card, questions, form, has_draft=draft is not None)


@blueprint.post(CARD_PAGE)
@coaching
@belongs_to("coach.candidates")
def save_card(candidate_id: int, card: str) -> ResponseReturnValue:
    """Keeps what was typed; then makes it part of the profile, or leaves it for later."""
    questions = questions_of(card)
    record = the_candidate(candidate_id)
    if request.form.get("go") == "discard":
        draft = intake.find_draft(current_session(), the_viewer(), candidate_id, card)
        if draft is not None:
            intake.discard_draft(current_session(), the_viewer(), draft.id)
        return redirect(url_for("coach.advice", candidate_id=candidate_id))
    draft = _keep(record, card, questions)
    if request.form.get("go") == "later":
        return redirect(url_for("coach.today"))
    names = _field_names(questions)
    form = question_form(
        questions, record.profile, formdata=typed_over(draft.answers, request.form, names)
    )
    if not check_together(form, questions):
        return _render(record, card, questions, form, has_draft=True), 400
    return _finish(record, draft, card, questions, form)


@blueprint.post(f"{CARD_PAGE}/concept")
@coaching
def keep_card(candidate_id: int, card: str) -> ResponseReturnValue:
    """Keeps a card's draft while somebody types."""
    questions = questions_of(card)
    record = the_candidate(candidate_id)
    draft = _keep(record, card, questions)
    return {"draft": draft.id, "address": url_for(".save_card", candidate_id=record.id, card=card)}


def _finish(
    record: CandidateRecord,
    draft: DraftRecord,
    card: str,
    questions: list[Question],
    form: MatcherForm,
) -> ResponseReturnValue:
    rules = _rules(record)
    confirmed = [name for name in request.form.getlist(_CONFIRM) if name in _expired(record)]
    values = dated(
        record.profile,
        changed_values(form, questions, record.profile),
        rules,
        today(),
        confirmed=confirmed,
    )
    try:
        intake.finish_draft(
            current_session(),
            the_viewer(),
            draft.id,
            values,
            expected_version=form.read_version,
            now=now(),
        )
    except Stale as stale:
        latest = the_candidate(record.id)
        rows = both_versions(form, questions, latest.profile)
        form.version.data = str(stale.current)
        page = _render(latest, card, questions, form, has_draft=True, versions=rows)
        return page, 412
    except InvalidInput as error:
        form.add_problems(error.problems)
        return _render(record, card, questions, form, has_draft=True), 400
    flash(_("Kaart ‘%(card)s’ is opgeslagen.", card=card_title(card)))
    return redirect(url_for("coach.advice", candidate_id=record.id))


def card_sections(questions: list[Question]) -> list[tuple[str | None, list[Question]]]:
    """The questions as they stand on the page: loads together, money left to its own fold."""
    sections: list[tuple[str | None, list[Question]]] = []
    for question in questions:
        if isinstance(question, MoneyQuestion):
            continue
        title = None
        if question.name in LOADS:
            title = label_of("dimensions", "body" if question.name in BODY_LOADS else "head")
        if title is not None and sections and sections[-1][0] == title:
            sections[-1][1].append(question)
        else:
            sections.append((title, [question]))
    return sections


def both_versions(
    form: MatcherForm, questions: list[Question], latest: CandidateProfile
) -> list[dict[str, str]]:
    """What was typed beside what stands there now, question by question, in words."""
    rows = []
    for question in questions:
        if question.is_changed(form, latest):
            value = question.read(form, latest).get(question.name)
            rows.append(
                {
                    "label": question.title,
                    "mine": question.say(value),
                    "theirs": question.say(getattr(latest, question.name)),
                }
            )
    return rows


def _keep(record: CandidateRecord, card: str, questions: list[Question]) -> DraftRecord:
    answers = draft_answers(request.form, [*_field_names(questions), _VERSION])
    return intake.save_draft(
        current_session(),
        the_viewer(),
        card=card,
        answers=answers,
        candidate_id=record.id,
        now=now(),
    )


def _render(
    record: CandidateRecord,
    card: str,
    questions: list[Question],
    form: MatcherForm,
    *,
    has_draft: bool,
    versions: list[dict[str, str]] | None = None,
) -> str:
    rules = _rules(record)
    states = {state.code: state for state in card_states(record.profile, rules, today())}
    asked = {question.name for question in questions}
    return render_template(
        "coach/card.html",
        record=record,
        name=person_name(record),
        card=states[card],
        sections=card_sections(questions),
        money=next((q for q in questions if isinstance(q, MoneyQuestion)), None),
        form=form,
        has_draft=has_draft,
        versions=versions,
        expired=[item for item in expired_items(record) if item["field"] not in asked],
        occupations=occupation_lines() if card == "work" else (),
    )


def _field_names(questions: list[Question]) -> list[str]:
    return [name for question in questions for name in question.field_names]


def _rules(record: CandidateRecord) -> RuleSet:
    return rules_on(current_session(), record.profile.region, today())


def _expired(record: CandidateRecord) -> tuple[str, ...]:
    return expired_levels(record.profile, _rules(record), today())


def expired_items(record: CandidateRecord) -> list[dict[str, str]]:
    """Levels that became too old: what was said, and the card where it can be said anew.

    Money is left out: it is said again on its own card, in its fold.
    """
    items = []
    for name in _expired(record):
        if name == "money":
            continue
        question, card = asked_on(name)
        items.append(
            {
                "field": name,
                "label": question.title,
                "said": question.say(record.profile.level(name)),
                "card": card,
            }
        )
    return items


def asked_on(field: str) -> tuple[Question, str]:
    """The question about a field of the profile, and the card that asks it."""
    for card in CARDS:
        found = questions_by_name(questions_of(card)).get(field)
        if found is not None:
            return found, card
    raise KeyError(field)


@blueprint.post("/kandidaten/<int:candidate_id>/klopt-nog")
@coaching
@belongs_to("coach.candidates")
def confirm_levels(candidate_id: int) -> ResponseReturnValue:
    """One tap: what became too old still holds, all of it or what was ticked.

    What was not ticked becomes unknown: a profile has one day for all its levels.
    """
    record = the_candidate(candidate_id)
    shown = [item["field"] for item in expired_items(record)]
    told = request.form.getlist(_CONFIRM)
    confirmed = [name for name in shown if name in told or "alles" in told]
    kept = {name: record.profile.level(name) for name in confirmed}
    unknown = dict.fromkeys(name for name in shown if name not in confirmed)
    values = dated(record.profile, kept, _rules(record), today(), confirmed=confirmed)
    return _change_and_return(candidate_id, {**unknown, **values})


@blueprint.post("/kandidaten/<int:candidate_id>/antwoord/<string:field>")
@coaching
@belongs_to("coach.candidates")
def answer(candidate_id: int, field: str) -> ResponseReturnValue:
    """One answer to a question of the advice page, with one tap."""
    record = the_candidate(candidate_id)
    question = one_tap_question(field)
    if question is None:
        abort(404)
    typed = MultiDict([(field, text) for text in request.form.getlist("antwoord")])
    form = question_form([question], record.profile, formdata=typed)
    if not check_together(form, [question]) or form[field].data is None:
        flash(_("Kies een van de antwoorden die hier staan."), "near")
        return redirect(url_for("coach.advice", candidate_id=candidate_id, _anchor="vragen"))
    values = dated(record.profile, question.read(form), _rules(record), today())
    if any(item["field"] in values and item["field"] != field for item in expired_items(record)):
        flash(_("Kijk eerst of de oude antwoorden hieronder nog kloppen."), "near")
        return redirect(url_for("coach.advice", candidate_id=candidate_id))
    try:
        return _change_and_return(candidate_id, values)
    except InvalidInput:
        flash(_("Dit past niet bij een ander antwoord op deze kaart. Kijk ze samen na."), "near")
        _question, card = asked_on(field)
        return redirect(url_for("coach.card", candidate_id=candidate_id, card=card))


def _change_and_return(candidate_id: int, values: dict[str, Any]) -> ResponseReturnValue:
    """Writes `values` over the version that was shown, and goes back to the advice."""
    version = request.form.get(_VERSION, "")
    try:
        if values:
            candidates.update_candidate(
                current_session(),
                the_viewer(),
                candidate_id,
                values,
                expected_version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                now=now(),
            )
    except Stale:
        flash(_("Iemand anders heeft dit net gewijzigd. Kijk nog eens en tik opnieuw."), "near")
    return redirect(url_for("coach.advice", candidate_id=candidate_id))


def one_tap_question(field: str) -> Question | None:
    """The question about `field` when one tile answers it, else None."""
    if field == "rhythm":
        return RhythmQuestion()
    if field == "money":
        return None
    try:
        question, _card = asked_on(field)
    except KeyError:
        return None
    return question if question.kind in ("tiles", "wide", "four") else None
