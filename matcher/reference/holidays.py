"""The national holidays, each with when it holds: ``data/parameters/holidays.yaml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from matcher.domain.working_days import Holiday
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


def load_holidays() -> tuple[Holiday, ...]:
    """Every holiday that was one or will be; ValueError for one without a source."""
    return _holidays(data_dir() / "parameters" / "holidays.yaml")


@lru_cache(maxsize=8)
def _holidays(path: Path) -> tuple[Holiday, ...]:
    content = read_yaml(path)
    for row in content["holidays"]:
        if row["source"] not in content["sources"]:
            raise ValueError(f"parameters/holidays.yaml: {row['source']} is not one of sources")
    return tuple(
        Holiday(
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            month=row.get("month", 0),
            day=row.get("day", 0),
            easter=row.get("easter"),
            before_sunday=row.get("sunday") == "before",
        )
        for row in content["holidays"]
    )
