"""The terms of following people who started work, on a day, and what each answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.follow_up import Asking, Meaning, asking_of
from matcher.reference.codes import load_codes
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

STATUSES = "outcome_statuses"


@dataclass(frozen=True, slots=True)
class FollowUpTerms:
    """What holds on one day; every length of time in days."""

    months: tuple[int, ...]
    opens_before: timedelta
    unknown_after: timedelta
    first_week: timedelta
    first_month: timedelta
    asked_ahead: timedelta
    before_pay: timedelta
    missed: int
    missed_within: timedelta
    late_after: timedelta
    call_firm_before: time
    news: timedelta
    smallest: int
    feed_ahead: timedelta
    feed_link: timedelta

    def askings(self, start: date) -> tuple[Asking, ...]:
        """When each question about a start on that day is open."""
        return tuple(
            asking_of(start, months, before=self.opens_before, after=self.unknown_after)
            for months in self.months
        )


def load_follow_up_terms(on: date) -> FollowUpTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "follow-up.yaml")
    row = {name: _row_on(content, name, on) for name in _NAMES}
    outcomes, contacts, signals = row["outcomes"], row["contacts"], row["signals"]
    return FollowUpTerms(
        months=tuple(outcomes["months"]),
        opens_before=timedelta(days=outcomes["opens_days_before"]),
        unknown_after=timedelta(days=outcomes["unknown_after_days"]),
        first_week=timedelta(days=contacts["first_week_days"]),
        first_month=timedelta(days=contacts["first_month_days"]),
        asked_ahead=timedelta(days=contacts["asked_ahead_days"]),
        before_pay=timedelta(days=row["pay"]["days_before"]),
        missed=signals["missed"],
        missed_within=timedelta(days=signals["within_days"]),
        late_after=timedelta(days=signals["late_after_days"]),
        news=timedelta(days=signals["news_days"]),
        call_firm_before=time.fromisoformat(row["no_show"]["call_firm_before"]),
        smallest=row["figures"]["smallest"],
        feed_ahead=timedelta(days=row["feed"]["days_ahead"]),
        feed_link=timedelta(days=row["feed"]["link_days"]),
    )


def outcome_meanings() -> dict[str, Meaning]:
    """What each answer says about working, and about working at this employer."""
    codes = load_codes().list(STATUSES).codes.values()
    return {
        code.code: Meaning(_KNOWN[code.attributes["works"]], _KNOWN[code.attributes["here"]])
        for code in codes
    }


def statuses_for(source: str) -> tuple[str, ...]:
    """The answers that a source can choose from, in the order of the list."""
    codes = load_codes().list(STATUSES).codes.values()
    return tuple(code.code for code in codes if source in code.attributes["given_by"].split("|"))


_KNOWN: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}
_NAMES = ("outcomes", "contacts", "pay", "signals", "no_show", "figures", "feed")


def _row_on(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/follow-up.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in _NAMES:
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(f"parameters/follow-up.yaml: {row['source']} is not in sources")
    return content
