"""*Team*: the coaches of the region, and for one of them whom to hand over, for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import caseload_changes as service
from matcher.services.caseload_changes import NOBODY_ID, PersonLine, Team
from matcher.web.forms import CHOOSE_ONE, BoxesField, DayField, MatcherForm, Required
from matcher.web.navigation import belongs_to
from matcher.web.team.blueprint import blueprint

_HOME = "team.caseloads"
leading = requires(Right.LEAD)

ALL, SOME = "all", "some"
FOR_GOOD, UNTIL = "for_good", "until"


class DivideForm(MatcherForm):
    """Whom, to whom and for how long; the same form hands over and lets stand in."""

    whom = RadioField(
        _l("Wie?"), [Required(_l("Kies voor wie dit geldt"))], invalid_choice_message=CHOOSE_ONE
    )
    people = BoxesField(_l("Mensen"), coerce=int)
    to_account_id = SelectField(
        _l("Aan wie?"), [Required(_l("Kies een coach"))], invalid_choice_message=CHOOSE_ONE
    )
    how_long = RadioField(
        _l("Voor hoe lang?"),
        [Required(_l("Kies voor hoe lang"))],
        invalid_choice_message=CHOOSE_ONE,
    )
    starts_on = DayField(_l("Eerste dag"))
    until = DayField(_l("Laatste dag"))

    @property
    def candidate_ids(self) -> list[int] | None:
        """The people ticked; None for everybody."""
        return None if self.whom.data == ALL else list(self.people.data or ())

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, both given by now."""
        if self.starts_on.data is None or self.until.data is None:
            raise ValueError("the days were not checked")
        return self.starts_on.data, self.until.data


class EndForm(MatcherForm):
    """Which stand-in is over."""

    changes = HiddenField()


@dataclass(frozen=True, slots=True)
class StandInLine:
    """A stand-in in words, with what ends it."""

    words: str
    days: str
    changes: str


@blueprint.get("/team")
@leading
@belongs_to(_HOME)
def caseloads() -> ResponseReturnValue:
    """Who guides how many, who stands in, and who has nobody."""
    found = service.team(current_session(), the_viewer(), on=today())
    names = _names(found)
    return render_template(
        "team/caseloads.html",
        heading_words=_heading(found),
        coaches=found.coaches,
        left=found.left,
        without_coach=found.without_coach,
        stand_ins=[_stand_in_line(line, names) for line in found.stand_ins],
        nobody=NOBODY_ID,
        end_form=EndForm(formdata=None),
    )


def _heading(found: Team) -> str:
    if found.without_coach:
        return ngettext(
            "%(num)s mens heeft nog geen coach.",
            "%(num)s mensen hebben nog geen coach.",
            found.without_coach,
        )
    return _("Iedereen heeft een coach.")


def _names(found: Team) -> dict[int, str]:
    return {line.account_id: line.name for line in (*found.coaches, *found.left)}


def _stand_in_line(line: service.StandIn, names: Mapping[int, str]) -> StandInLine:
    giver = names.get(line.from_account_id) or _("iemand die weg is")
    taker = names.get(line.to_account_id) or _("iemand die weg is")
    words = (
        _("%(taker)s neemt waar voor %(giver)s", taker=taker, giver=giver)
        if line.people is None
        else ngettext(
            "%(taker)s neemt waar voor %(num)s mens van %(giver)s",
            "%(taker)s neemt waar voor %(num)s mensen van %(giver)s",
            line.people,
            taker=taker,
            giver=giver,
        )
    )
    days = _("%(first)s tot en met %(last)s", first=day(line.starts_on), last=day(line.until))
    return StandInLine(words, days, " ".join(map(str, line.change_ids)))


@blueprint.get("/team/<int:account_id>")
@leading
@belongs_to(_HOME)
def divide(account_id: int) -> ResponseReturnValue:
    """The people of one coach, or of nobody, with the form to hand them over."""
    found, people = _of(account_id)
    form = _form(account_id, found, people, is_new=True)
    return _page(account_id, found, people, form)


