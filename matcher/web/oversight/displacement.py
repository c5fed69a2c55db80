"""What firms answered about displacement and somebody has to look at: soonest due first."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day_with_weekday
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import CheckMoment
from matcher.repositories.displacement import CheckRecord
from matcher.services import displacement as service
from matcher.services.visibility import Kind, show
from matcher.web.forms import MatcherForm, Required, longest
from matcher.web.free_text import FreeTextField
from matcher.web.navigation import belongs_to
from matcher.web.oversight.blueprint import HOME, blueprint
from matcher.web.vacancy.displacement import flagged_words

_INBOX = "oversight.displacement"
APPROVE, HOLD = "approve", "hold"


class VerdictForm(MatcherForm):
    """What the firm is told."""

    why = FreeTextField(
        _l("Wat zegt u tegen het bedrijf?"),
        [
            Required(_l("Vul in waarom. Het bedrijf leest dit.")),
            longest(service.REASON_MAXIMUM),
        ],
    )


@blueprint.get("/toezicht/verdringing")
@requires(Right.OFFICER)
@belongs_to(HOME)
def displacement() -> Any:
    """Everything that waits for an officer of the region."""
    return _page()


@blueprint.post("/toezicht/verdringing/<int:check_id>")
@requires(Right.OFFICER)
@belongs_to(HOME)
def decide_displacement(check_id: int) -> Any:
    """The firm may open the place, or not as it stands; the firm reads why."""
    form = VerdictForm()
    verdict = request.form.get("verdict")
    if verdict not in (APPROVE, HOLD):
        abort(400)
    if not form.validate():
        return _page(check_id, form)
    try:
        service.decide_check(
            current_session(),
            the_viewer(),
            check_id,
            approve=verdict == APPROVE,
            why=form.why.data,
            expected_version=form.read_version,
            now=now(),
        )
        flash(_("Opgeslagen. Het bedrijf ziet uw antwoord."))
    except InvalidInput as error:
        form.add_problems(error.problems)
        return _page(check_id, form)
    except (Conflict, Stale):
        flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
    return redirect(url_for(_INBOX), 303)


def _page(check_id: int | None = None, refused: VerdictForm | None = None) -> Any:
    found = service.to_look_at(current_session(), the_viewer())
    lines = [_line(each, refused if each.id == check_id else None) for each in found]
    page = render_template("oversight/displacement.html", lines=lines, refused=refused)
    return page, 200 if refused is None else 400


def _line(check: CheckRecord, refused: VerdictForm | None) -> dict[str, Any]:
    shown = show(Kind.DISPLACEMENT_CHECK, check.as_mapping(), the_viewer().rights)
    form = refused or VerdictForm(formdata=None, data={"version": str(check.version)})
    form.why.id = f"why-{check.id}"
    form.why.label.field_id = form.why.id
    due = shown["due_on"]
    return {
        **shown,
        "form": form,
        "flagged": flagged_words(check),
        "looks_back": check.moment is CheckMoment.AFTER,
        "due_words": "" if due is None else day_with_weekday(due),
        "is_late": due is not None and due < today(),
    }
