"""What candidates change themselves, at once: wishes, the goal, how to be reached, a pause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.errors import InvalidInput, Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.repositories.records import CandidateRecord
from matcher.services import own_file
from matcher.web.candidate.blueprint import blueprint, own
from matcher.web.candidate.values import contact_words, field_words
from matcher.web.coach.answers import check_together, question_form
from matcher.web.coach.fields import UNKNOWN, OneTileField
from matcher.web.coach.question import Question
from matcher.web.coach.work_questions import NeverQuestion, WishesQuestion
from matcher.web.codes import choices_of
from matcher.web.forms import DayField, MatcherForm, Required, TextField, changed_fields, longest
from matcher.web.free_text import LinesField
from matcher.web.navigation import belongs_to

REACHING = ("first_name", "contact_kind", "contact_value")
_OWN_WISHES = ("wants_start", "goal")
Values = Mapping[str, Any]


class PauseForm(MatcherForm):
    """Away until a day; why is never asked."""

    paused_until = DayField(
        _l("Vanaf welke dag bent u er weer?"), [Required(_l("Vul de dag in dat u er weer bent"))]
    )


class ReachForm(MatcherForm):
    """How somebody is called, and how to reach them."""

    first_name = TextField(_l("Voornaam"), [longest(60)])
    contact_kind = OneTileField(_l("Hoe wilt u bereikt worden?"))
    contact_value = TextField(_l("Telefoonnummer of adres daarvoor"), [longest(120)])


def _record() -> CandidateRecord:
    return own_file.own_record(current_session(), the_viewer())


def _save(record: CandidateRecord, form: MatcherForm, values: Values) -> None:
    version = form.read_version or record.version
    own_file.update_own_file(
        current_session(), the_viewer(), values, expected_version=version, now=now()
    )


# --- wishes ---------------------------------------------------------------------------------------
def _wish_questions() -> list[Question]:
    return [WishesQuestion(), NeverQuestion()]


def _wishes_form(record: CandidateRecord, *, sent: bool) -> MatcherForm:
    starts = [*choices_of("wants_start"), SelectChoice(UNKNOWN, _("Daar zeg ik niets over"))]
    more = {
        "wants_start": OneTileField(
            _("Wanneer wilt u beginnen?"), starts, default=record.profile.wants_start
        ),
        "goal": LinesField(
            _("Wat wilt u bereiken?"), [longest(200)], default=record.goal, render_kw={"rows": "3"}
        ),
    }
    form = question_form(
        _wish_questions(),
        record.profile,
        formdata=request.form if sent else None,
        more=more,
    )
    if not sent:
        form.version.data = str(record.version)
    return form


def _wish_values(form: MatcherForm, record: CandidateRecord) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in _wish_questions():
        found.update(question.read(form, record.profile))
    return found | {name: form[name].data for name in _OWN_WISHES}


@blueprint.get("/wensen")
@own
@belongs_to("candidate.known")
def wishes() -> ResponseReturnValue:
    """Wanted work, work never wanted, when to start, and the goal."""
    return _render_wishes(_wishes_form(_record(), sent=False))


@blueprint.post("/wensen")
@own
@belongs_to("candidate.known")
def save_wishes() -> ResponseReturnValue:
    """Keeps them; both versions are shown when the coach was first."""
    record = _record()
    form = _wishes_form(record, sent=True)
    if not check_together(form, _wish_questions()):
        return _render_wishes(form), 400
    values = _wish_values(form, record)
    return _saved(
        record,
        form,
        values,
        _render_wishes,
        {
            "sectors": _("Welk werk wilt u het liefst doen?"),
            "sectors_never": _("Welk werk wilt u niet doen?"),
            "wants_start": _("Wanneer wilt u beginnen?"),
            "goal": _("Wat wilt u bereiken?"),
        },
    )


def _saved(
    record: CandidateRecord,
    form: MatcherForm,
    values: dict[str, Any],
    render: Callable[..., str],
    titles: Mapping[str, str],
) -> ResponseReturnValue:
    try:
        _save(record, form, values)
    except Stale as stale:
        latest = _record().as_mapping()
        rows = [
            {"label": title, "mine": _said(name, values[name]), "theirs": _said(name, latest[name])}
            for name, title in titles.items()
            if _said(name, values[name]) != _said(name, latest[name])
        ]
        form.version.data = str(stale.current)
        return render(form, rows), 412
    except InvalidInput as error:
        form.add_problems(error.problems)
        return render(form), 400
    flash(_("Opgeslagen. Uw coach ziet dat u iets veranderde."))
    return redirect(url_for("candidate.known"))


def _said(name: str, value: Any) -> str:
    return "" if value in (None, (), frozenset()) else field_words(name, value)


def _render_wishes(form: MatcherForm, versions: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "candidate/wishes.html", form=form, versions=versions, questions=_wish_questions()
    )


# --- name and contact -----------------------------------------------------------------------------
def _reach_form(values: Values | None = None) -> ReachForm:
    form = ReachForm() if values is None else ReachForm(formdata=None, data=values)
    form.contact_kind.choices = [SelectChoice(*pair) for pair in contact_words().items()]
    return form


def _reach_values(record: CandidateRecord) -> dict[str, Any]:
    return {
        "first_name": record.first_name,
        "contact_kind": None if record.contact_kind is None else record.contact_kind.value,
        "contact_value": record.contact_value,
    }


@blueprint.get("/contact")
@own
@belongs_to("candidate.known")
def contact() -> ResponseReturnValue:
    """How somebody is called and reached."""
    record = _record()
    form = _reach_form(_reach_values(record))
    form.version.data = str(record.version)
    return _render_contact(form)


@blueprint.post("/contact")
@own
@belongs_to("candidate.known")
def save_contact() -> ResponseReturnValue:
    """Keeps it; both versions are shown when the coach was first."""
    record, form = _record(), _reach_form()
    if not form.validate():
        return _render_contact(form), 400
    typed = {name: form[name].data for name in REACHING}
    try:
        _save(record, form, typed)
    except Stale as stale:
        rows = changed_fields(form, typed, _reach_values(_record()), REACHING, _said)
        form.version.data = str(stale.current)
        return _render_contact(form, rows), 412
    except InvalidInput as error:
        form.add_problems(error.problems)
        return _render_contact(form), 400
    flash(_("Opgeslagen. Uw coach ziet dat u iets veranderde."))
    return redirect(url_for("candidate.known"))


def _render_contact(form: MatcherForm, versions: list[dict[str, str]] | None = None) -> str:
    return render_template("candidate/contact.html", form=form, versions=versions)


# --- pause ----------------------------------------------------------------------------------------
@blueprint.get("/pauze")
@own
@belongs_to("candidate.home")
def pause() -> ResponseReturnValue:
    """A pause: a date, never a reason."""
    return _render_pause(PauseForm(formdata=None))


@blueprint.post("/pauze")
@own
@belongs_to("candidate.home")
def save_pause() -> ResponseReturnValue:
    """Pauses until a day, or ends the pause."""
    record, form = _record(), PauseForm()
    ends = "stop" in request.form
    if not ends and not form.validate():
        return _render_pause(form), 400
    until = None if ends else form.paused_until.data
    if until is not None and until <= today():
        form.paused_until.errors = [_("Kies een dag na vandaag.")]
        return _render_pause(form), 400
    # A pause is a wish of the moment: whatever else changed in the file, it holds.
    own_file.update_own_file(
        current_session(),
        the_viewer(),
        {"paused_until": until},
        expected_version=record.version,
        now=now(),
    )
    flash(_("U hebt pauze tot %(day)s.", day=day(until)) if until else _("De pauze is gestopt."))
    return redirect(url_for("candidate.home"))


def _render_pause(form: PauseForm) -> str:
    record = _record()
    is_paused = record.profile.is_paused(today())
    return render_template("candidate/pause.html", form=form, record=record, is_paused=is_paused)
