"""*Nazorg*: what is to do for everybody at work, with whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

from matcher.domain.access import Right
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import caseload_changes, follow_up
from matcher.services.follow_up import Task
from matcher.web.coach.people import person_in_list
from matcher.web.follow_up.agenda_parts import agenda_parts
from matcher.web.follow_up.blueprint import blueprint, placing
from matcher.web.follow_up_words import task_url, task_words


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One thing to do: for whom, what, where one tap leads, and whose it is."""

    who: str
    what: str
    action: str
    kind: str
    url: str
    owner: str


@blueprint.get("/nazorg")
@placing
def overview() -> Any:
    """What is to do now, the most pressing first: of the own people, or of the region."""
    return overview_page()


def overview_page(given_link: str | None = None) -> str:
    """The page, with a new link for the agenda when one was just made."""
    session, viewer, on = current_session(), the_viewer(), today()
    found = follow_up.region_tasks(session, viewer, on=on)
    names = _team_names()
    return render_template(
        "follow_up/overview.html",
        lines=[_line(task, names) for task in found],
        headline=_headline(found),
        of_region=viewer.has(Right.LEAD, Right.TRIAGER),
        **agenda_parts(given_link),
    )


def _headline(found: list[Task]) -> str:
    if not found:
        return _("Er is nu niets te doen.")
    return ngettext(
        "%(num)s mens aan wie u nu iets vraagt of zegt.",
        "%(num)s mensen aan wie u nu iets vraagt of zegt.",
        len(found),
    )


def _team_names() -> Mapping[int, str]:
    """Who guides whom, for who leads the team; others read only whether it is themselves."""
    viewer = the_viewer()
    if not viewer.has(Right.LEAD):
        return {}
    team = caseload_changes.team(current_session(), viewer, on=today())
    return {line.account_id: line.name for line in (*team.coaches, *team.left)}


def _line(task: Task, names: Mapping[int, str]) -> TaskLine:
    what, action, kind = task_words(task, today())
    who = person_in_list(task.first_name, task.reference)
    return TaskLine(who or task.reference, what, action, kind, task_url(task), _owner(task, names))


def _owner(task: Task, names: Mapping[int, str]) -> str:
    owner = task.owner_account_id
    if owner is None:
        return _("nog niemand")
    if owner == the_viewer().account_id:
        return _("uzelf")
    return names.get(owner, _("een collega"))
