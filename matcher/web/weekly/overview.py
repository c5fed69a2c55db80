"""*Verdelen*: the scenarios side by side, and asking for another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.errors import Conflict
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import ProposalState
from matcher.reference.weekly import load_weekly_terms
from matcher.repositories.weekly import AllocationRecord
from matcher.services import jobs, weekly_choices, weekly_views
from matcher.services.weekly import ALLOCATE_REGION, NAME, PERCENT, seat_order
from matcher.services.weekly_views import PROPOSALS, Standing
from matcher.web.coach.fields import OneTileField
from matcher.web.forms import MatcherForm, Required
from matcher.web.jobs import words as job_words
from matcher.web.weekly import words
from matcher.web.weekly.blueprint import HOME, blueprint, deciding


class RunForm(MatcherForm):
    """What another scenario is asked."""

    floor = OneTileField(_l("Waar let u op?"), validators=[Required(_l("Kies één"))])


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario beside the others."""

    record: AllocationRecord
    standing: Standing
    made: str
    asked: str
    floor_price: str

    @property
    def waiting(self) -> int:
        """Proposals that nobody decided about."""
        return self.standing.of(*PROPOSALS, state=ProposalState.OPEN)

    @property
    def decided(self) -> int:
        """Proposals that somebody accepted or departed from."""
        return self.standing.of(*PROPOSALS) - self.waiting


@blueprint.get("/verdelen")
@deciding
def overview() -> ResponseReturnValue:
    """The newest scenarios side by side, at most as many as the terms say."""
    return _page(_run_form(None))


@blueprint.post("/verdelen")
@deciding
@once_only
def run() -> ResponseReturnValue:
    """Asks for another scenario, and goes to where it can be followed."""
    form = _run_form()
    if not form.validate():
        return _page(form), 400
    try:
        job = jobs.submit(
            current_session(),
            the_viewer(),
            ALLOCATE_REGION,
            {"floor": int(form.floor.data or 0)},
            now=now(),
        )
    except Conflict:
        flash(_("Er wordt al een verdeling gemaakt voor uw regio. Wacht tot die klaar is."), "near")
        return redirect(url_for(HOME), 303)
    return redirect(url_for("jobs.job", job_id=job.id), 303)


def _run_form(*sent: Any) -> RunForm:
    floors = load_weekly_terms(today()).floors
    form = RunForm(formdata=None, data={"floor": str(floors[0])}) if sent else RunForm()
    asked = form.floor.data or ""
    if asked.isdecimal() and len(asked) < 4 and int(asked) <= PERCENT:
        # The highest floor that could be kept is seldom one of those that are offered.
        floors = tuple(sorted({*floors, int(asked)}))
    form.floor.choices = [SelectChoice(str(floor), words.floor_words(floor)) for floor in floors]
    return form


def _page(form: RunForm) -> str:
    session, viewer = current_session(), the_viewer()
    terms = load_weekly_terms(today())
    found = weekly_views.list_allocations(session, viewer, limit=terms.side_by_side).items
    standing = weekly_views.standings(session, viewer, found)
    newest_jobs = jobs.list_jobs(session, viewer, kind=NAME, limit=1).items
    scenarios = [_scenario(record, standing[record.id]) for record in found]
    return render_template(
        "weekly/overview.html",
        headline=_headline(scenarios),
        scenarios=scenarios,
        newest=scenarios[0] if scenarios else None,
        most=terms.side_by_side,
        running=next((job for job in newest_jobs if not job.has_ended), None),
        refused=next(
            ((job, told) for job in newest_jobs if (told := words.refused_floor(job))), None
        ),
        form=form,
        pairs=len(weekly_choices.list_pairs(session, viewer)),
        order=words.order_words(seat_order(session, viewer)),
        floor_notes=words.floor_notes(load_weekly_terms(today()).floors),
    )


def _scenario(record: AllocationRecord, standing: Standing) -> Scenario:
    return Scenario(
        record=record,
        standing=standing,
        made=job_words.moment(record.made_at),
        asked=words.floor_words(record.choice["floor"]),
        floor_price=words.floor_price_words(record.figures["floor"]["price_percent"]),
    )


def _headline(scenarios: list[Scenario]) -> str:
    if not scenarios:
        return _("Wie kan deze week waar beginnen?")
    figures = scenarios[0].record.figures
    return ngettext(
        "Voor %(num)s mens ligt er een voorstel voor werk.",
        "Voor %(num)s mensen ligt er een voorstel voor werk.",
        figures["proposed"],
    )
