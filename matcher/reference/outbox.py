"""How often, with which pauses and how long a message is tried, on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class SendingRules:
    """`pauses` between tries, the last one repeated; `lease` is how long one try may take."""

    pauses: tuple[timedelta, ...]
    give_up_after: timedelta
    lease: timedelta
    timeout: timedelta

    def pause_after(self, attempts: int) -> timedelta:
        """How long to wait after so many tries."""
        return self.pauses[min(attempts, len(self.pauses)) - 1]


def load_sending_rules(on: date) -> SendingRules:
    """The rules that hold on `on`; ValueError when none does."""
    content = _content(data_dir() / "parameters" / "outbox.yaml")
    sending, claiming = (_row_on(content[name], on, name) for name in ("sending", "claiming"))
    return SendingRules(
        pauses=tuple(timedelta(minutes=minutes) for minutes in sending["pauses_minutes"]),
        give_up_after=timedelta(hours=sending["give_up_after_hours"]),
        lease=timedelta(seconds=claiming["lease_seconds"]),
        timeout=timedelta(seconds=claiming["timeout_seconds"]),
    )


def _row_on(rows: list[dict[str, Any]], on: date, name: str) -> dict[str, Any]:
    for row in rows:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            return row
    raise ValueError(f"parameters/outbox.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
