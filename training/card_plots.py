"""Plots of a card as SVG; the same figures give the same bytes."""

from __future__ import annotations

import io
from typing import Any

from training.card_texts import named, say

INK = "#1b2a32"
QUIET = "#8a979e"
OURS = "#0b6e69"
OTHER = "#c98a1b"


def _figure(width: float, height: float, panels: int = 1) -> tuple[Any, list[Any]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(1, panels, squeeze=False)[0].tolist()
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.spines[["left", "bottom"]].set_color(QUIET)
        axis.tick_params(colors=INK, labelsize=9)
        axis.grid(color="#e6eaec", linewidth=0.8)
        axis.set_axisbelow(True)
    return figure, axes


def _svg(figure: Any) -> bytes:
    from matplotlib import rc_context

    held = io.BytesIO()
    with rc_context({"svg.hashsalt": "matcher", "svg.fonttype": "path"}):
        figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    return held.getvalue()


def calibration(told: dict[str, Any], lang: str) -> bytes:
    """Predicted against what came true, in equal-count bins."""
    figure, (axis,) = _figure(6.4, 4.2)
    bins = told["bins"]
    across = [each["predicted"] for each in bins]
    up = [each["happened"] for each in bins]
    low, high = min(across + up) - 0.04, max(across + up) + 0.04
    axis.plot([low, high], [low, high], color=QUIET, linewidth=1, linestyle="--")
    error = [
        1.96 * (max(h * (1 - h), 0) / each["rows"]) ** 0.5 for h, each in zip(up, bins, strict=True)
    ]
    axis.errorbar(across, up, yerr=error, fmt="o", color=OURS, ecolor=OURS, markersize=6,
                  elinewidth=1.2, capsize=2)  # fmt: skip
    axis.set_xlim(low, high)
    axis.set_ylim(low - max(error) * 0.6, high + max(error) * 0.6)
    axis.set_xlabel(say("predicted", lang), color=INK)
    axis.set_ylabel(say("happened", lang), color=INK)
    return _svg(figure)


def comparison(evaluation: dict[str, Any], chosen: str, lang: str) -> bytes:
    """AUC and Brier score of all, with intervals."""
    names = list(evaluation["learners"])
    figure, axes = _figure(7.6, 0.55 * len(names) + 1.1, panels=2)
    for axis, metric, title in zip(axes, ("auc", "brier"), ("AUC", "Brier"), strict=True):
        for row, name in enumerate(reversed(names)):
            told = evaluation["learners"][name][metric]
            colour = OURS if name == chosen else QUIET
            axis.plot([told["low"], told["high"]], [row, row], color=colour, linewidth=2.4,
                      solid_capstyle="round")  # fmt: skip
            axis.plot([told["value"]], [row], "o", color=colour, markersize=7)
        axis.set_yticks(range(len(names)))
        shown = [named(name, lang) for name in reversed(names)]
        axis.set_yticklabels(shown if metric == "auc" else [])
        axis.set_ylim(-0.6, len(names) - 0.4)
        axis.locator_params(axis="x", nbins=5)
        axis.set_title(title, color=INK, fontsize=10, loc="left")
    return _svg(figure)


def decision_curve(evaluation: dict[str, Any], chosen: str, lang: str) -> bytes:
    """Net benefit by threshold."""
    figure, (axis,) = _figure(6.2, 3.8)
    curve = evaluation["decision_curve"]
    across = [point["threshold"] for point in curve]
    lines = ((chosen, OURS, "-"), ("rule_score", OTHER, "-"), ("everyone", QUIET, "--"))
    for name, colour, style in lines:
        axis.plot(across, [point[name] for point in curve], color=colour, linestyle=style,
                  linewidth=2, label=named(name, lang))  # fmt: skip
    top = max(point[chosen] for point in curve)
    axis.axhline(0, color=INK, linewidth=0.8)
    axis.set_ylim(-0.15 * top - 0.01, 1.1 * top + 0.01)
    axis.set_xlabel(say("threshold", lang), color=INK)
    axis.set_ylabel(say("benefit", lang), color=INK)
    axis.legend(frameon=False, fontsize=9)
    return _svg(figure)


def flags(option: dict[str, Any], lang: str) -> bytes:
    """Share wrongly flagged by group."""
    rows = [
        (f"{group}: {name}", member["false_flag_rate"])
        for group, told in option["groups"].items()
        for name, member in told["members"].items()
        if member["false_flag_rate"]["value"] is not None
    ]
    figure, (axis,) = _figure(6.6, 0.5 * max(len(rows), 1) + 1.0)
    for place, (_, told) in enumerate(reversed(rows)):
        axis.plot([told["low"], told["high"]], [place, place], color=OURS, linewidth=2.4,
                  solid_capstyle="round")  # fmt: skip
        axis.plot([told["value"]], [place], "o", color=OURS, markersize=7)
    axis.set_yticks(range(len(rows)))
    axis.set_yticklabels([label for label, _ in reversed(rows)])
    axis.set_ylim(-0.6, len(rows) - 0.4)
    axis.set_xlim(left=0)
    axis.set_xlabel(say("flagged", lang), color=INK)
    return _svg(figure)
