"""One scenario: its proposals to decide on as a list, who has none, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import DecisionReason, ProposalState
from matcher.repositories.weekly import AllocationRecord, Sort
from matcher.repositories.weekly_lines import LineRecord
from matcher.services import weekly_decisions, weekly_views
from matcher.services.weekly_decisions import ACCEPT, Outcome
from matcher.services.weekly_views import PROPOSALS, Names, Standing
from matcher.web.coach.choice_form import reason_words
from matcher.web.coach.places_view import chips_of, kind_of
from matcher.web.forms import MatcherForm
from matcher.web.jobs import words as job_words
from matcher.web.navigation import belongs_to
from matcher.web.weekly import words
from matcher.web.weekly.blueprint import HOME, blueprint, deciding

LINES_A_PAGE = 50
_LATER = "later"
PARTS = ("plekken", "programmas", "zonder", "leeg", "helpt")
_SORTS = {"plekken": Sort.PLACES, "programmas": Sort.SEATS, "zonder": Sort.LEFT_OUT}


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a list, in words."""

    line: LineRecord
    name: str
    where: str
    firm: str
    through: str
    chips: tuple[Any, ...]
    else_: tuple[str, ...]
    chip: tuple[str, str]
    waits: int | None
    why: str = ""
    way_in: str = ""


@blueprint.get("/verdelen/<int:allocation_id>")
@deciding
@belongs_to(HOME)
def allocation(allocation_id: int) -> ResponseReturnValue:
    """One scenario, part by part; the proposals for a place come first."""
    session, viewer = current_session(), the_viewer()
    record = weekly_views.get_allocation(session, viewer, allocation_id)
    part = request.args.get("deel", PARTS[0])
    if part not in PARTS:
        abort(404)
    names = weekly_views.names(session, viewer)
    standing = weekly_views.standings(session, viewer, [record])[record.id]
    context: dict[str, Any] = {}
    if part in _SORTS:
        page = weekly_views.list_lines(
            session,
            viewer,
            record.id,
            sorts=(_SORTS[part],),
            cursor=request.args.get("vanaf"),
            limit=LINES_A_PAGE,
        )
        context["lines"] = shown_lines(record, page.items, names)
        context["open_lines"] = sum(each.state is ProposalState.OPEN for each in page.items)
        context["next_cursor"] = page.next_cursor
    elif part == "leeg":
        context["empty_places"] = _empty_places(record, names)
    else:
        starts = record.figures["starts"]
        context["helps"] = [words.help_words(row, names, starts) for row in record.figures["helps"]]
    return render_template(
        "weekly/allocation.html",
        record=record,
        part=part,
        tabs=_tabs(record, standing, part),
        headline=_headline(standing),
        made=job_words.moment(record.made_at),
        is_of_today=record.on == today(),
        asked=words.floor_words(record.choice["floor"]),
        unkept=[words.unkept_words(why) for _pair, why in record.figures["unkept"]],
        seats_words=(words.price_words(record.figures["seats"]) if part == "programmas" else None),
        reasons=departing_words(),
        form=MatcherForm(formdata=None),
        accept_code=ACCEPT,
        later_code=_LATER,
        **context,
    )


@blueprint.post("/verdelen/<int:allocation_id>/lijst")
@deciding
@belongs_to(HOME)
def decide_list(allocation_id: int) -> ResponseReturnValue:
    """Decides about the lines of one page of a list, each as was chosen for it."""
    if not MatcherForm().validate():
        abort(400)
    part = request.form.get("deel", PARTS[0])
    wanted = {}
    for name, said in request.form.items():
        number = name.removeprefix("line-")
        if name != number and number.isdecimal() and len(number) < 10 and said != _LATER:
            wanted[int(number)] = said
    if any(said != ACCEPT and said not in departing_words() for said in wanted.values()):
        abort(400)
    outcome = weekly_decisions.decide_list(
        current_session(), the_viewer(), allocation_id, wanted, now=now()
    )
    tell(outcome)
    known = part if part in PARTS else PARTS[0]
    return redirect(url_for("weekly.allocation", allocation_id=allocation_id, deel=known), 303)


