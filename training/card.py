"""Model card and data sheet of a run, in Dutch and English, for people who must account for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from matcher.domain.errors import InvalidInput, Problem
from matcher.scoring.artefact import load
from matcher.scoring.manifest import RANKS, Manifest
from training import card_plots
from training.card_render import Paragraph, Plot, Section, Table, html, markdown
from training.card_texts import named, say
from training.checks import Finding
from training.promotion import Gate, gates
from training.runs import RUN
from training.steps import AUDIT, CHECKS, EVALUATION, artefact_in

LANGUAGES: Final = ("nl", "en")


def write_cards(folder: Path) -> list[Path]:
    """``card`` and ``data-sheet`` as .md and .html in each language, with their plots."""
    _require_plots()
    run = _Run(folder)
    written = []
    for lang in LANGUAGES:
        for stem, title, sections in (
            ("card", say("card", lang), run.card(lang)),
            ("data-sheet", say("sheet", lang), run.sheet(lang)),
        ):
            title = f"{title}: {run.manifest.cohort}"
            for block in (block for section in sections for block in section.blocks):
                if isinstance(block, Plot):
                    (folder / block.file).write_bytes(block.svg)
            for ending, text in (
                ("md", markdown(title, sections)),
                ("html", html(title, sections, lang)),
            ):
                path = folder / f"{stem}.{lang}.{ending}"
                path.write_text(text, encoding="utf-8")
                written.append(path)
    return written


def _require_plots() -> None:
    try:
        import matplotlib  # noqa: F401 - only whether it is there
    except ModuleNotFoundError:
        why = "needs the extra training: pip install 'matcher[training]'"
        raise InvalidInput([Problem("card", why)]) from None


def _shown(told: dict[str, Any], digits: int = 3) -> str:
    if told["value"] is None:
        return "-"
    values = (told["value"], told["low"], told["high"])
    value, low, high = (f"{number:.{digits}f}" for number in values)
    return f"{value} ({low} – {high})"


def _percent(share: float) -> str:
    return f"{share:.0%}"


class _Run:
    """What a run folder holds, as sections."""

    def __init__(self, folder: Path) -> None:
        self.manifest: Manifest = load(artefact_in(folder)).manifest
        self.run = _read(folder / RUN)
        self.evaluation = _read(folder / EVALUATION)
        self.checks = _read(folder / CHECKS)
        audit = folder / AUDIT
        self.audit = _read(audit) if audit.is_file() else None

    def gates(self, lang: str) -> list[Gate]:
        """The gates of promotion, as they stand without asking for production."""
        return gates(
            self.manifest.learner,
            self.evaluation,
            [Finding(**finding) for finding in self.checks["findings"]],
            is_synthetic=self.manifest.is_synthetic,
            in_production=False,
            lang=lang,
        )

    @property
    def told(self) -> dict[str, Any]:
        """The evaluation of the learner that was chosen."""
        found: dict[str, Any] = self.evaluation["learners"][self.manifest.learner]
        return found

    def card(self, lang: str) -> list[Section]:
        """The model card."""
        return [
            self._short(lang),
            self._use(lang),
            self._worth(lang),
            self._calibration(lang),
            self._curve(lang),
            *self._fairness(lang),
            Section(say("limits", lang), [Paragraph(say("limits_text", lang))]),
            self._made(lang),
        ]

    def sheet(self, lang: str) -> list[Section]:
        """The data sheet."""
        return [
            self._source(lang),
            self._features(lang),
            self._groups(lang),
            self._findings(lang),
        ]

    def _warned(self, section: Section, lang: str) -> Section:
        if self.manifest.is_synthetic:
            section.blocks.insert(0, Paragraph(say("synthetic", lang), is_warning=True))
        return section

    def _short(self, lang: str) -> Section:
        base = self.evaluation["learners"]["base_rate"]["brier"]["value"]
        short = say(
            "short",
            lang,
            outcome=self.evaluation["outcome"],
            learner=named(self.manifest.learner, lang),
            people=self.evaluation["people"],
            auc=_shown(self.told["auc"]),
            brier=_shown(self.told["brier"], 4),
            base=f"{base:.4f}",
        )
        found = self.gates(lang)
        passed = all(gate.passed for gate in found)
        verdict = Paragraph(say("passed" if passed else "failed", lang), is_warning=not passed)
        rows = tuple(
            (named(gate.name, lang), say("yes" if gate.passed else "no", lang), gate.sentence)
            for gate in found
        )
        header = tuple(say(key, lang) for key in ("gate", "passed_word", "why"))
        blocks = [Paragraph(short), verdict, Table(header, rows)]
        return self._warned(Section(say("in_short", lang), list(blocks)), lang)

    def _use(self, lang: str) -> Section:
        purpose = "use_rank" if self.manifest.purpose == RANKS else "use_forecast"
        keys = (purpose, "not_effect", "never")
        return Section(say("use", lang), [Paragraph(say(key, lang)) for key in keys])

    def _worth(self, lang: str) -> Section:
        rows = []
        for name, told in self.evaluation["learners"].items():
            gains = [
                _shown(told["against"][other]["brier_gain"], 4) if "against" in told else ""
                for other in ("base_rate", "rule_score")
            ]
            rows.append((named(name, lang), _shown(told["auc"]), _shown(told["brier"], 4), *gains))
        header = (
            say("learner", lang), "AUC", "Brier", say("better_base", lang), say("better_rule", lang)
        )  # fmt: skip
        svg = card_plots.comparison(self.evaluation, self.manifest.learner, lang)
        return Section(
            say("worth", lang),
            [
                Paragraph(say("worth_text", lang, split=self.evaluation["split"])),
                Plot(f"comparison.{lang}.svg", svg, say("plot_auc", lang)),
                Table(header, tuple(rows)),
            ],
        )

    def _calibration(self, lang: str) -> Section:
        told = self.told
        text = say(
            "calibration_text",
            lang,
            ece=_shown(told["ece"]),
            floor=f"{told['ece_noise_floor']['p95']:.3f}",
            slope=_shown(told["slope"], 2),
        )
        rows = tuple(
            (f"{each['predicted']:.3f}", f"{each['happened']:.3f}", str(each["rows"]))
            for each in told["bins"]
        )
        header = tuple(say(key, lang) for key in ("predicted", "happened", "people"))
        svg = card_plots.calibration(told, lang)
        plot = Plot(f"calibration.{lang}.svg", svg, say("plot_calibration", lang))
        return Section(say("calibration", lang), [Paragraph(text), plot, Table(header, rows)])

    def _curve(self, lang: str) -> Section:
        svg = card_plots.decision_curve(self.evaluation, self.manifest.learner, lang)
        plot = Plot(f"decision-curve.{lang}.svg", svg, say("plot_curve", lang))
        return Section(say("curve", lang), [Paragraph(say("curve_text", lang)), plot])

    def _fairness(self, lang: str) -> list[Section]:
        section = Section(say("fairness", lang))
        if self.audit is None:
            section.blocks.append(Paragraph(say("no_audit", lang), is_warning=True))
            return [section]
        share = _percent(self.audit["flag_share"])
        text = say("fairness_text", lang, share=share, least=self.audit["smallest_group"])
        option = self.audit["options"]["all_features"]
        svg = card_plots.flags(option, lang)
        header = tuple(say(key, lang) for key in ("group", "people", "off", "flagged", "placed"))
        rows = tuple(
            (
                f"{group}: {name}",
                str(member["people"]),
                _shown(member["calibration"]),
                _shown(member["false_flag_rate"]),
                _shown(member["place_rate"]),
            )
            for group, told in option["groups"].items()
            for name, member in told["members"].items()
        )
        section.blocks = [
            Paragraph(text),
            Plot(f"flags.{lang}.svg", svg, say("plot_flags", lang)),
            Table(header, rows),
            *(Paragraph(finding, is_warning=True) for finding in self.audit["findings"]),
        ]
        return [section, self._price(lang)]

    def _price(self, lang: str) -> Section:
        rows = []
        for name, found in (self.audit or {})["options"].items():
            if "groups" in found:
                ratios = [
                    f"{group} {told['false_flag_ratio']['value']:.2f}"
                    for group, told in found["groups"].items()
                    if told["false_flag_ratio"]["value"] is not None
                ]
                figures = (f"{found['auc']:.3f}", f"{found['brier']:.4f}", ", ".join(ratios))
                rows.append((named(name, lang), *figures))
            else:
                prices = ", ".join(f"{group} {told['price']:+.4f}" for group, told in found.items())
                rows.append((named(name, lang), "", "", prices))
        header = (say("option", lang), "AUC", "Brier", say("ratio", lang))
        return Section(say("price", lang), [Table(header, tuple(rows))])

    def _made(self, lang: str) -> Section:
        manifest = self.manifest
        facts = {
            "artefact": manifest.artefact_id,
            "SHA-256": manifest.file_sha256,
            "manifest SHA-256": manifest.sha256,
            "data SHA-256": manifest.data_sha256,
            "seed": str(manifest.seed),
            "settings": json.dumps(manifest.details["settings"]),
            "calibration": json.dumps(manifest.details["calibration"]),
            "libraries": ", ".join(f"{k} {v}" for k, v in manifest.libraries.items()),
        }
        header = (say("what", lang), say("value", lang))
        return Section(say("made", lang), [Table(header, tuple(facts.items()))])

    def _source(self, lang: str) -> Section:
        about = self.run["cohort"].get("about")
        about = about if isinstance(about, dict) else {"en": about} if about else {}
        blocks: list[Any] = []
        told = about.get(lang) or about.get("en")
        blocks += [Paragraph(text) for text in (told, about.get("source")) if text]
        if not blocks:
            blocks.append(Paragraph(say("no_source", lang), is_warning=True))
        left = ", ".join(f"{why} {count}" for why, count in self.checks["left_out"].items())
        blocks.append(
            Paragraph(
                say(
                    "rows_text",
                    lang,
                    rows=self.checks["rows"],
                    people=self.evaluation["people"],
                    left_out=left or say("nothing", lang),
                    outcome=self.evaluation["outcome"],
                    horizon=self.manifest.outcome["horizon_days"],
                    rate=_percent(self.evaluation["base_rate"]),
                )
            )
        )
        period = self.manifest.details["period"]
        if period is not None:
            blocks.append(Paragraph(say("period_text", lang, first=period[0], last=period[1])))
        blocks.append(Paragraph(say("personal", lang)))
        return self._warned(Section(say("source", lang), blocks), lang)

    def _features(self, lang: str) -> Section:
        keys = ("feature", "kind", "direction", "imputation", "unknown", "dimension")
        rows = tuple(
            (
                feature.name,
                feature.kind,
                {1: "+", -1: "−", 0: ""}[feature.monotone],
                feature.imputation,
                _percent(self.checks["unknown_share"][feature.name]),
                feature.dimension or "",
            )
            for feature in self.manifest.features
        )
        header = tuple(say(key, lang) for key in keys)
        return Section(say("features", lang), [Table(header, rows)])

    def _groups(self, lang: str) -> Section:
        section = Section(say("groups", lang))
        if self.audit is None:
            section.blocks.append(Paragraph(say("no_audit", lang)))
            return section
        rows = tuple(
            (f"{group}: {name}", str(member["people"]), _shown(member["succeeded"]))
            for group, told in self.audit["options"]["all_features"]["groups"].items()
            for name, member in told["members"].items()
        )
        header = (say("group", lang), say("people", lang), say("happened", lang))
        section.blocks.append(Table(header, rows))
        return section

    def _findings(self, lang: str) -> Section:
        found = [
            Paragraph(f"{finding['column']}: {finding['sentence']}", finding["gravity"] == "alarm")
            for finding in self.checks["findings"]
        ]
        return Section(say("findings", lang), list(found or [Paragraph(say("no_findings", lang))]))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        why = "is not there; run 'python -m training fit' first"
        raise InvalidInput([Problem(path.name, why)]) from None
