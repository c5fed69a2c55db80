"""What candidates ask: this is wrong, this is missing, a person please, advice by hand, delete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.errors import InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.models.base import Retention
from matcher.models.states import OwnRequestKind, OwnRequestState
from matcher.reference.own_requests import load_term
from matcher.repositories.own_say import OwnRequestRecord
from matcher.services import notes, own_file, own_requests
from matcher.services.calendar import day_of
from matcher.services.folded import FOLDED_FIELDS
from matcher.services.visibility import Kind, writable_fields
from matcher.web.candidate.blueprint import blueprint, is_fold_open, own
from matcher.web.candidate.register_words import kept_days
from matcher.web.candidate.values import GROUPS, field_title
from matcher.web.coach.fields import PickField
from matcher.web.forms import MatcherForm, Required, longest
from matcher.web.free_text import LinesField
from matcher.web.navigation import belongs_to

LONGEST = 500
DAYS_IN_A_YEAR = 365.25
FIELD_NAMES = frozenset(name for group in GROUPS.values() for name in group)


class CorrectionForm(MatcherForm):
    """What is wrong, and what it should be, in own words."""

    about = PickField(_l("Waar gaat het over?"))
    text = LinesField(
        _l("Wat klopt niet, en wat moet het zijn?"),
        [Required(_l("Schrijf in een paar woorden wat niet klopt")), longest(LONGEST)],
        render_kw={"rows": "4"},
    )


class AdditionForm(MatcherForm):
    """Something that is missing, in own words."""

    text = LinesField(
        _l("Wat wilt u toevoegen?"),
        [Required(_l("Schrijf in een paar woorden wat u wilt toevoegen")), longest(LONGEST)],
        render_kw={"rows": "4"},
    )


class WordsForm(MatcherForm):
    """A request that needs no words, but may have some."""

    text = LinesField(_l("Wilt u er iets bij zeggen?"), [longest(LONGEST)], render_kw={"rows": "3"})


class NoteForm(MatcherForm):
    """An own note, alone or next to a coach's."""

    text = LinesField(
        _l("Uw notitie"),
        [Required(_l("Schrijf in een paar woorden wat u erbij wilt zeggen")), longest(LONGEST)],
        render_kw={"rows": "3"},
    )


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request in words."""

    id: int
    title: str
    about: str
    text: str | None
    asked_on: date
    due_on: date
    state: str
    is_open: bool
    declined: bool
    answer: str | None
    answered_on: date | None


def kind_words(kind: OwnRequestKind) -> str:
    """What a request is, in the words of who asked."""
    return {
        OwnRequestKind.CORRECTION: _("Dit klopt niet"),
        OwnRequestKind.ADDITION: _("Iets toevoegen"),
        OwnRequestKind.OBJECTION: _("Advies alleen van een mens"),
        OwnRequestKind.PERSON: _("Een mens spreken"),
        OwnRequestKind.DELETION: _("Mijn gegevens weghalen"),
    }[kind]


def state_words(state: OwnRequestState) -> str:
    """How far it came."""
    return {
        OwnRequestState.OPEN: _("wacht op antwoord"),
        OwnRequestState.DONE: _("gedaan"),
        OwnRequestState.DECLINED: _("niet gedaan"),
        OwnRequestState.WITHDRAWN: _("door u teruggenomen"),
    }[state]


def request_line(record: OwnRequestRecord) -> RequestLine:
    """A request for the page; what is about money or home keeps its words in the fold."""
    is_folded = record.field in FOLDED_FIELDS and not is_fold_open()
    return RequestLine(
        id=record.id,
        title=kind_words(record.kind),
        about="" if record.field is None or is_folded else field_title(record.field),
        text=_("Staat achter uw code") if is_folded else record.text,
        asked_on=day_of(record.created_at),
        due_on=record.due_on,
        state=state_words(record.state),
        is_open=record.state is OwnRequestState.OPEN,
        declined=record.state is OwnRequestState.DECLINED,
        answer=None if is_folded else record.answer,
        answered_on=None if record.handled_at is None else day_of(record.handled_at),
    )


@blueprint.get("/vragen")
@own
def requests() -> ResponseReturnValue:
    """Everything that was asked, and what came of it."""
    record = own_file.own_record(current_session(), the_viewer())
    found = own_requests.list_requests(current_session(), the_viewer(), record.id)
    return render_template(
        "candidate/requests.html", lines=[request_line(item) for item in found], record=record
    )


@blueprint.post("/vragen/<int:request_id>/terug")
@own
@belongs_to("candidate.requests")
def withdraw(request_id: int) -> ResponseReturnValue:
    """Takes an open request back."""
    own_requests.withdraw(current_session(), the_viewer(), request_id, now=now())
    flash(_("U hebt uw vraag teruggenomen."))
    return redirect(url_for("candidate.requests"))


# --- in own words ---------------------------------------------------------------------------------
def _correction_form(about: str | None = None) -> CorrectionForm:
    form = CorrectionForm() if about is None else CorrectionForm(formdata=None, about=about)
    by_hand = writable_fields(Kind.CANDIDATE, the_viewer().rights)
    names = [name for group in GROUPS.values() for name in group if name not in by_hand]
    if is_fold_open():
        names += FOLDED_FIELDS
    known = own_file.known_fields(current_session(), the_viewer(), with_folded=True)
    choices = [SelectChoice(name, field_title(name)) for name in names if name in known]
    advice = SelectChoice("", _("Het advies, of iets anders"))
    form.about.choices = [advice, *choices]
    return form


@blueprint.get("/klopt-niet")
@own
@belongs_to("candidate.requests")
def correct() -> ResponseReturnValue:
    """A form for what is wrong."""
    return _render_correction(_correction_form(request.args.get("over", "")))


@blueprint.post("/klopt-niet")
@own
@once_only
@belongs_to("candidate.requests")
def ask_correction() -> ResponseReturnValue:
    """Asks the coach to correct it."""
    form = _correction_form()
    if form.validate() and _asked(form, "correction", field=form.about.data):
        return redirect(url_for("candidate.requests"))
    return _render_correction(form), 400


def _render_correction(form: CorrectionForm) -> str:
    return render_template("candidate/correct.html", form=form)


@blueprint.get("/toevoegen")
@own
@belongs_to("candidate.requests")
def add() -> ResponseReturnValue:
    """A form for what is missing, or for the answer to a question of the advice."""
    return _render_addition(AdditionForm(formdata=None))


@blueprint.post("/toevoegen")
@own
@once_only
@belongs_to("candidate.requests")
def ask_addition() -> ResponseReturnValue:
    """Asks the coach to add it."""
    form = AdditionForm()
    about = request.args.get("bij")
    field = about if about in FIELD_NAMES else None
    if form.validate() and _asked(form, "addition", field=field):
        return redirect(url_for("candidate.requests"))
    return _render_addition(form), 400


def _render_addition(form: AdditionForm) -> str:
    about = request.args.get("bij")
    advices = own_file.own_assessments(current_session(), the_viewer())
    asked = dict(advices[0].ask_next) if advices else {}
    return render_template("candidate/add.html", form=form, question=asked.get(about or ""))


def _asked(form: MatcherForm, kind: str, *, field: str | None = None) -> bool:
    """Whether it was asked; else the form says what is wrong."""
    try:
        asked = own_requests.ask(
            current_session(),
            the_viewer(),
            kind,
            field=field,
            text=form["text"].data,
            now=now(),
        )
    except InvalidInput as error:
        form.add_problems(error.problems)
        return False
    flash(_("Uw vraag is binnen. U krijgt antwoord, uiterlijk %(day)s.", day=day(asked.due_on)))
    return True


# --- a person -------------------------------------------------------------------------------------
@blueprint.get("/een-mens")
@own
@belongs_to("candidate.requests")
def person() -> ResponseReturnValue:
    """Talk to a person, or have advice by a person alone."""
    return _render_person(WordsForm(formdata=None))


@blueprint.post("/een-mens")
@own
@once_only
@belongs_to("candidate.requests")
def ask_person() -> ResponseReturnValue:
    """Asks for a person who looks at the advice again."""
    form = WordsForm()
    if form.validate() and _asked(form, "person"):
        return redirect(url_for("candidate.requests"))
    return _render_person(form), 400


@blueprint.post("/een-mens/alleen")
@own
@belongs_to("candidate.requests")
def only_person() -> ResponseReturnValue:
    """Objects to automated suggestions, or allows them again; either works at once."""
    session, viewer = current_session(), the_viewer()
    if "weer" in request.form:
        own_requests.allow_suggestions(session, viewer, now=now())
        flash(_("De computer mag weer voorstellen doen. Een mens beslist, zoals altijd."))
    else:
        own_requests.ask(session, viewer, "objection", now=now())
        flash(_("Dit geldt vanaf nu. De computer doet geen voorstellen meer over u."))
    return redirect(url_for("candidate.person", _anchor="alleen-een-mens"))


def _render_person(form: WordsForm) -> str:
    session, viewer = current_session(), the_viewer()
    record = own_file.own_record(session, viewer)
    days = load_term(OwnRequestKind.PERSON, today()).working_days
    return render_template("candidate/person.html", form=form, record=record, person_days=days)


# --- deletion -------------------------------------------------------------------------------------
@blueprint.get("/weghalen")
@own
@belongs_to("candidate.requests")
def deletion() -> ResponseReturnValue:
    """What goes, what stays and why, before asking."""
    return _render_deletion(WordsForm(formdata=None))


@blueprint.post("/weghalen")
@own
@once_only
@belongs_to("candidate.requests")
def ask_deletion() -> ResponseReturnValue:
    """Asks for deletion; a person does it, or says why not."""
    form = WordsForm()
    if form.validate() and _asked(form, "deletion"):
        return redirect(url_for("candidate.requests"))
    return _render_deletion(form), 400


def _render_deletion(form: WordsForm) -> str:
    days = load_term(OwnRequestKind.DELETION, today()).working_days
    log_days = kept_days(Retention.AUDIT) or 0
    return render_template(
        "candidate/deletion.html",
        form=form,
        deletion_days=days,
        log_years=round(log_days / DAYS_IN_A_YEAR),
    )


# --- notes ----------------------------------------------------------------------------------------
@blueprint.get("/notitie")
@own
@belongs_to("candidate.known")
def note() -> ResponseReturnValue:
    """A form for an own note, next to a coach's when one is named."""
    return _render_note(NoteForm(formdata=None), request.args.get("naast", type=int))