@blueprint.post("/team/<int:account_id>")
@leading
@once_only
@belongs_to(_HOME)
def save(account_id: int) -> ResponseReturnValue:
    """Hands over for good, or lets somebody stand in between two days."""
    found, people = _of(account_id)
    form = _form(account_id, found, people, is_new=False)
    good = form.validate()
    if form.whom.data == SOME and not form.people.data:
        form.people.errors = [_("Kies ten minste één mens, of kies voor iedereen")]
        good = False
    if form.how_long.data == UNTIL:
        good = _days_given(form) and good
    if not good:
        return _page(account_id, found, people, form), 400
    try:
        _divide(account_id, form)
    except InvalidInput as error:
        form.add_problems(error.problems)
        return _page(account_id, found, people, form), 400
    except Conflict:
        form.starts_on.errors = [_("Deze coach neemt op een van deze dagen al waar.")]
        return _page(account_id, found, people, form), 409
    return redirect(url_for(_HOME), 303)


def _days_given(form: DivideForm) -> bool:
    for field in (form.starts_on, form.until):
        if field.data is None and not field.errors:
            field.errors = [_("Vul een datum in, zoals 4-1-2027")]
    first, last = form.starts_on.data, form.until.data
    if first is not None and first < today():
        form.starts_on.errors = [_("Kies vandaag of een dag daarna.")]
    if first is not None and last is not None and last < first:
        form.until.errors = [_("Kies een dag op of na de eerste dag.")]
    return not form.starts_on.errors and not form.until.errors


def _divide(account_id: int, form: DivideForm) -> None:
    session, viewer = current_session(), the_viewer()
    taker = int(form.to_account_id.data)
    if form.how_long.data == FOR_GOOD:
        count = service.hand_over(
            session,
            viewer,
            from_account_id=account_id,
            to_account_id=taker,
            candidate_ids=form.candidate_ids,
            now=now(),
        )
        flash(ngettext("%(num)s mens overgedragen.", "%(num)s mensen overgedragen.", count))
        return
    first, last = form.days
    service.let_stand_in(
        session,
        viewer,
        from_account_id=account_id,
        to_account_id=taker,
        starts_on=first,
        until=last,
        candidate_ids=form.candidate_ids,
        now=now(),
    )
    flash(
        _("De waarneming staat: %(first)s tot en met %(last)s.", first=day(first), last=day(last))
    )


@blueprint.post("/team/waarneming-stoppen")
@leading
@belongs_to(_HOME)
def end_stand_in() -> ResponseReturnValue:
    """Ends a stand-in before its last day."""
    form = EndForm()
    parts = (form.changes.data or "").split()
    if not form.validate() or not parts or not all(part.isdecimal() for part in parts):
        abort(400)
    numbers = [int(part) for part in parts]
    service.end_stand_in(current_session(), the_viewer(), numbers, now=now())
    flash(_("De waarneming is gestopt."))
    return redirect(url_for(_HOME), 303)


def _of(account_id: int) -> tuple[Team, list[PersonLine]]:
    session, viewer = current_session(), the_viewer()
    people = service.people_of(session, viewer, account_id)
    return service.team(session, viewer, on=today()), people


def _form(
    account_id: int, found: Team, people: Sequence[PersonLine], *, is_new: bool
) -> DivideForm:
    form = DivideForm(formdata=None, starts_on=today()) if is_new else DivideForm()
    form.people.choices = [
        (line.candidate_id, line.first_name or line.reference) for line in people
    ]
    takers = [line for line in found.coaches if line.account_id != account_id]
    form.to_account_id.choices = [
        ("", _("Kies een coach")),
        *((str(line.account_id), line.name) for line in takers),
    ]
    everybody = ngettext("Deze ene mens", "Alle %(num)s mensen", _count(account_id, found))
    form.whom.choices = [(ALL, everybody), (SOME, _("Alleen wie ik hieronder aanvink"))]
    form.how_long.choices = [(FOR_GOOD, _("Voor goed"))]
    if account_id != NOBODY_ID:
        form.how_long.choices.append((UNTIL, _("Voor een tijd (waarneming)")))
    elif is_new:
        form.how_long.data = FOR_GOOD
    return form


def _count(account_id: int, found: Team) -> int:
    if account_id == NOBODY_ID:
        return found.without_coach
    everyone = (*found.coaches, *found.left)
    return next((line.people for line in everyone if line.account_id == account_id), 0)


def _page(account_id: int, found: Team, people: Sequence[PersonLine], form: DivideForm) -> str:
    name = _names(found).get(account_id)
    return render_template(
        "team/divide.html",
        form=form,
        people={line.candidate_id: line for line in people},
        name=name,
        account_id=account_id,
        is_nobody=account_id == NOBODY_ID,
        has_left=account_id in {line.account_id for line in found.left},
    )
