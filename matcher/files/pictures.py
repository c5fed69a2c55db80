"""Pictures of figures with their intervals, as SVG; the same figures give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.intervals import Interval
from matcher.files.writing import write_bytes

INK, INK_SOFT, LINE, CARD = "#14231f", "#4a5b56", "#dcded6", "#ffffff"
DEEP, SUN, BRICK, SKY = "#0b5a53", "#b35900", "#9c2f22", "#2f5d8c"
"""The colours of the pages (``matcher/web/static``); they stay apart in grey, as the shapes do."""
FONT = "DejaVu Sans"
"""Comes with the library, so that every machine draws the same."""
WIDE = 11.0
"""In inches: a page of A4 on its side."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one row is drawn: its name, its colour and its shape (of matplotlib)."""

    label: str
    colour: str
    shape: str
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure for each mark; `unit` stands under the axis, `at` draws a line with its text.

    `span` is what the axis shows at least: the same for panels that are to be compared.
    """

    title: str
    unit: str
    figures: Sequence[Interval]
    digits: int = 1
    at: tuple[float, str] | None = None
    span: tuple[float, ...] = ()


def require_plots() -> None:
    """InvalidInput where the library that draws is not installed."""
    try:
        import matplotlib  # noqa: F401 - only whether it is there
    except ModuleNotFoundError:
        why = "need the extra plots: pip install 'matcher[plots]'"
        raise InvalidInput([Problem("plots", why)]) from None


def write_picture(path: Path, data: bytes) -> None:
    """`data` to `path`, whose folder is made; InvalidInput when it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"cannot be made: {error.strerror}; name another folder"
        raise InvalidInput([Problem(str(path.parent), why)]) from None
    write_bytes(path, data)


def intervals_svg(
    title: str, note: str, marks: Sequence[Mark], panels: Sequence[Panel], columns: int
) -> bytes:
    """Panels side by side, a row for each mark: a dot at the figure, a line over its interval.

    The figure itself stands beside the dot, and the names of the marks at the left of each row of
    panels, so that nothing depends on colour.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    deep = -(-len(panels) // columns)
    held = io.BytesIO()
    with rc_context({"svg.hashsalt": "matcher", "svg.fonttype": "path", "font.family": FONT}):
        height = deep * (0.36 * len(marks) + 1.0) + 1.1
        spaced = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12, rect=(0, 0.02, 1, 0.98))
        figure = Figure(figsize=(WIDE, height), layout=spaced, facecolor=CARD)
        figure.suptitle(title, x=0.01, ha="left", color=INK, fontsize=15, fontweight="bold")
        figure.supxlabel(note, x=0.01, ha="left", color=INK_SOFT, fontsize=9)
        axes = figure.subplots(deep, columns, squeeze=False)
        for index, axis in enumerate(axes.ravel()):
            if index < len(panels):
                _draw(axis, panels[index], marks, named=index % columns == 0)
            else:
                axis.axis("off")
        figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    return held.getvalue()


def _draw(axis: Any, panel: Panel, marks: Sequence[Mark], *, named: bool) -> None:
    rows = range(len(marks))[::-1]
    ends = list(panel.span)
    for row, mark, figure in zip(rows, marks, panel.figures, strict=True):
        if figure.low is not None and figure.high is not None:
            axis.plot([figure.low, figure.high], [row, row], color=mark.colour, linewidth=2.2)
            ends += [figure.low, figure.high]
        inside = mark.colour if mark.filled else CARD
        axis.plot([figure.value], [row], mark.shape, color=mark.colour, markersize=7,
                  markerfacecolor=inside, markeredgewidth=1.6)  # fmt: skip
        axis.annotate(f"{figure.value:.{panel.digits}f}", (1, row), xytext=(5, 0),
                      xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
                      color=INK, fontsize=9, annotation_clip=False)  # fmt: skip
        ends.append(figure.value)
    if panel.at is not None:
        value, text = panel.at
        ends.append(value)
        axis.axvline(value, color=INK_SOFT, linewidth=1, linestyle="--")
        axis.annotate(text, (value, 1), xycoords=("data", "axes fraction"), xytext=(4, 3),
                      textcoords="offset points", color=INK_SOFT, fontsize=8.5)  # fmt: skip
    spread = max(ends) - min(ends) or 1.0
    axis.set_xlim(min(ends) - 0.1 * spread, max(ends) + 0.1 * spread)
    axis.set_ylim(-0.6, len(marks) - 0.4)
    axis.set_yticks(list(rows))
    axis.set_yticklabels([mark.label for mark in marks] if named else [])
    axis.locator_params(axis="x", nbins=4)
    axis.set_title(panel.title, loc="left", color=INK, fontsize=11, pad=16 if panel.at else 8)
    axis.set_xlabel(panel.unit, color=INK_SOFT, fontsize=9)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color(LINE)
    axis.tick_params(axis="x", colors=INK_SOFT, labelsize=9)
    axis.tick_params(axis="y", colors=INK, labelsize=10, length=0)
    axis.grid(axis="x", color=LINE, linewidth=0.8)
    axis.set_axisbelow(True)
