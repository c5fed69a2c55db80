"""The inbox about displacement: what firms answered, what others reported, soonest due first."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day_with_weekday
from matcher.http.translate import gettext as _
from matcher.models.states import CheckMoment, ReportState
from matcher.repositories.displacement import CheckRecord
from matcher.repositories.displacement_reports import ReportRecord
from matcher.services import displacement, displacement_reports
from matcher.services.calendar import day_of
from matcher.services.visibility import Kind, show
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm, Required, longest
from matcher.web.free_text import FreeTextField
from matcher.web.vacancy.displacement import flagged_words

INBOX = "oversight.displacement"


class VerdictForm(MatcherForm):
    """What the firm is told."""

    why = FreeTextField(
        _l("Wat zegt u tegen het bedrijf?"),
        [
            Required(_l("Vul in waarom. Het bedrijf leest dit.")),
            longest(displacement.REASON_MAXIMUM),
        ],
    )


class JudgementForm(MatcherForm):
    """What the officer found; only officers read it."""

    why = FreeTextField(
        _l("Wat kwam er uit?"),
        [Required(_l("Vul in wat eruit kwam.")), longest(displacement_reports.WHY_MAXIMUM)],
    )


def inbox(
    check: tuple[int, VerdictForm] | None = None, report: tuple[int, JudgementForm] | None = None
) -> Any:
    """The page; `check` and `report` are the number and the form of what was refused."""
    session, viewer = current_session(), the_viewer()
    refused = check or report
    page = render_template(
        "oversight/displacement.html",
        lines=[
            _check_line(each, check[1] if check and check[0] == each.id else None)
            for each in displacement.to_look_at(session, viewer)
        ],
        reports=[
            _report_line(each, report[1] if report and report[0] == each.id else None)
            for each in displacement_reports.open_reports(session, viewer)
        ],
        judged=[
            _report_line(each, None)
            for each in displacement_reports.judged_reports(session, viewer)
        ],
        kept_days=displacement_reports.days_kept(today()),
        refused=None if refused is None else refused[1],
    )
    return page, 200 if refused is None else 400


def _check_line(check: CheckRecord, refused: VerdictForm | None) -> dict[str, Any]:
    shown = show(Kind.DISPLACEMENT_CHECK, check.as_mapping(), the_viewer().rights)
    form = refused or VerdictForm(formdata=None, data={"version": str(check.version)})
    due = shown["due_on"]
    return {
        **shown,
        "form": _numbered(form, "why", check.id),
        "flagged": flagged_words(check),
        "looks_back": check.moment is CheckMoment.AFTER,
        "due_words": "" if due is None else day_with_weekday(due),
        "is_late": due is not None and due < today(),
    }


def _report_line(report: ReportRecord, refused: JudgementForm | None) -> dict[str, Any]:
    shown = show(Kind.DISPLACEMENT_REPORT, report.as_mapping(), the_viewer().rights)
    form = refused or JudgementForm(formdata=None, data={"version": str(report.version)})
    return {
        **shown,
        "form": _numbered(form, "found", report.id),
        "work_words": work_words(shown["work"]),
        "sign_words": [label_of("displacement_signs", sign) for sign in shown["signs"]],
        "happened_words": label_of("displacement_times", shown["happened"]),
        "state_words": state_words(shown["state"]),
        "came_on": day_of(shown["created_at"]),
        "decided_on": None if shown["decided_at"] is None else day_of(shown["decided_at"]),
        "due_words": day_with_weekday(shown["due_on"]),
        "is_late": shown["due_on"] < today(),
        "is_asked": shown["state"] is ReportState.ASKED,
    }


def _numbered(form: MatcherForm, name: str, number: int) -> MatcherForm:
    """The form with ids of its own, for a page with many."""
    form["why"].id = f"{name}-{number}"
    form["why"].label.field_id = form["why"].id
    return form


def work_words(work: str) -> str:
    """The kind of work that a report is about."""
    if work == displacement_reports.OTHER_WORK:
        return _("Ander werk")
    return label_of("work_types", work)


def state_words(state: ReportState) -> str:
    """How far a report is."""
    return {
        ReportState.NEW: _("nieuw"),
        ReportState.ASKED: _("navraag loopt"),
        ReportState.FOUNDED: _("klopt"),
        ReportState.UNFOUNDED: _("klopt niet"),
        ReportState.OTHER: _("iets anders"),
    }[state]
