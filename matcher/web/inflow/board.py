"""The inflow board: one sentence, the picture and its table; every number opens its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.errors import Conflict
from matcher.domain.inflow import NOT_KNOWN, Forecast, Stand
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.reference.inflow import InflowTerms, load_inflow_terms
from matcher.services import inflow, jobs
from matcher.services.inflow import CENTRE, Board, Help
from matcher.services.inflow_count import COUNT_INFLOW
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.inflow import words
from matcher.web.inflow.blueprint import HOME, blueprint, of_the_centre
from matcher.web.inflow.picture import picture_of
from matcher.web.jobs.words import moment
from matcher.web.navigation import belongs_to

_SURE = (Stand.READY, Stand.COMING)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with the address of what it is made of."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week: places, those due by then, who can start by then, who perhaps, what is short."""

    week: int
    open: Cell
    due: Cell
    sure: Cell
    likely: Cell
    short: Cell


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One sector or arrangement: places, who can now, who comes by each week, what is short."""

    label: str
    url: str
    open: Cell
    ready: Cell
    coming: tuple[Cell, ...]
    short: Cell


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One thing that is missing, for how many, and what takes it away."""

    label: str
    people: Cell
    help: Help | None
    asks: bool


@blueprint.get("/instroom")
@of_the_centre
def board() -> ResponseReturnValue:
    """The whole region, or one sector or arrangement of it."""
    session, viewer, on = current_session(), the_viewer(), today()
    terms = load_inflow_terms(on)
    found = inflow.board(session, viewer)
    running = inflow.running(session, viewer)
    form = MatcherForm(formdata=None)
    if found is None:
        return render_template("inflow/none.html", running=running, form=form)
    group = asked_group(found)
    shown = _shown(found, group)
    causes = found.figures["causes"]
    help_for = inflow.helps(session, viewer, [cause for cause, _people in causes], on=on)
    cause_words = words.cause_sentence(found, viewer) if not group else ""
    return render_template(
        "inflow/board.html",
        board=found,
        counted=moment(found.counted_at),
        is_old=found.on != on,
        running=running,
        form=form,
        forecast=shown,
        headline=words.first_words(shown),
        lead=" ".join(part for part in (words.then_words(shown, terms.told), cause_words) if part),
        terms=terms,
        picture=picture_of(shown, terms.ahead, terms.told),
        picture_title=_title(group, terms),
        weeks=[week_line(shown, week, group) for week in range(terms.weeks + 1)],
        ahead=(0, *terms.ahead),
        sectors=_groups(found, "sectors", terms),
        arrangements=_groups(found, "arrangements", terms),
        causes=[
            CauseLine(
                words.as_title(words.cause_words(cause, viewer)),
                Cell(people, _people_url(stands=(Stand.ONE_STEP,), cause=cause)),
                help_for.get(cause),
                cause == NOT_KNOWN,
            )
            for cause, people in causes
        ],
        targets=[] if group else inflow.targets(session, viewer, on=on),
        pace=words.pace_words,
        centre_rights=CENTRE,
        group=group,
    )


@blueprint.post("/instroom/tellen")
@of_the_centre
@once_only
@belongs_to(HOME)
def count() -> ResponseReturnValue:
    """Asks for a new counting of the region."""
    if not MatcherForm().validate():
        abort(400)
    try:
        job = jobs.submit(current_session(), the_viewer(), COUNT_INFLOW, {}, now=now())
    except Conflict:
        flash(_("Er wordt al geteld voor uw regio. Wacht tot het klaar is."), "near")
        return redirect(url_for(HOME), 303)
    return redirect(url_for("jobs.job", job_id=job.id), 303)


@blueprint.get("/instroom/tekort/<int:week>")
@of_the_centre
@belongs_to(HOME)
def short(week: int) -> ResponseReturnValue:
    """How a shortfall comes about: open places less who can start, each with its rows."""
    found = inflow.board(current_session(), the_viewer())
    if found is None or week > load_inflow_terms(found.on).weeks:
        abort(404)
    group = asked_group(found)
    shown = _shown(found, group)
    line = week_line(shown, week, group)
    return render_template(
        "inflow/short.html",
        week=week,
        line=line,
        ready=Cell(shown.ready, _people_url(stands=(Stand.READY,), **group)),
        coming=Cell(shown.coming[week], _people_url(stands=(Stand.COMING,), week=week, **group)),
        at_best=shown.short_at_best[week],
        counted=moment(found.counted_at),
        group_label=group_label(group),
        back_url=url_for(HOME, **group),
    )


def asked_group(found: Board) -> dict[str, Any]:
    """The sector or arrangement in the address, where the board has it."""
    for name, kind in (("sector", "sectors"), ("samenwerking", "arrangements")):
        value = request.args.get(name, "")
        if value in found.figures[kind]:
            return {name: value}
    return {}


def group_label(group: dict[str, Any]) -> str:
    """What a group is called; empty for the whole region."""
    if "sector" in group:
        return label_of("sectors", group["sector"])
    return str(group.get("samenwerking", ""))


def _shown(found: Board, group: dict[str, Any]) -> Forecast:
    if "sector" in group:
        return found.group("sectors", group["sector"]) or found.total
    if group:
        return found.group("arrangements", group["samenwerking"]) or found.total
    return found.total


def _title(group: dict[str, Any], terms: InflowTerms) -> str:
    weeks = _("Komende %(weeks)s weken", weeks=terms.weeks)
    label = group_label(group)
    return f"{weeks}, {label}" if label else weeks


def week_line(shown: Forecast, week: int, group: dict[str, Any]) -> WeekLine:
    """One week with the address of every number."""
    return WeekLine(
        week,
        Cell(shown.open, url_for("inflow.places", **group)),
        Cell(shown.due[week], url_for("inflow.places", week=week, **group)),
        Cell(
            shown.ready + shown.coming[week],
            _people_url(stands=_SURE, week=week, **group),
        ),
        Cell(shown.likely[week], _people_url(stands=(Stand.LIKELY,), week=week, **group)),
        Cell(shown.short[week], url_for("inflow.short", week=week, **group)),
    )


def _people_url(*, stands: Iterable[str], **others: Any) -> str:
    return url_for("inflow.people", staat=list(stands), **others)


def _groups(found: Board, kind: str, terms: InflowTerms) -> list[GroupLine]:
    name = "sector" if kind == "sectors" else "samenwerking"
    lines = []
    for code in found.figures[kind]:
        shown, group = found.group(kind, code), {name: code}
        if shown is None:
            continue
        lines.append(
            GroupLine(
                group_label(group),
                url_for(HOME, **group),
                Cell(shown.open, url_for("inflow.places", **group)),
                Cell(shown.ready, _people_url(stands=(Stand.READY,), **group)),
                tuple(
                    Cell(
                        shown.coming[week],
                        _people_url(stands=(Stand.COMING,), week=week, **group),
                    )
                    for week in terms.ahead
                ),
                Cell(shown.short[terms.told], url_for("inflow.short", week=terms.told, **group)),
            )
        )
    return sorted(lines, key=lambda line: (-line.short.number, line.label))
