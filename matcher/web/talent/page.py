"""The page itself: one sentence, then by month, then by sector, each with its table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, render_template, request
from flask_babel import format_date

from matcher.domain.access import NOBODY
from matcher.domain.errors import NotFound
from matcher.domain.public_counts import PublicEmployer
from matcher.domain.vocabulary import section_of
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import viewer_or_nobody
from matcher.http.permissions import public
from matcher.http.translate import gettext as _
from matcher.reference.codes import load_codes
from matcher.reference.talent import load_talent_terms
from matcher.services.talent import Counting, talent_of
from matcher.services.visibility import Kind, Stage, show
from matcher.web.codes import codes_of, label_of
from matcher.web.social_return.words import money
from matcher.web.talent.blueprint import blueprint


@dataclass(frozen=True, slots=True)
class MonthLine:
    """How many can start in a month or before; `percent` is of the longest bar."""

    label: str
    count: int | None
    percent: float


@dataclass(frozen=True, slots=True)
class SectorLine:
    """A sector: who wants to work there, who of them can soon, and the larger parts of it."""

    label: str
    wanted: int | None
    soon: int | None
    wanted_percent: float
    soon_percent: float
    parts: tuple[tuple[str, int], ...]


@blueprint.get("/talent")
@public
def page() -> Any:
    """Who looks for work in a region: without signing in, and the same for everybody."""
    found = talent_of(current_session(), _region(), on=today())
    values = show(Kind.TALENT, _values(found), NOBODY.rights, Stage.PUBLIC)
    lines = _sectors(values["wanted"], values["soon"])
    return render_template(
        "talent/page.html",
        region=label_of("regions", values["region"]),
        region_code=values["region"],
        total=values["can_start"][-1][1],
        own=values["own"],
        own_percent=_own_percent(values["own"]),
        money=money,
        months=_months(values["can_start"]),
        sectors=[line for line in lines if line.wanted is not None],
        small=sorted(line.label for line in lines if line.wanted is None),
        lines=lines,
        counted_on=values["as_of"],
        counts_again_on=values["until"],
        terms=load_talent_terms(values["as_of"]),
    )


def _region() -> str:
    """The region that is asked for, else the viewer's own, else that of this installation."""
    asked = request.args.get("regio")
    if asked is not None and asked not in load_codes().list("regions"):
        raise NotFound("region")
    region: str = asked or viewer_or_nobody().region or current_app.config["REGION"]
    return region


def _values(found: Counting) -> dict[str, Any]:
    return {
        "region": found.region,
        "as_of": found.on,
        "until": found.until,
        "can_start": found.months,
        "wanted": found.shown.wanted,
        "soon": found.shown.soon,
        "own": found.own,
    }


def _months(months: list[tuple[date, int | None]]) -> list[MonthLine]:
    most = max((count for _month, count in months if count is not None), default=1)
    return [
        MonthLine(
            _("nu") if at == 0 else str(format_date(month, "MMMM")),
            count,
            _percent(count, most),
        )
        for at, (month, count) in enumerate(months)
    ]


def _sectors(wanted: dict[str, int], soon: dict[str, int]) -> list[SectorLine]:
    """Every section, the largest first; sections with equal numbers by their names."""
    most = max(wanted.values(), default=1)
    sections = [code.code for code in codes_of("sectors") if code.code == section_of(code.code)]
    lines = []
    for section in sections:
        parts = [code for code in wanted if section_of(code) == section != code]
        lines.append(
            SectorLine(
                label=label_of("sectors", section),
                wanted=wanted.get(section),
                soon=soon.get(section),
                wanted_percent=_percent(wanted.get(section), most),
                soon_percent=_percent(soon.get(section), most),
                parts=tuple(
                    (label_of("sectors", code), wanted[code])
                    for code in sorted(parts, key=lambda code: (-wanted[code], code))
                ),
            )
        )
    return sorted(lines, key=lambda line: (-(line.wanted or 0), -(line.soon or 0), line.label))


def _own_percent(own: PublicEmployer | None) -> float:
    """How much of what the municipality owes itself is done; the whole bar for more than that."""
    if own is None or not own.owed_cents:
        return 0.0
    return min(_percent(own.done_cents, own.owed_cents), 100.0)


def _percent(count: int | None, most: int) -> float:
    return 0.0 if count is None else round(100 * count / most, 2)
