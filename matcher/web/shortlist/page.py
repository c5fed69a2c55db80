"""“Wie past hier?” of a contractor: ask for the list, meet them, or ask something else."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import day_with_weekday
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import VacancyStatus
from matcher.reference.introductions import load_introduction_terms
from matcher.reference.shortlist import load_shortlist_terms
from matcher.services import half_days, shortlists
from matcher.services.introduction_checks import NotPossible
from matcher.services.shortlist_freeze import standing
from matcher.services.vacancies import get_vacancy
from matcher.web.calls_words import promise_of
from matcher.web.forms import MatcherForm
from matcher.web.introduction_words import half_day_words, why_not_words
from matcher.web.navigation import belongs_to
from matcher.web.shortlist.blueprint import blueprint
from matcher.web.shortlist.forms import HalfDayForm
from matcher.web.shortlist.words import lines_in_words, moment_words
from matcher.web.vacancy.words import title_of

_LIST = "contractor.vacancies"
_HOUR = 3_600


@blueprint.get("/mijn-plekken/<int:vacancy_id>/wie-past")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def who_fits(vacancy_id: int) -> Any:
    """The list as it stands, or what it means to ask for one."""
    return _page(vacancy_id, _half_day_form())


@blueprint.post("/mijn-plekken/<int:vacancy_id>/wie-past")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
def ask(vacancy_id: int) -> Any:
    """Asks for the list; from now on what the place asks stands."""
    if not MatcherForm().validate():
        abort(400)
    try:
        shortlists.ask(current_session(), the_viewer(), vacancy_id, now=now())
    except Conflict:
        flash(_("Open de plek eerst. Daarna ziet u wie past."), "near")
        return redirect(url_for("contractor.vacancy", vacancy_id=vacancy_id), 303)
    return redirect(url_for("shortlist.who_fits", vacancy_id=vacancy_id), 303)


@blueprint.post("/mijn-plekken/<int:vacancy_id>/ontmoet")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
@once_only
def meet(vacancy_id: int) -> Any:
    """“Ontmoet deze mensen”: one half-day on site for who stands on the list."""
    form = HalfDayForm()
    if form.validate() and form.meet_on.data is not None:
        try:
            half_days.invite_all(
                current_session(),
                the_viewer(),
                vacancy_id,
                form.meet_on.data,
                form.half.data,
                now=now(),
            )
            flash(_("De mensen op de lijst zijn gevraagd."))
            return redirect(url_for("shortlist.who_fits", vacancy_id=vacancy_id), 303)
        except InvalidInput:
            first, last = half_days.days_between(today())
            form.meet_on.errors = [
                _(
                    "Kies een dag van %(first)s tot en met %(last)s",
                    first=day_with_weekday(first),
                    last=day_with_weekday(last),
                )
            ]
        except NotPossible as error:
            flash(why_not_words(error.why), "near")
            return redirect(url_for("shortlist.who_fits", vacancy_id=vacancy_id), 303)
        except Conflict:
            flash(_("Dit kan niet meer. Kijk hoe het er nu voor staat."), "near")
            return redirect(url_for("shortlist.who_fits", vacancy_id=vacancy_id), 303)
    return _page(vacancy_id, form)


@blueprint.post("/mijn-plekken/<int:vacancy_id>/kopie")
@requires(Right.CONTRACTOR)
@belongs_to(_LIST)
@once_only
def copy(vacancy_id: int) -> Any:
    """A copy of the place, to ask something else in."""
    if not MatcherForm().validate():
        abort(400)
    made = shortlists.copy_place(current_session(), the_viewer(), vacancy_id, now=now())
    flash(_("De kopie staat klaar. Wijzig wat u vraagt en open haar."))
    return redirect(url_for("contractor.change_vacancy", vacancy_id=made.id), 303)


def _half_day_form() -> HalfDayForm:
    return HalfDayForm(formdata=None)


def _page(vacancy_id: int, form: HalfDayForm) -> Any:
    session, viewer = current_session(), the_viewer()
    record = get_vacancy(session, viewer, vacancy_id)
    found = shortlists.peek(session, viewer, vacancy_id, now=now())
    first, last = half_days.days_between(today())
    opens = None if found is None or found.opens_at is None else moment_words(found.opens_at)
    terms = load_shortlist_terms(today())
    page = render_template(
        "shortlist/who_fits.html",
        title=title_of(record.as_mapping()),
        headline=_headline(found, opens),
        vacancy_id=vacancy_id,
        is_open=record.status is VacancyStatus.OPEN,
        found=found,
        lines=[] if found is None else lines_in_words(found, viewer.rights),
        promise=None if found is None or found.call_by is None else promise_of(found.call_by),
        half_day=(
            None
            if found is None or found.meet_on is None
            else half_day_words(found.meet_on, found.meet_half)
        ),
        stands=vacancy_id in standing(session, [vacancy_id]),
        form=form,
        first=first,
        last=last,
        sizes=terms.lists.sizes,
        least=terms.lists.least_of_copy,
        hours=int(terms.copy_waits.total_seconds()) // _HOUR,
        most=load_introduction_terms(today()).open_invitations_a_place,
        about=record.profile.reference,
    )
    return page, 400 if form.errors else 200


def _headline(found: shortlists.ShortlistRecord | None, opens: str | None) -> str:
    if found is None:
        return _("Wie past hier?")
    if found.lines:
        return _("Deze %(count)s mensen passen bij wat u vraagt.", count=len(found.lines))
    if found.call_by is not None:
        return _("Het servicepunt belt u.")
    return _("U ziet de lijst op %(moment)s.", moment=opens or "")
