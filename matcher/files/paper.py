"""A page on paper: headings, paragraphs, tables and one picture, as a PDF of the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Polygon, PolyLine
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

_INK, _SOFT, _LINE = HexColor("#14231f"), HexColor("#4a5b56"), HexColor("#dcded6")
_DEEP, _MAYBE, _SUN = HexColor("#0b5a53"), HexColor("#bcd3d0"), HexColor("#b35900")
_MARGIN = 20 * mm
_PADDING = 6
"""What a frame leaves free on each side."""
_WIDTH = A4[0] - 2 * (_MARGIN + _PADDING)
_PLOT = 50 * mm
_FONT, _BOLD = "Vera", "VeraBd"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: columns after the first hold numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture by week: an area, one on top of it, and a line across; `words` say the same."""

    sure: tuple[int, ...]
    maybe: tuple[int, ...]
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it."""

    title: str
    text: tuple[str, ...] = ()
    grid: Grid | None = None
    plot: Plot | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """What a page on paper says; `language` is for who listens to it."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str
    language: str


def write_paper(paper: Paper) -> bytes:
    """The PDF; the same content gives the same bytes, whenever it is made."""
    for name in (_FONT, _BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    output = BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=paper.title,
        author="matcher",
        lang=paper.language,
        invariant=1,
        # Whoever checks what leaves the service reads the words as they are.
        pageCompression=0,
    )

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont(_FONT, 8)
        canvas.setFillColor(_SOFT)
        canvas.drawString(_MARGIN + _PADDING, 12 * mm, paper.foot)
        canvas.drawRightString(A4[0] - _MARGIN - _PADDING, 12 * mm, str(page.page))

    document.build(list(_story(paper)), onFirstPage=foot, onLaterPages=foot)
    return output.getvalue()


def _style(size: float, *, bold: bool = False, **more: Any) -> ParagraphStyle:
    values = {"leading": size * 1.4, "textColor": _INK, **more}
    return ParagraphStyle("", fontName=_BOLD if bold else _FONT, fontSize=size, **values)


def _text(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(words), style)


def _story(paper: Paper) -> list[Flowable]:
    found: list[Flowable] = [_text(paper.title, _style(20, bold=True, spaceAfter=6))]
    found += [_text(words, _style(12, spaceAfter=4)) for words in paper.lead]
    for section in paper.sections:
        part: list[Flowable] = [
            Spacer(1, 14),
            _text(section.title, _style(13, bold=True, spaceAfter=4)),
        ]
        if section.plot is not None:
            part += [
                _drawing(section.plot),
                _text(section.plot.words, _style(9, textColor=_SOFT, spaceAfter=4)),
            ]
        if section.grid is not None and section.grid.rows:
            part.append(_table(section.grid))
        part += [_text(words, _style(10, spaceBefore=4)) for words in section.text]
        found.append(KeepTogether(part))
    return found


def _table(grid: Grid) -> Table:
    head, first = _style(9, textColor=_SOFT), _style(10)
    head_number = _style(9, textColor=_SOFT, alignment=TA_RIGHT)
    number = _style(10, alignment=TA_RIGHT)
    rows = [[_text(w, head if at == 0 else head_number) for at, w in enumerate(grid.head)]]
    rows += [
        [_text(words, first if at == 0 else number) for at, words in enumerate(row)]
        for row in grid.rows
    ]
    others = len(grid.head) - 1
    each = min(26 * mm, _WIDTH * 0.62 / max(others, 1))
    table = Table(
        rows, colWidths=[_WIDTH - each * others, *[each] * others], repeatRows=1, hAlign="LEFT"
    )
    table.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 1), (-1, -1), 0.5, _LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _drawing(plot: Plot) -> Drawing:
    top = max(plot.line, *plot.maybe, 1)
    last = max(len(plot.sure) - 1, 1)

    def points(numbers: Sequence[int]) -> list[float]:
        return [
            value
            for week, number in enumerate(numbers)
            for value in (_WIDTH * week / last, _PLOT * number / top)
        ]

    drawing = Drawing(_WIDTH, _PLOT + 6)
    for numbers, colour in ((plot.maybe, _MAYBE), (plot.sure, _DEEP)):
        drawing.add(
            Polygon([0, 0, *points(numbers), _WIDTH, 0], fillColor=colour, strokeColor=None)
        )
    height = _PLOT * plot.line / top
    drawing.add(PolyLine([0, height, _WIDTH, height], strokeColor=_SUN, strokeWidth=2))
    drawing.add(Line(0, 0, _WIDTH, 0, strokeColor=_LINE))
    return drawing
