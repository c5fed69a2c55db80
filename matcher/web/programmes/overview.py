"""What there is: every programme with its next group, and one programme with all that come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.records import ProgrammeRecord
from matcher.repositories.seats import SeatRecord
from matcher.services import cohorts, programmes, seat_lists
from matcher.services.cohorts import Group
from matcher.services.seat_releases import BOOKERS
from matcher.services.visibility import Kind, show
from matcher.services.weekly_views import READERS
from matcher.web.codes import label_of
from matcher.web.forms import DayField, MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.programmes.blueprint import (
    OVERVIEW,
    area_tabs,
    blueprint,
    booking,
    looking,
)
from matcher.web.seat_words import (
    free_words,
    length_words,
    percent_taken,
    period_words,
    taken_words,
)

AHEAD = timedelta(weeks=8)
"""How far ahead the first sentence looks."""
_PAGE = 100
_SOON = 5
"""Groups that are shown at once; later ones stand in a fold."""


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme with its next group that has a seat, else its next group."""

    record: ProgrammeRecord
    title: str
    facts: str
    group: Group | None
    waiting: int


class OpenGroupForm(MatcherForm):
    """The day of the group to open."""

    starts_on = DayField()


@blueprint.get("/programmas")
@looking
def overview() -> Any:
    """Every programme of the region, with the next group and who waits."""
    session, viewer, on = current_session(), the_viewer(), today()
    records = all_programmes()
    groups = cohorts.list_groups(session, viewer, records, on=on)
    waiting = seat_lists.waiting_counts(session, viewer)
    lines = [_line(record, groups[record.id], waiting.get(record.id, 0)) for record in records]
    return render_template(
        "programmes/overview.html",
        tabs=area_tabs("overview"),
        may_order=the_viewer().has(*READERS),
        headline=_headline([group for one in records for group in _dated(one, groups[one.id])]),
        lines=sorted(lines, key=_soonest),
        **group_words(),
    )


def group_words() -> dict[str, Any]:
    """What templates say about groups."""
    return {
        "free_words": free_words,
        "taken_words": taken_words,
        "percent_taken": percent_taken,
        "period_words": period_words,
    }


def all_programmes() -> list[ProgrammeRecord]:
    """The programmes that can be followed in the viewer's region, by reference."""
    found: list[ProgrammeRecord] = []
    cursor: str | None = None
    while True:
        page = programmes.list_programmes(
            current_session(), the_viewer(), cursor=cursor, limit=_PAGE
        )
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def programme_title(record: ProgrammeRecord) -> str:
    """What a programme is called: its title, else its kind."""
    return record.programme.title or label_of("programme_kinds", record.programme.kind)


def _line(record: ProgrammeRecord, groups: Sequence[Group], waiting: int) -> ProgrammeLine:
    seen = show(Kind.PROGRAMME, record.as_mapping(), the_viewer().rights)
    with_room = next((group for group in groups if group.has_room), None)
    length = length_words(seen["weeks"], seen["hours_a_week"])
    facts = " · ".join(part for part in (seen["provider"], length) if part)
    group = with_room or (groups[0] if groups else None)
    return ProgrammeLine(record, programme_title(record), facts, group, waiting)


def _soonest(line: ProgrammeLine) -> tuple[bool, Any, str]:
    group = line.group
    return group is None, group.starts_on if group else None, line.title


def _dated(record: ProgrammeRecord, groups: Sequence[Group]) -> Sequence[Group]:
    """The groups of a programme with days of its own: what starts any Monday is always there."""
    return groups if record.programme.starts_on else ()


def _headline(groups: Sequence[Group]) -> str:
    soon = [group for group in groups if group.starts_on <= today() + AHEAD]
    free = sum(group.free or 0 for group in soon)
    count = sum(bool(group.free) for group in soon)
    first = ngettext(
        "De komende 8 weken is er %(num)s plek vrij",
        "De komende 8 weken zijn er %(num)s plekken vrij",
        free,
    )
    second = ngettext("in %(num)s groep.", "in %(num)s groepen.", count)
    return f"{first}, {second}"


@blueprint.get("/programmas/<int:programme_id>")
@looking
@belongs_to(OVERVIEW)
def programme(programme_id: int) -> Any:
    """One programme: the groups to come, and who waits."""
    session, viewer, on = current_session(), the_viewer(), today()
    record = programmes.get_programme(session, viewer, programme_id)
    groups = cohorts.coming_groups(session, viewer, programme_id, on=on)
    is_about_people = viewer.has(*BOOKERS)
    return render_template(
        "programmes/programme.html",
        record=record,
        title=programme_title(record),
        facts=length_words(record.programme.weeks, record.programme.hours_a_week),
        headline=_programme_headline(groups),
        groups=groups,
        soon=_SOON,
        running=seat_lists.running_groups(session, viewer, programme_id, on=on),
        standby=seat_lists.standby_counts(session, viewer),
        line=line_of(programme_id) if is_about_people else [],
        waiting=seat_lists.waiting_counts(session, viewer).get(programme_id, 0),
        may_book=is_about_people,
        whole_line=viewer.has(Right.TRIAGER, Right.LEAD),
        form=OpenGroupForm(formdata=None),
        **group_words(),
    )


def _programme_headline(groups: Sequence[Group]) -> str:
    with_room = next((group for group in groups if group.has_room), None)
    if with_room is None:
        return _("Er is nu geen groep met een vrije plek.")
    when = period_words(with_room.starts_on, with_room.starts_on)
    words = free_words(with_room.free)
    return _("De volgende groep begint op %(day)s: %(words)s.", day=when, words=words)


def line_of(programme_id: int) -> list[tuple[int, SeatRecord, str]]:
    """Who waits for a programme, as far as the viewer reaches them: place in line, seat, name."""
    session, viewer = current_session(), the_viewer()
    return seat_lists.line_with_names(session, viewer, programme_id, on=today())


@blueprint.post("/programmas/<int:programme_id>/groepen")
@booking
@belongs_to(OVERVIEW)
def open_group(programme_id: int) -> Any:
    """Opens the group of a day and goes to its page."""
    form = OpenGroupForm()
    if not form.validate() or form.starts_on.data is None:
        abort(400)
    try:
        made = cohorts.open_group(
            current_session(), the_viewer(), programme_id, form.starts_on.data, now=now()
        )
    except InvalidInput:
        flash(_("Op die dag begint dit programma niet."), "near")
        return redirect(url_for("programmes.programme", programme_id=programme_id), 303)
    return redirect(url_for("programmes.group", cohort_id=made.id), 303)