def tell(outcome: Outcome) -> None:
    """Says what became of a list; what could not be names its reasons, never a person."""
    accepted, departed = len(outcome.accepted), len(outcome.departed)
    if accepted:
        flash(
            ngettext(
                "%(num)s voorstel aangenomen. De kandidaat zegt nu zelf ja of nee.",
                "%(num)s voorstellen aangenomen. De kandidaten zeggen nu zelf ja of nee.",
                accepted,
            )
        )
    if departed:
        flash(
            ngettext(
                "Bij %(num)s voorstel anders besloten.",
                "Bij %(num)s voorstellen anders besloten.",
                departed,
            )
        )
    for why in sorted(set(outcome.not_possible.values())):
        count = sum(each == why for each in outcome.not_possible.values())
        flash(
            ngettext(
                "%(num)s voorstel kon niet meer. %(why)s",
                "%(num)s voorstellen konden niet meer. %(why)s",
                count,
                why=words.not_possible_words(why),
            ),
            "near",
        )
    if not (accepted or departed or outcome.not_possible):
        flash(_("U koos niets. Alles staat nog open."), "near")


def departing_words() -> dict[str, str]:
    """The reasons to decide otherwise, the same as everywhere."""
    return {
        code: said for code, said in reason_words().items() if code != DecisionReason.AGREES.value
    }


def shown_lines(
    record: AllocationRecord, lines: tuple[LineRecord, ...], names: Names
) -> list[Shown]:
    """Lines in words; whether a place fits is judged on the answers as they are now."""
    rows = weekly_views.pair_rows(current_session(), the_viewer(), record, lines)
    return [_shown(line, rows.get(line.id), names) for line in lines]


def _shown(line: LineRecord, row: Any, names: Names) -> Shown:
    place = names.places.get(line.vacancy_id or 0)
    through = words.group_words(line, names) if line.programme_id is not None else ""
    why, way_in = words.left_out_words(line, names) if line.reason is not None else ("", "")
    since = line.waiting_since
    return Shown(
        line=line,
        name=line.first_name or line.candidate,
        where=words.place_title(place) if line.vacancy_id is not None else through,
        firm="" if place is None else place.contractor,
        through=through if line.vacancy_id is not None else "",
        chips=() if row is None else chips_of(row, kind_of(row)),
        else_=tuple(words.what_else(line, names)),
        chip=words.state_chip(line),
        waits=None if since is None else max(0, (today() - since).days),
        why=why,
        way_in=way_in,
    )


def _empty_places(record: AllocationRecord, names: Names) -> list[dict[str, Any]]:
    found = []
    for row in record.figures["empty"]:
        place = names.places.get(row["vacancy_id"])
        if place is None:
            continue
        found.append(
            {
                "title": words.place_title(place),
                "about": f"{place.contractor} · {place.reference}",
                "places": row["places"],
                "people": row["people"],
                "free": row["without_place"],
                "known": row["site_hours_known"],
                "ways": words.fill_words(row["would_fill"]),
            }
        )
    return found


def _tabs(record: AllocationRecord, standing: Standing, part: str) -> list[dict[str, Any]]:
    figures = record.figures
    counted = (
        ("plekken", _("Werkplekken"), standing.of(Sort.PLACES)),
        ("programmas", _("Programma's"), standing.of(Sort.SEATS)),
        ("zonder", _("Zonder voorstel"), standing.of(Sort.LEFT_OUT)),
        ("leeg", _("Lege plekken"), len(figures["empty"])),
        ("helpt", _("Wat helpt"), None),
    )
    return [
        {
            "label": label,
            "count": count,
            "current": name == part,
            "url": url_for("weekly.allocation", allocation_id=record.id, deel=name),
        }
        for name, label, count in counted
    ]


def _headline(standing: Standing) -> str:
    waiting = standing.of(*PROPOSALS, state=ProposalState.OPEN)
    if not standing.of(*PROPOSALS):
        return _("Er is niets voor te stellen.")
    if not waiting:
        return _("Over alle voorstellen is besloten.")
    return ngettext(
        "%(num)s voorstel wacht op uw besluit.",
        "%(num)s voorstellen wachten op uw besluit.",
        waiting,
    )
