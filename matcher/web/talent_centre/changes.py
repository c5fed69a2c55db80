"""“Sinds uw vorige bezoek”: what changed while somebody was away, and who is further elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from matcher.domain.access import Right
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import SeatState
from matcher.services import elsewhere as elsewhere_service
from matcher.services.caseload import lane_counts
from matcher.services.queue_changes import ChangeLine, Changes, begin_visit
from matcher.services.queue_changes import changes as changes_since
from matcher.web.coach.choice_form import receiver_words
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.talent_centre.blueprint import blueprint
from matcher.web.talent_centre.tabs import CHANGES, ELSEWHERE, queue_tabs

TRIAGING = (Right.TRIAGER, Right.LEAD)
_PEOPLE = "talent_centre.people"


@dataclass(frozen=True, slots=True)
class Block:
    """The changes of one kind: what they are called, and a line for each."""

    why: str
    title: str
    mark: str
    lines: list[ChangeLine]
    has_more: bool


@blueprint.get("/mensen/nieuw")
@requires(*TRIAGING)
@belongs_to(_PEOPLE)
def changes() -> Any:
    """What changed since the viewer's last visit, most new people first."""
    session, viewer = current_session(), the_viewer()
    found = changes_since(session, viewer, begin_visit(session, viewer, now=now()), now=now())
    return render_template(
        "talent_centre/changes.html",
        headline=_headline(found),
        since=found.since,
        blocks=_blocks(found),
        said=_said,
        tabs=queue_tabs(lane_counts(session, viewer), CHANGES),
    )


def _headline(found: Changes) -> str:
    if not found.lines:
        return _("Niets nieuws sinds uw vorige bezoek.")
    new = len(found.of("new"))
    other = len(found.lines) - new
    if found.more:
        return _("Veel nieuws sinds uw vorige bezoek.")
    parts = []
    if new:
        parts.append(ngettext("%(num)s nieuw mens.", "%(num)s nieuwe mensen.", new))
    if other:
        parts.append(
            ngettext(
                "Bij %(num)s mens veranderde iets.", "Bij %(num)s mensen veranderde iets.", other
            )
        )
    return " ".join(parts)


def _blocks(found: Changes) -> list[Block]:
    titles = {
        "unconfirmed": (_("Elders nog niet bevestigd"), "no"),
        "new": (_("Nieuwe mensen"), "ok"),
        "answers": (_("Nieuwe antwoorden sinds het advies"), "ok"),
        "seat": (_("Plekken in programma's"), "ok"),
        "returns": (_("Terug van een pauze"), "ok"),
        "stale": (_("Ritme te oud om mee te tellen"), "ask"),
    }
    blocks = [
        Block(why, title, mark, found.of(why), why in found.more)
        for why, (title, mark) in titles.items()
    ]
    return [block for block in blocks if block.lines]


def _said(line: ChangeLine) -> str:
    """What happened, with its day: the act and the date, not the person."""
    on = day(line.on)
    if line.why == "seat":
        if line.detail == SeatState.OFFERED.value:
            return _("plek aangeboden op %(day)s", day=on)
        return _("plek aangenomen op %(day)s", day=on)
    words = {
        "new": _("kwam binnen op %(day)s", day=on),
        "answers": _("antwoorden veranderd op %(day)s", day=on),
        "returns": _("weer terug vanaf %(day)s", day=on),
        "stale": _("opnieuw te vragen sinds %(day)s", day=on),
        "unconfirmed": _("bevestiging verwacht op %(day)s", day=on),
    }
    return words[line.why]


@blueprint.get("/mensen/elders")
@requires(Right.COACH, *TRIAGING)
@belongs_to(_PEOPLE)
def elsewhere() -> Any:
    """Who is further elsewhere: with whom, from when, and whether that was confirmed.

    A coach sees the own people, and the talent centre the region.
    """
    session, viewer = current_session(), the_viewer()
    lines = elsewhere_service.list_elsewhere(session, viewer)
    late = sum(line.arranged.is_late(today()) for line in lines)
    return render_template(
        "talent_centre/elsewhere.html",
        lines=lines,
        late=late,
        on=today(),
        receivers=receiver_words(),
        form=MatcherForm(formdata=None),
        person_page=_person_page(),
        tabs=queue_tabs(lane_counts(session, viewer), ELSEWHERE) if viewer.has(*TRIAGING) else (),
    )


def _person_page() -> str:
    return "talent_centre.person" if the_viewer().has(*TRIAGING) else "coach.advice"


@blueprint.post("/mensen/elders/<int:elsewhere_id>/<any(bevestigd, terug):step>")
@requires(Right.COACH, *TRIAGING)
@belongs_to(_PEOPLE)
def elsewhere_step(elsewhere_id: int, step: str) -> Any:
    """The receiver confirmed, or the person came back."""
    if not MatcherForm().validate():
        abort(400)
    session, viewer = current_session(), the_viewer()
    if step == "bevestigd":
        elsewhere_service.confirm(session, viewer, elsewhere_id, now=now())
        flash(_("Bevestigd. Deze weg telt als elders verder."))
        return redirect(url_for("talent_centre.elsewhere"), 303)
    row = elsewhere_service.come_back(session, viewer, elsewhere_id, now=now())
    flash(_("Terug bij ons. Kies samen opnieuw wat nu past."))
    return redirect(url_for(_person_page(), candidate_id=row.candidate_id), 303)
