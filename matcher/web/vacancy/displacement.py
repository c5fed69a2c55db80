"""The displacement questions as a form, for the firm and for whoever fills them in on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, ValidationError
from wtforms.fields import SelectChoice

from matcher.domain.displacement import Question
from matcher.http.clock import today
from matcher.http.language import current_language, day_with_weekday
from matcher.http.translate import gettext as _
from matcher.models.states import CheckMoment, CheckState
from matcher.reference.displacement import answer_text, question_text, source_of
from matcher.repositories.displacement import CheckRecord
from matcher.services.displacement import REASON_MAXIMUM
from matcher.web.forms import CHOOSE_ONE, MatcherForm, longest
from matcher.web.free_text import FreeTextField

_REASON = "reason_"


@dataclass(frozen=True, slots=True)
class FlaggedAnswer:
    """One answer that somebody has to look at, in words."""

    question: str
    reason: str


class DisplacementForm(MatcherForm):
    """Every question is answered; a flagged answer says in a sentence what happened."""

    questions: tuple[Question, ...] = ()
    may_stay_open = False
    """Whether all of it may be left to the firm, for whoever fills in its request."""

    @property
    def pairs(self) -> list[tuple[Field, Field, str]]:
        """Each question with its reason and the answer that asks for one."""
        return [
            (self[each.code], self[_REASON + each.code], next(iter(each.flagged)))
            for each in self.questions
        ]

    @property
    def is_left_open(self) -> bool:
        """Whether nothing was answered at all."""
        return not any(self[each.code].data for each in self.questions)

    def answers(self, questions: Sequence[Question] | None = None) -> dict[str, str]:
        """The answers to `questions`, by default to all; only what was answered."""
        asked = self.questions if questions is None else questions
        return {each.code: self[each.code].data for each in asked if self[each.code].data}

    def reasons(self) -> dict[str, str | None]:
        """What was written, by question."""
        return {each.code: self[_REASON + each.code].data for each in self.questions}


class _Answered:
    """An answer has to be chosen, unless everything is left to the firm."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data and not (form.may_stay_open and form.is_left_open):
            field.errors[:] = []
            raise ValidationError(_("Kies een antwoord"))


class _Explained:
    """A flagged answer takes a sentence."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def __call__(self, form: Any, field: Field) -> None:
        if form[self.question.code].data in self.question.flagged and not field.data:
            raise ValidationError(_("Vertel in één zin hoe het zit. Noem geen namen."))


def displacement_form(
    questions: Sequence[Question],
    *,
    moment: CheckMoment = CheckMoment.BEFORE,
    may_stay_open: bool = False,
    earlier: CheckRecord | None = None,
    **options: Any,
) -> DisplacementForm:
    """The form for these questions, filled in with an earlier check."""
    language = current_language()
    fields: dict[str, Any] = {"questions": tuple(questions), "may_stay_open": may_stay_open}
    text = "ask" if moment is CheckMoment.BEFORE else "again"
    for each in questions:
        fields[each.code] = RadioField(
            question_text(each.code, text, language),
            [_Answered()],
            description=question_text(each.code, "hint", language),
            choices=[
                SelectChoice(answer, answer_text(answer, language)) for answer in each.answers
            ],
            validate_choice=False,
            invalid_choice_message=CHOOSE_ONE,
        )
        fields[_REASON + each.code] = FreeTextField(
            _l("Hoe zit dat?"), [_Explained(each), longest(REASON_MAXIMUM)]
        )
    data = {}
    if earlier is not None:
        data = {**earlier.answers}
        data.update({_REASON + code: reason for code, reason in earlier.reasons.items()})
    made: DisplacementForm = type("AskedDisplacementForm", (DisplacementForm,), fields)(
        data=data, **options
    )
    return made


def flagged_words(check: CheckRecord) -> list[FlaggedAnswer]:
    """What somebody has to look at, in the order in which it was asked."""
    language = current_language()
    return [
        FlaggedAnswer(question_text(code, "short", language), str(check.reasons.get(code, "")))
        for code in check.flags
    ]


@dataclass(frozen=True, slots=True)
class CheckWords:
    """How far a check is, as a firm reads it; `is_due` when it is time to answer."""

    state: CheckState
    due: str
    is_due: bool
    why: str


def check_words(check: CheckRecord | None) -> CheckWords | None:
    """A check in words; None where nothing was asked."""
    if check is None:
        return None
    return CheckWords(
        check.state,
        "" if check.due_on is None else day_with_weekday(check.due_on),
        check.due_on is not None and check.due_on <= today(),
        check.why or "",
    )


def source_lines(questions: Sequence[Question]) -> list[tuple[str, str]]:
    """What each question rests on: the question in short, and its source."""
    language = current_language()
    return [
        (question_text(each.code, "short", language), source_of(each.code, language))
        for each in questions
    ]
