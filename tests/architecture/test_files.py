"""The shape of the tree: small files, telling names, nothing that belongs to one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES_MAXIMUM = 420
"""About 400: a file that outgrows it holds two things."""

VAGUE_NAMES = {"utils.py", "helpers.py", "misc.py", "common.py", "util.py"}
LEFT_OPEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|raise Not" r"ImplementedError")
ELSEWHERE = re.compile(r"py[p]i\.org|python[h]osted|registry\.npm[j]s|deb\.de[b]ian")


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, or about to be."""
    listed = subprocess.run(  # noqa: S603 - git on our own tree
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


PYTHON = tracked("*.py")


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_small_and_says_what_it_holds(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES_MAXIMUM
    assert path.name not in VAGUE_NAMES
    assert not LEFT_OPEN.search(text)


def test_no_file_names_a_package_registry():
    for path in tracked():
        if path.suffix in (".png", ".woff2", ".xlsx", ".parquet", ".zip", ".ico"):
            continue
        found = ELSEWHERE.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{path.relative_to(ROOT)} names {found[0]}"
