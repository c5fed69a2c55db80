"""The tabs of the queue: what changed, everybody, the lanes, and who is further elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from matcher.domain.vocabulary import Lane
from matcher.http.translate import gettext as _
from matcher.services.caseload import BY_PERSON, UNASSESSED
from matcher.web.codes import label_of

CHANGES = "changes"
ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Tab:
    """One list with how many people are in it; None where that is not counted."""

    code: str | None
    label: str
    url: str
    current: bool
    count: int | None


def queue_tabs(
    counts: Mapping[str, int],
    current: str | None,
    sector: str | None = None,
    focus: str | None = None,
) -> list[Tab]:
    """What changed comes first; `current` is None for everybody; other filters go along."""

    def listed(code: str | None, label: str, count: int) -> Tab:
        url = url_for("talent_centre.people", baan=code, sector=sector, toon=focus)
        return Tab(code, label, url, code == current, count)

    changed = Tab(
        CHANGES,
        _("Sinds uw vorige bezoek"),
        url_for("talent_centre.changes"),
        current == CHANGES,
        None,
    )
    found = [changed, listed(None, _("Iedereen"), sum(counts.values()))]
    found += [listed(each, label_of("lanes", each), counts.get(each, 0)) for each in Lane]
    if counts.get(UNASSESSED):
        found.append(listed(UNASSESSED, _("Nog geen advies"), counts[UNASSESSED]))
    if counts.get(BY_PERSON):
        found.append(listed(BY_PERSON, _("Advies door een mens"), counts[BY_PERSON]))
    found.append(
        Tab(
            ELSEWHERE,
            _("Elders verder"),
            url_for("talent_centre.elsewhere"),
            current == ELSEWHERE,
            None,
        )
    )
    return found
