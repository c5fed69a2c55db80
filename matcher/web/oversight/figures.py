"""The first page: how often the advice is followed, in a sentence, and then by lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.domain.access import Right
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.oversight import load_oversight_terms
from matcher.services.audit import head_text
from matcher.services.contribution_checks import to_look_at as drawn
from matcher.services.displacement import to_look_at
from matcher.services.displacement_reports import open_reports
from matcher.services.oversight import LaneFigure, acceptance, agreement
from matcher.web.codes import label_of
from matcher.web.navigation import belongs_to
from matcher.web.oversight.blueprint import HOME, blueprint, overseeing


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One lane in words; `percent` is None where there is too little to show."""

    lane: str
    percent: int | None
    words: str
    is_alarm: bool


@blueprint.get("/toezicht")
@overseeing
@belongs_to(HOME)
def figures() -> ResponseReturnValue:
    """Is the advice followed too easily, do people judge alike, and is the log whole."""
    session, viewer, on = current_session(), the_viewer(), today()
    followed, alike = acceptance(session, viewer, on=on), agreement(session, viewer, on=on)
    position, _colon, last_hash = head_text(session).partition(":")
    return render_template(
        "oversight/figures.html",
        headline=_headline(followed),
        followed=[_line(figure, _followed_words) for figure in followed],
        alike=[_line(figure, _alike_words) for figure in alike],
        alike_sentence=_alike_sentence(alike),
        terms=load_oversight_terms(on),
        waiting=len(to_look_at(session, viewer)) if viewer.has(Right.OFFICER) else None,
        reported=len(open_reports(session, viewer)) if viewer.has(Right.OFFICER) else 0,
        to_check=len(drawn(session, viewer)) if viewer.has(Right.OFFICER) else None,
        position=int(position),
        head=f"{position}:{last_hash}",
    )


def _headline(followed: Sequence[LaneFigure]) -> str:
    alarms = [label_of("lanes", figure.lane) for figure in followed if figure.is_alarm]
    if alarms:
        return ngettext(
            "Eén advies wordt bijna altijd gevolgd: %(lanes)s.",
            "%(num)s adviezen worden bijna altijd gevolgd: %(lanes)s.",
            len(alarms),
            lanes=", ".join(alarms),
        )
    shares = [figure.percent for figure in followed if figure.percent is not None]
    if not shares:
        return _("Er zijn nog te weinig keuzes om iets te zeggen.")
    if min(shares) == max(shares):
        return _("Het advies wordt in %(share)s %% van de keuzes gevolgd.", share=shares[0])
    return _(
        "Het advies wordt in %(low)s tot %(high)s %% van de keuzes gevolgd.",
        low=min(shares),
        high=max(shares),
    )


def _alike_sentence(alike: Sequence[LaneFigure]) -> str:
    count = sum(figure.count or 0 for figure in alike)
    same = sum(figure.same or 0 for figure in alike)
    return _("%(same)s van de %(count)s keer dacht men vooraf hetzelfde.", same=same, count=count)


def _line(figure: LaneFigure, words: Callable[[LaneFigure], str]) -> FigureLine:
    lane = label_of("lanes", figure.lane)
    if figure.percent is None:
        return FigureLine(lane, None, _("te weinig om te tonen"), is_alarm=False)
    return FigureLine(lane, figure.percent, words(figure), figure.is_alarm)


def _followed_words(figure: LaneFigure) -> str:
    return _("%(same)s van de %(count)s keer gevolgd", same=figure.same, count=figure.count)


def _alike_words(figure: LaneFigure) -> str:
    return _("%(same)s van de %(count)s keer hetzelfde", same=figure.same, count=figure.count)
