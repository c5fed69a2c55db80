"""*Werkt dit?*: what programmes and arrangements led to, and on its day a decision."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput
from matcher.domain.follow_up import Share
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import Verdict
from matcher.reference.follow_up import load_follow_up_terms
from matcher.services import works as service
from matcher.services.works import PLANNERS, READERS, REASON_MAXIMUM, Looked, Subject
from matcher.web.forms import DayField, MatcherForm, Required, longest
from matcher.web.free_text import LinesField
from matcher.web.navigation import belongs_to
from matcher.web.programmes.blueprint import OVERVIEW, area_tabs, blueprint

_SUBJECTS = {"programma": Subject.PROGRAMME, "samenwerking": Subject.ARRANGEMENT}
_NAMES = {subject: name for name, subject in _SUBJECTS.items()}

reading = requires(*READERS)
"""Figures of many, without a name."""


class DayForm(MatcherForm):
    """When it is decided."""

    decide_on = DayField(_l("Op welke dag wordt besloten?"), [Required(_l("Vul een dag in"))])


class DecisionForm(MatcherForm):
    """Go on, change or stop, and why."""

    verdict = RadioField(_l("Wat wordt het?"), [Required(_l("Kies wat het wordt"))])
    reason = LinesField(
        _l("Waarom?"),
        [Required(_l("Schrijf in een zin waarom")), longest(REASON_MAXIMUM)],
        description=_l("Over het programma of de samenwerking, niet over een persoon."),
    )
    next_on = DayField(
        _l("Wanneer kijken we opnieuw?"), description=_l("Niet nodig als het stopt.")
    )


def verdict_names() -> dict[str, str]:
    """What can be decided."""
    return {
        Verdict.GO_ON.value: _("Doorgaan"),
        Verdict.CHANGE.value: _("Veranderen"),
        Verdict.STOP.value: _("Stoppen"),
    }


@blueprint.get("/werkt-dit")
@reading
@belongs_to(OVERVIEW)
def works() -> Any:
    """Every programme and arrangement with its figures; what is to be decided now on top."""
    found = service.look_at_all(current_session(), the_viewer(), on=today())
    return render_template(
        "programmes/works.html",
        tabs=area_tabs("works"),
        headline=_headline(found),
        found=found,
        **_words(),
    )


def _headline(found: list[Looked]) -> str:
    due = sum(one.is_due(today()) for one in found)
    if due:
        return ngettext(
            "%(num)s besluit is nu aan de beurt.", "%(num)s besluiten zijn nu aan de beurt.", due
        )
    if found:
        return _("Er hoeft nu niets te worden besloten.")
    return _("Er is nog niemand begonnen.")


def _words() -> dict[str, Any]:
    return {
        "subject_name": lambda one: _NAMES[one.subject],
        "subject_words": _subject_words,
        "share_words": share_words,
        "percent": percent,
        "verdict_names": verdict_names(),
        "on": today(),
        "may_decide": the_viewer().has(Right.OFFICER),
        "may_plan": the_viewer().has(*PLANNERS),
        "pace_words": lambda pace: format_decimal(pace, "0.0"),
        "rows_of": rows_of,
        "terms": load_follow_up_terms(today()),
    }


def _subject_words(one: Looked) -> str:
    return _("programma") if one.subject is Subject.PROGRAMME else _("samenwerking")


def percent(value: float | None) -> int | None:
    """A share as whole percent; None stays None."""
    return None if value is None else round(100 * value)


def share_words(share: Share) -> str:
    """A share in words: the counts first, no percentage where there are too few."""
    if not share.total:
        return _("nog niemand")
    counts = _("%(yes)s van %(total)s", yes=share.yes, total=share.total)
    if share.is_small:
        return _("%(counts)s: te weinig om iets te zeggen", counts=counts)
    return _(
        "%(counts)s: %(value)s procent, tussen %(low)s en %(high)s",
        counts=counts,
        value=percent(share.value),
        low=percent(share.low),
        high=percent(share.high),
    )


def rows_of(one: Looked) -> list[tuple[str, Share, Share]]:
    """What is asked, the answer here, and the same for all others."""
    ours, others = one.figures, one.others
    return [
        (_("afgerond"), ours.finished, others.finished),
        (_("aan het werk gekomen"), ours.placed, others.placed),
        *(
            (
                _("werkt %(months)s maanden na de start", months=months),
                share,
                others.at_work[months],
            )
            for months, share in ours.at_work.items()
        ),
    ]


@blueprint.route("/werkt-dit/<any(programma,samenwerking):kind>/<int:subject_id>", methods=["GET"])
@reading
@belongs_to(OVERVIEW)
def works_one(kind: str, subject_id: int) -> Any:
    """One of them: the figures, the same for the others, the next day, and what was decided."""
    return _render(_one(kind, subject_id))


@blueprint.post("/werkt-dit/<any(programma,samenwerking):kind>/<int:subject_id>/dag")
@requires(*PLANNERS)
@belongs_to(OVERVIEW)
def set_decision_day(kind: str, subject_id: int) -> Any:
    """Sets or moves the day of the decision."""
    one, form = _one(kind, subject_id), DayForm()
    if not form.validate():
        return _render(one, day_form=form), 400
    try:
        service.set_day(
            current_session(),
            the_viewer(),
            _SUBJECTS[kind],
            subject_id,
            form.decide_on.data,
            now=now(),
        )
    except InvalidInput:
        form.decide_on.errors = [_("Kies een dag vanaf vandaag, binnen drie jaar.")]
        return _render(one, day_form=form), 400
    except Conflict:
        flash(_("Iemand anders was u voor. Kijk hoe het er nu voor staat."), "near")
    else:
        flash(_("Opgeslagen."))
    return redirect(_address(kind, subject_id), 303)


@blueprint.post("/werkt-dit/<any(programma,samenwerking):kind>/<int:subject_id>/besluit")
@requires(Right.OFFICER)
@belongs_to(OVERVIEW)
def decide_on_works(kind: str, subject_id: int) -> Any:
    """Keeps the decision with its reason and the figures of today."""
    one, form = _one(kind, subject_id), _decision_form()
    if not form.validate():
        return _render(one, decision_form=form), 400
    try:
        service.decide(
            current_session(),
            the_viewer(),
            _SUBJECTS[kind],
            subject_id,
            form.verdict.data,
            form.reason.data,
            next_on=form.next_on.data,
            expected_version=form.read_version,
            now=now(),
        )
    except InvalidInput as error:
        for problem in error.problems:
            if problem.where == "decide_on":
                form.next_on.errors = [_("Kies een dag vanaf vandaag, binnen drie jaar.")]
            else:
                form.add_problems([problem])
        return _render(one, decision_form=form), 400
    except Conflict:
        flash(_("Iemand anders was u voor. Kijk hoe het er nu voor staat."), "near")
    else:
        flash(_("Het besluit staat vast, met de cijfers van vandaag."))
    return redirect(_address(kind, subject_id), 303)


def _one(kind: str, subject_id: int) -> Looked:
    return service.look_at(current_session(), the_viewer(), _SUBJECTS[kind], subject_id, on=today())


def _address(kind: str, subject_id: int) -> str:
    return url_for("programmes.works_one", kind=kind, subject_id=subject_id)


def _decision_form(one: Looked | None = None) -> DecisionForm:
    form = DecisionForm() if one is None else DecisionForm(formdata=None)
    if one is not None:
        form.version.data = str(one.version)
    form.verdict.choices = [SelectChoice(*pair) for pair in verdict_names().items()]
    return form


def _render(
    one: Looked, *, day_form: DayForm | None = None, decision_form: DecisionForm | None = None
) -> str:
    wrong = day_form or decision_form
    return render_template(
        "programmes/works_one.html",
        one=one,
        form=wrong,
        day_form=day_form or DayForm(formdata=None, data={"decide_on": one.decide_on}),
        decision_form=decision_form or _decision_form(one),
        latest=day(one.decide_on) if one.decide_on else None,
        **_words(),
    )
