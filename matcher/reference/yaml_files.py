"""YAML files of the data folder, read safely and with the fast loader where it was built in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The document in `path`; only plain values can come out of it."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """The document in `text`; only plain values can come out of it."""
    # Both loaders are safe ones; the checkers cannot see that through the name.
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  # nosec B506


class _Whole(yaml.SafeDumper):
    """Writes every part out, also one that stands elsewhere too."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never a reference to another part."""
        return True


def write_yaml(document: Any) -> str:
    """`document` as YAML that a person can read, its keys in the order they have."""
    text: str = yaml.dump(document, Dumper=_Whole, sort_keys=False, allow_unicode=True, width=100)
    return text


def reference_line(text: str) -> int | None:
    """The first line on which `text` refers to another part of itself; None where it nowhere does.

    Such references make a small text very large, so that nobody may send one.
    """
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            return 1 if event.start_mark is None else int(event.start_mark.line) + 1
    return None
