"""The pages of the quick start: all on one page, or one page a question."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict

from matcher.domain.errors import Conflict, InvalidInput, NotFound
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.repositories.records import DraftRecord
from matcher.services import intake
from matcher.web.coach.answers import draft_answers, draft_formdata, typed_over
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.quick_start_form import (
    FIELD_NAMES,
    PAGES,
    QUESTION_COUNT,
    check_quick_start,
    quick_start_form,
    quick_start_values,
)
from matcher.web.navigation import belongs_to

CARD = "quick_start"
"""What a draft of the quick start is called among the drafts."""
_FINISHED = "finished_quick_starts"
_FINISHED_KEPT = 10


@blueprint.get("/snelle-start")
@coaching
@belongs_to("coach.today")
def quick_start() -> Any:
    """An empty quick start; nothing is kept until something is typed."""
    return _page(None, None)


@blueprint.get("/snelle-start/<int:draft_id>")
@coaching
@belongs_to("coach.today")
def quick_start_draft(draft_id: int) -> Any:
    """A quick start where it was left; one that was finished leads to its advice."""
    finished = _finished(draft_id)
    if finished is not None:
        return _already_finished(finished)
    draft = intake.get_draft(current_session(), the_viewer(), draft_id)
    if draft.card != CARD:
        raise NotFound("draft")
    return _page(draft_id, draft_formdata(draft.answers))


@blueprint.post("/snelle-start")
@coaching
@once_only
@belongs_to("coach.today")
def save_new_quick_start() -> Any:
    """Keeps what was typed as a draft, then goes on as asked."""
    return _save(None)


@blueprint.post("/snelle-start/<int:draft_id>")
@coaching
@belongs_to("coach.today")
def save_quick_start(draft_id: int) -> Any:
    """Keeps what was typed in the draft, then goes on as asked."""
    finished = _finished(draft_id)
    if finished is not None:
        return _already_finished(finished)
    return _save(draft_id)


@blueprint.post("/snelle-start/concept")
@coaching
def keep_quick_start() -> Any:
    """Keeps a draft while somebody types; the answer names it, so that the next call finds it."""
    number = request.form.get("draft", "")
    draft_id = int(number) if number.isdecimal() and len(number) < 10 else None
    draft, _typed = _keep(draft_id)
    return {"draft": draft.id, "address": url_for("coach.save_quick_start", draft_id=draft.id)}


def _keep(draft_id: int | None) -> tuple[DraftRecord, MultiDict[str, str]]:
    """The draft with the fields of this page in place, and all that the form shows again."""
    earlier: dict[str, Any] = {}
    if draft_id is not None:
        draft = intake.get_draft(current_session(), the_viewer(), draft_id)
        if draft.card != CARD:
            raise NotFound("draft")
        earlier.update(draft.answers)
    told = request.form.get("shown", "").split()
    shown = [name for name in FIELD_NAMES if not told or name in told]
    answers = {name: value for name, value in earlier.items() if name not in shown}
    answers.update(draft_answers(request.form, shown))
    kept = intake.save_draft(
        current_session(),
        the_viewer(),
        card=CARD,
        answers=answers,
        draft_id=draft_id,
        now=now(),
    )
    return kept, typed_over(answers, request.form, shown)


def _save(draft_id: int | None) -> Any:
    draft, typed = _keep(draft_id)
    go = request.form.get("go", "finish")
    if go == "later":
        return redirect(url_for("coach.today"))
    step = _step(request.form.get("stap"))
    if step is not None and go in ("next", "back"):
        return _turn(draft.id, typed, step, 1 if go == "next" else -1)
    form = quick_start_form(typed)
    if check_quick_start(form):
        try:
            record = intake.finish_draft(
                current_session(),
                the_viewer(),
                draft.id,
                quick_start_values(form, today()),
                now=now(),
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        except Conflict:
            form["reference"].errors = [
                _("Dit kenmerk is al in gebruik. Kies een ander kenmerk of laat het leeg.")
            ]
        else:
            _remember(draft.id, record.id)
            return redirect(url_for("coach.advice", candidate_id=record.id))
    return _render(draft.id, form, _page_with_error(form) if step is not None else None), 400


def _turn(draft_id: int, typed: MultiDict[str, str], step: int, by: int) -> Any:
    """The next page or the one before, unless an answer of this page cannot be read."""
    form = quick_start_form(typed)
    if by > 0:
        check_quick_start(form)
        form.form_errors.clear()
        for name in FIELD_NAMES:
            if name not in PAGES[step - 1][1]:
                form[name].errors = ()
        if any(form[name].errors for name in PAGES[step - 1][1]):
            return _render(draft_id, form, step), 400
    there = min(max(step + by, 1), len(PAGES))
    address = url_for("coach.quick_start_draft", draft_id=draft_id, een=1, stap=there)
    return redirect(address)


def _page(draft_id: int | None, answers: MultiDict[str, str] | None) -> Any:
    step = None
    if request.args.get("een") == "1":
        step = _step(request.args.get("stap")) or 1
    return _render(draft_id, quick_start_form(answers), step)


def _render(draft_id: int | None, form: Any, step: int | None) -> str:
    """All questions on one page, or those of page `step` (counted from 1)."""
    action = (
        url_for("coach.save_new_quick_start")
        if draft_id is None
        else url_for("coach.save_quick_start", draft_id=draft_id)
    )
    return render_template(
        "coach/quick_start.html",
        form=form,
        action=action,
        draft_id=draft_id,
        step=step,
        page_names=[name for name, _fields in PAGES],
        last=step == len(PAGES),
        shown=" ".join(FIELD_NAMES if step is None else PAGES[step - 1][1]),
        progress=_progress(step),
    )


def _progress(step: int | None) -> str | None:
    if step is None or step == 1:
        return None
    return _("Vraag %(number)s van %(total)s", number=step - 1, total=QUESTION_COUNT)


def _step(text: str | None) -> int | None:
    if text is None or not text.isdecimal() or len(text) > 2:
        return None
    return min(max(int(text), 1), len(PAGES))


def _page_with_error(form: Any) -> int:
    """The first page with an error; the last when the error belongs to none."""
    for number, (_name, names) in enumerate(PAGES, start=1):
        if any(form[name].errors for name in names):
            return number
    return len(PAGES)


def _finished(draft_id: int) -> int | None:
    """The candidate that a draft of this session became; None while it is a draft."""
    finished: dict[str, int] = session.get(_FINISHED, {})
    return finished.get(str(draft_id))


def _already_finished(candidate_id: int) -> Any:
    """A once-only action says so instead of repeating itself."""
    flash(
        _("Deze snelle start was al af. Hier staat het advies. Antwoorden wijzigt u op de kaarten.")
    )
    return redirect(url_for("coach.advice", candidate_id=candidate_id))


def _remember(draft_id: int, candidate_id: int) -> None:
    finished = dict(session.get(_FINISHED, {}))
    finished[str(draft_id)] = candidate_id
    session[_FINISHED] = dict(list(finished.items())[-_FINISHED_KEPT:])
