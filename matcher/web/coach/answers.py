"""From a form of questions to what is written in a profile, and back to a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from matcher.domain.candidate import CandidateProfile, without_expired
from matcher.domain.rules import RuleSet
from matcher.domain.vocabulary import LEVELS, LOADS
from matcher.files.free_text import never_saved
from matcher.services.checks import phone_number
from matcher.web.coach.question import Question
from matcher.web.forms import MatcherForm

LONGEST_ANSWER = 500
"""Characters of one answer that a draft keeps: no field of a form takes more."""
MOST_CHOICES = 60


def question_form(
    questions: Sequence[Question],
    profile: CandidateProfile | None = None,
    *,
    formdata: MultiDict[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> MatcherForm:
    """A form of `questions`: as typed in `formdata`, else as known in `profile`.

    `more` are fields that no question makes, before the others.
    """
    fields: dict[str, Any] = dict(more or {})
    filled: dict[str, Any] = {}
    for question in questions:
        fields.update(question.fields(profile))
        if profile is not None:
            filled.update(question.fill(profile))
    made = type("AnswersForm", (MatcherForm,), fields)
    return made(formdata=formdata, data=filled)  # type: ignore[no-any-return]  # made above


def check_together(form: MatcherForm, questions: Iterable[Question]) -> bool:
    """Whether all fields are right, alone and together; errors stand at their fields."""
    fine = bool(form.validate())
    for question in questions:
        if not any(form[name].errors for name in question.field_names):
            for name, message in question.problems(form).items():
                form[name].errors = [message]
    return fine and not any(field.errors for field in form)


def changed_values(
    form: MatcherForm, questions: Iterable[Question], profile: CandidateProfile
) -> dict[str, Any]:
    """Profile values of the questions whose answer somebody changed, and of no other."""
    found: dict[str, Any] = {}
    for question in questions:
        if question.is_changed(form, profile):
            found.update(question.read(form, profile))
    return found


def draft_answers(formdata: MultiDict[str, str], names: Iterable[str]) -> dict[str, Any]:
    """What was typed in the fields `names`, for a draft: text of bounded length.

    Text with a citizen service or bank account number is left out: the page shows it with its
    error, and it is kept nowhere.
    """
    found: dict[str, Any] = {}
    for name in names:
        texts = [text[:LONGEST_ANSWER] for text in formdata.getlist(name)[:MOST_CHOICES]]
        if texts and not any(never_saved(text) and not phone_number(text) for text in texts):
            found[name] = texts[0] if len(texts) == 1 else texts
    return found


def draft_formdata(answers: Mapping[str, Any]) -> MultiDict[str, str]:
    """A draft as a form takes it."""
    return MultiDict(
        [(name, str(text)) for name, texts in answers.items() for text in _as_list(texts)]
    )


def _as_list(texts: Any) -> Sequence[Any]:
    return texts if isinstance(texts, list | tuple) else [texts]


def typed_over(
    answers: Mapping[str, Any], formdata: MultiDict[str, str], names: Iterable[str]
) -> MultiDict[str, str]:
    """What a form shows again: what was typed, over what a draft held of its other pages."""
    shown = draft_formdata(answers)
    for name in names:
        shown.setlist(name, formdata.getlist(name))
    return shown


AGEING = (*LEVELS, *LOADS)
"""What can become too old to count; everything else stays until it is changed."""


def expired_levels(profile: CandidateProfile, rules: RuleSet, on: date) -> tuple[str, ...]:
    """Names of the levels that are known but too old to count on `on`."""
    current = without_expired(profile, rules.shelf_life_weeks, on)
    return tuple(
        name for name in AGEING if profile.level(name) is not None and current.level(name) is None
    )


def dated(
    profile: CandidateProfile,
    values: Mapping[str, Any],
    rules: RuleSet,
    on: date,
    *,
    confirmed: Iterable[str] = (),
) -> dict[str, Any]:
    """`values` with the day of observation that keeps every level honest.

    A profile has one day for all its levels. The day stays while a new answer would still count
    for at least half its shelf life, so that the others do not look newer than they are. Otherwise
    it moves to `on`: what was too old and is not `confirmed` then becomes unknown, as it counted
    already, and what still counted does so from `on` again.
    """
    found = dict(values)
    confirmed = tuple(confirmed)
    levels = [name for name in AGEING if found.get(name) is not None] + list(confirmed)
    if not levels:
        return found
    if profile.observed_on is not None and not confirmed:
        age = on - profile.observed_on
        weeks = min(_shelf_life(name, rules) for name in levels)
        if timedelta(0) <= age <= timedelta(weeks=weeks) / 2:
            return found
    for name in expired_levels(profile, rules, on):
        if name not in confirmed:
            found.setdefault(name, None)
    found["observed_on"] = on
    return found


def _shelf_life(name: str, rules: RuleSet) -> int:
    return rules.shelf_life_weeks["loads" if name in LOADS else name]
