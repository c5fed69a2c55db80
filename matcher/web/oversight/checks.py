"""What firms declared and was drawn: what to look at, what was found, and the second officer."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from matcher.domain.access import Right
from matcher.domain.declaring import correctable
from matcher.domain.drawing import AGAINST, LOTS, CheckVerdict, SampleState
from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.files.columns_contract import CENTS_MAXIMUM, WEEK_HOURS_MAXIMUM
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day_with_weekday
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.repositories.declarations import DeclarationRecord
from matcher.services import contribution_checks as service
from matcher.services.declaration_rows import declaration_shown
from matcher.web.codes import label_of
from matcher.web.forms import CHOOSE_ONE, DayField, MatcherForm, Required, longest
from matcher.web.free_text import FreeTextField
from matcher.web.navigation import belongs_to
from matcher.web.oversight.blueprint import HOME, blueprint
from matcher.web.social_return.declared_words import (
    check_line,
    field_words,
    to_show,
    value_words,
    verdict_words,
    what_words,
)
from matcher.web.social_return.fields import AmountField, NumberField

_INBOX = "oversight.checks"
_ACTIVITY_HOURS_MAXIMUM = 100_000


class VerdictForm(MatcherForm):
    """What was found; only what is otherwise is filled in."""

    verdict = RadioField(_l("Wat vond u?"), [Required(CHOOSE_ONE)], validate_choice=False)
    start_on = DayField(_l("Begin"))
    end_on = DayField(_l("Einde"))
    hours_week = NumberField(_l("Uren per week"), maximum=WEEK_HOURS_MAXIMUM)
    activity_hours = NumberField(_l("Uren"), maximum=_ACTIVITY_HOURS_MAXIMUM)
    invoice_cents = AmountField(_l("Betaald"), maximum=CENTS_MAXIMUM)
    why = FreeTextField(_l("Wat zegt u tegen het bedrijf?"), [longest(service.WHY_MAXIMUM)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict.choices = [
            (one.value, verdict_words()[one][1])
            for one in CheckVerdict
            if one is not CheckVerdict.WITHDRAWN
        ]

    def found(self, kind: str) -> dict[str, Any]:
        """What was found otherwise, for a declaration of `kind`."""
        if self.verdict.data != CheckVerdict.CORRECTED:
            return {}
        return {name: self[name].data for name in correctable(kind)}


@blueprint.get("/toezicht/controles")
@requires(Right.OFFICER)
@belongs_to(HOME)
def checks() -> Any:
    """Everything that was drawn and is not answered, soonest due first."""
    return _page()


@blueprint.post("/toezicht/controles/<int:sample_id>")
@requires(Right.OFFICER)
@belongs_to(HOME)
def give_verdict(sample_id: int) -> Any:
    """What the first officer found."""
    session, viewer = current_session(), the_viewer()
    form = VerdictForm()
    kind = next((one.kind for one in _waiting() if _number(one) == sample_id), None)
    if form.validate() and kind is not None:
        try:
            service.give_verdict(
                session,
                viewer,
                sample_id,
                form.verdict.data or "",
                found=form.found(kind),
                why=form.why.data,
                expected_version=form.read_version,
                now=now(),
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        except (Conflict, Stale):
            flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
            return redirect(url_for(_INBOX), 303)
        else:
            flash(
                _("Opgeslagen. Een collega bevestigt het.")
                if form.verdict.data in AGAINST
                else _("Opgeslagen. Het bedrijf ziet dat het in orde is.")
            )
            return redirect(url_for(_INBOX), 303)
    return _page(sample_id, form)


@blueprint.post("/toezicht/controles/<int:sample_id>/tweede")
@requires(Right.OFFICER)
@belongs_to(HOME)
def answer_verdict(sample_id: int) -> Any:
    """The second officer confirms, and the ledger follows; or has it looked at again."""
    form = MatcherForm()
    confirms = "bevestig" in request.form
    try:
        service.answer_verdict(
            current_session(),
            the_viewer(),
            sample_id,
            confirms=confirms,
            expected_version=form.read_version,
            now=now(),
        )
    except (Conflict, Stale):
        flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
    else:
        flash(
            _("Bevestigd. Het grootboek is bijgewerkt.")
            if confirms
            else _("Afgewezen. Iemand kijkt opnieuw.")
        )
    return redirect(url_for(_INBOX), 303)


def _waiting() -> list[DeclarationRecord]:
    return service.to_look_at(current_session(), the_viewer())


def _number(one: DeclarationRecord) -> int:
    return 0 if one.check is None else one.check.id


def _page(sample_id: int | None = None, refused: VerdictForm | None = None) -> Any:
    found = _waiting()
    lines = [_line(one, refused if _number(one) == sample_id else None) for one in found]
    page = render_template(
        "oversight/checks.html", lines=lines, refused=refused, post_form=MatcherForm()
    )
    return page, 200 if refused is None else 400


def _line(one: DeclarationRecord, refused: VerdictForm | None) -> dict[str, Any]:
    viewer = the_viewer()
    shown = declaration_shown(one, viewer)
    check = shown["check"]
    form = refused or VerdictForm(formdata=None, data={"version": str(check["version"])})
    for field in form:
        if field.name not in ("csrf_token", "version", "once"):
            field.id = f"{field.name}-{check['id']}"
            field.label.field_id = field.id
    is_proposed = check["state"] == SampleState.PROPOSED
    words = check_line({**check, "state": SampleState.CLOSED}) if is_proposed else None
    due = check["due_on"]
    return {
        "id": check["id"],
        "version": check["version"],
        "contract_id": one.contract_id,
        "contractor": shown["contractor"],
        "contract": shown["contract"],
        "reference": shown["reference"],
        "kind": label_of("contribution_kinds", shown["kind"]),
        "what": what_words(shown),
        "facts": [
            (field_words()[name], value_words(name, shown[name]))
            for name in correctable(shown["kind"])
        ],
        "to_show": to_show(shown["kind"]),
        "ground": check_line(check).ground,
        "draw": _(
            "Zaad %(seed)s gaf nummer %(number)s. Onder %(rate)s wordt gekeken, van %(lots)s.",
            seed=check["seed"],
            number=check["number"],
            rate=check["rate"],
            lots=LOTS,
        ),
        "fields": [form[name] for name in correctable(shown["kind"])],
        "form": form,
        "is_refused": refused is not None,
        "proposed": words,
        "may_confirm": service.may_confirm(viewer, one),
        "due_words": "" if due is None else day_with_weekday(due),
        "is_late": due is not None and due < today(),
    }
