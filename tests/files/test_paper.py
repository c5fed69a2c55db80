"""A page on paper: the same bytes for the same content, and every word in it."""

from __future__ import annotations

import re
import zlib

import pytest

from matcher.files.paper import Grid, Paper, Plot, Section, write_paper

PAPER = Paper(
    title="Weekbericht één – proef",
    lead=("52 plekken open. 12 mensen kunnen nu.",),
    sections=(
        Section("Deze week", grid=Grid(("Wat", "Nu"), (("Plekken <open> & meer", "52"),))),
        Section("Komend", plot=Plot((1, 2, 3), (1, 3, 5), 6, "Van 1 tot 3.")),
        Section("Leeg", ("Niets.",), Grid(("Wat",), ())),
    ),
    foot="Matcher geeft advies.",
    language="nl",
)


def test_the_same_content_gives_the_same_bytes() -> None:
    first = write_paper(PAPER)
    assert first == write_paper(PAPER)
    assert first.startswith(b"%PDF-")
    assert b"/Lang" in first
    for words in (b"12 mensen kunnen nu.", b"Deze week", b"Van 1 tot 3."):
        assert words in first, "a check of what leaves reads the words"
    assert first.count(b"/Type /Page\n") + first.count(b"/Type /Page ") >= 1


@pytest.mark.parametrize("numbers", [(0,), (0, 0), (7, 7, 7)])
def test_a_picture_of_little_or_nothing_is_drawn(numbers: tuple[int, ...]) -> None:
    plot = Plot(numbers, numbers, 0, "Niets.")
    section = Section("Komend", plot=plot)
    paper = Paper("Titel", (), (section,), "Voet", "nl")
    assert write_paper(paper).startswith(b"%PDF-")


def test_a_long_table_goes_on_on_the_next_page() -> None:
    rows = tuple((f"Regel {number}", str(number)) for number in range(120))
    paper = Paper("Titel", (), (Section("Lang", grid=Grid(("Wat", "Nu"), rows)),), "Voet", "nl")
    content = write_paper(paper)
    counts = [int(count) for count in re.findall(rb"/Count (\d+)", content)]
    assert max(counts) >= 3
    assert zlib.crc32(content) == zlib.crc32(write_paper(paper))
