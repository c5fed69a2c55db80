"""The look stands in one file, and everything in it can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import matcher.web

STATIC = Path(matcher.web.__file__).parent / "static"
TOKENS = dict(
    re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (STATIC / "theme.css").read_text(encoding="utf-8"))
)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink", "card"),
        ("ink", "sun-wash"),
        ("ink", "sky-wash"),
        ("ink", "deep-wash"),
        ("ink-soft", "paper"),
        ("ink-soft", "card"),
        ("ink-soft", "deep-wash"),
        ("deep", "paper"),
        ("deep", "card"),
        ("card", "deep"),
        ("card", "deep-dark"),
        ("deep-dark", "deep-wash"),
        ("sun", "card"),
        ("sun-dark", "sun-wash"),
        ("brick", "card"),
        ("brick-dark", "card"),
        ("brick-dark", "brick-wash"),
        ("sky", "card"),
        ("sky-dark", "sky-wash"),
        ("ink", "track"),
    ],
)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert _contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(
    ("edge", "ground"),
    [
        ("edge", "card"),
        ("edge", "paper"),
        ("deep", "card"),
        ("ink", "deep"),
        ("sky", "sky-wash"),
        ("sun", "track"),
        ("deep", "track"),
        ("brick", "track"),
    ],
)
def test_what_one_has_to_see_stands_out_from_its_ground(edge: str, ground: str) -> None:
    least = 3 if (edge, ground) != ("ink", "deep") else 2
    assert _contrast(TOKENS[edge], TOKENS[ground]) >= least


def test_colours_stand_in_the_theme_and_nowhere_else() -> None:
    for path in [*STATIC.rglob("*.css"), *STATIC.parent.rglob("templates/**/*.html")]:
        if path.name == "theme.css":
            continue
        found = re.findall(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=[;\s])", path.read_text("utf-8"))
        assert found == [], path.name


def test_nothing_of_bootstrap_is_copied_into_the_repository() -> None:
    for path in STATIC.rglob("*"):
        if path.is_file():
            assert path.stat().st_size < 40_000, path.name
            assert "getbootstrap" not in path.read_text("utf-8"), path.name