@blueprint.post("/notitie")
@own
@once_only
@belongs_to("candidate.known")
def add_note() -> ResponseReturnValue:
    """Keeps an own note."""
    form, beside = NoteForm(), request.args.get("naast", type=int)
    if form.validate():
        record = own_file.own_record(current_session(), the_viewer())
        try:
            notes.add_note(
                current_session(),
                the_viewer(),
                record.id,
                form.text.data,
                beside_id=beside,
                now=now(),
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        else:
            flash(_("Uw notitie staat erbij. Uw coach kan hem lezen."))
            return redirect(url_for("candidate.known", _anchor="notities"))
    return _render_note(form, beside), 400


def _render_note(form: NoteForm, beside: int | None) -> str:
    record = own_file.own_record(current_session(), the_viewer())
    found = notes.list_notes(current_session(), the_viewer(), record.id)
    next_to = next((item for item in found if item.id == beside), None)
    return render_template("candidate/note.html", form=form, beside=next_to)


@blueprint.post("/notitie/<int:note_id>/weg")
@own
@belongs_to("candidate.known")
def remove_note(note_id: int) -> ResponseReturnValue:
    """Takes an own note away."""
    record = own_file.own_record(current_session(), the_viewer())
    notes.remove_note(current_session(), the_viewer(), record.id, note_id)
    flash(_("Uw notitie is weg."))
    return redirect(url_for("candidate.known", _anchor="notities"))
