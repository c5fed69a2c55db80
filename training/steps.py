"""What each command does, step by step, in a run folder; a step that was done is not done again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from matcher.domain.errors import InvalidInput, Problem
from matcher.scoring.artefact import load, write_artefact
from matcher.scoring.manifest import MANIFEST_SUFFIX, SUFFIX, Manifest
from training.cells import day_text
from training.checks import Finding, check, findings_document, stop_if_leaking
from training.cohort_file import find_cohort, read_cohort
from training.dataset import Dataset, load_dataset
from training.effects import effects
from training.evaluation import evaluate
from training.export import all_rows, feature_entries, reading_of, spreads
from training.fairness import audit
from training.learners import LEARNERS
from training.nested import Choice, OutOfFold, choose, fit_chosen, out_of_fold
from training.preparation import check_imputation
from training.programme_effects import programme_effects
from training.promotion import decision, gates
from training.runs import (
    PREDICTIONS,
    RUN,
    Run,
    libraries,
    open_run,
    read_predictions,
    write_predictions,
)
from training.splits import split_of

CHECKS, EVALUATION, AUDIT, EFFECT = "checks.json", "evaluation.json", "audit.json", "effect.json"
PROMOTION = "promotion.json"

Progress = Callable[[str, int, int | None], None]


def _silent(what: str, done: int, total: int | None) -> None:
    """Shows nothing."""


@dataclass(slots=True)
class Work:
    """A cohort read and checked, with its run; `progress` is told what goes on."""

    data: Dataset
    run: Run
    findings: list[Finding]
    jobs: int | None = None
    is_distributed: bool = False
    progress: Progress = field(default=_silent)


def open_work(
    named: str,
    out: Path | None,
    *,
    seed: int | None = None,
    jobs: int | None = None,
    is_distributed: bool = False,
    progress: Progress = _silent,
) -> Work:
    """The cohort `named` with its data read; `InvalidInput` for leaks in time and other faults."""
    cohort = read_cohort(find_cohort(named), seed=seed)
    data = load_dataset(cohort, lambda done: progress("rows", done, None))
    check_imputation(data.features, data.columns)
    findings = check(data)
    stop_if_leaking(findings)
    run = open_run(data, out)
    run.write(CHECKS, findings_document(data, findings))
    return Work(data, run, findings, jobs, is_distributed, progress)


def _require_binary(data: Dataset) -> None:
    if not data.is_binary:
        why = (
            "is an amount; to predict it say from where it counts: outcome.above or "
            "outcome.at_least (or outcome.positive for words)"
        )
        raise InvalidInput([Problem(data.cohort.outcome.name, why)])


def predictions(work: Work) -> OutOfFold:
    """Out-of-fold predictions, made once a run."""
    _require_binary(work.data)
    if work.run.has(PREDICTIONS):
        return read_predictions(work.run, work.data)
    found = out_of_fold(
        work.data,
        jobs=work.jobs,
        is_distributed=work.is_distributed,
        progress=lambda done, total: work.progress("folds", done, total),
    )
    write_predictions(work.run, work.data, found)
    return found


def evaluated(work: Work) -> dict[str, Any]:
    """`evaluation.json`, made once a run."""
    if work.run.has(EVALUATION):
        found: dict[str, Any] = work.run.read(EVALUATION)
        return found
    document = evaluate(
        work.data,
        predictions(work),
        lambda done, total: work.progress("draws", done, total),
    )
    work.run.write(EVALUATION, document)
    return document


def best_learner(evaluation: dict[str, Any]) -> str:
    """The learner with the lower out-of-fold Brier score; the plainer one when they are equal."""
    return min(LEARNERS, key=lambda name: evaluation["learners"][name]["brier"]["value"])


def audited(work: Work, learner: str | None = None) -> dict[str, Any]:
    """`audit.json` for `learner`, by default the better one."""
    chosen = learner or best_learner(evaluated(work))
    if work.run.has(AUDIT) and work.run.read(AUDIT)["learner"] == chosen:
        found: dict[str, Any] = work.run.read(AUDIT)
        return found

    def again(fewer: Dataset) -> OutOfFold:
        return out_of_fold(
            fewer,
            (chosen,),
            jobs=work.jobs,
            is_distributed=work.is_distributed,
            progress=lambda done, total: work.progress("folds without proxies", done, total),
        )

    document = audit(work.data, chosen, predictions(work), again)
    work.run.write(AUDIT, document)
    return document


def effect_of(work: Work) -> dict[str, Any]:
    """`effect.json`; `InvalidInput` when the cohort names no treatment."""
    treatment = work.data.cohort.treatment
    if treatment is None:
        why = "is required for an effect: treatment, and treatment_model when it was not by lot"
        raise InvalidInput([Problem("treatment", why)])
    document = effects(work.data, treatment)
    programmes = programme_effects(work.data, treatment)
    if programmes:
        document["programmes"] = programmes
    work.run.write(EFFECT, document)
    return document


def fitted(work: Work, learner: str | None = None) -> Path:
    """The artefact of `learner` (by default the better one) on all rows, and its manifest."""
    evaluation = evaluated(work)
    chosen = learner or best_learner(evaluation)
    audit_ = audited(work, chosen) if work.data.cohort.audit_groups else None
    data, seed = work.data, work.data.cohort.seed
    work.progress("artefact", 0, 1)
    choice = choose(chosen, data, all_rows(data), seed)
    pipeline = fit_chosen(choice, data, all_rows(data), seed)
    manifest = Manifest(
        artefact_id=f"{work.run.name}-{chosen}",
        cohort=data.cohort.name,
        learner=chosen,
        purpose=data.cohort.purpose,
        is_synthetic=data.cohort.is_synthetic,
        features=feature_entries(data, pipeline),
        outcome=asdict(data.cohort.outcome),
        seed=seed,
        data_sha256=data.sha256,
        configuration_sha256=work.run.configuration_sha256,
        libraries=libraries(),
        file_sha256="",
        file_bytes=0,
        types=(),
        details=_details(work, choice, evaluation, audit_),
    )
    for old in work.run.folder.glob(f"{work.run.name}-*"):
        if old.name.endswith((SUFFIX, MANIFEST_SUFFIX)):
            old.unlink()
    path = write_artefact(
        work.run.folder,
        manifest,
        pipeline.preparation.encoded_,
        reading_of(pipeline, choice.calibration, data),
    )
    load(path)
    return path


def _details(
    work: Work, choice: Choice, evaluation: dict[str, Any], audit_: dict[str, Any] | None
) -> dict[str, Any]:
    data = work.data
    period = None
    if data.days is not None:
        period = [day_text(float(data.days.min())), day_text(float(data.days.max()))]
    told = dict(evaluation["learners"][choice.learner])
    told.pop("bins")
    judged = gates(
        choice.learner,
        evaluation,
        work.findings,
        is_synthetic=data.cohort.is_synthetic,
        in_production=False,
    )
    return {
        "rows": data.rows,
        "people": len(np.unique(data.clusters)),
        "base_rate": evaluation["base_rate"],
        "period": period,
        "split": asdict(split_of(data)),
        "settings": dict(choice.settings),
        "calibration": {**asdict(choice.calibration), "is_none": choice.calibration.is_none},
        "metrics": told,
        "audit": None if audit_ is None else _audit_summary(audit_),
        "failed_gates": [gate.name for gate in judged if not gate.passed],
        "later_window": evaluation.get("later_window"),
        "spreads": spreads(data),
        "alarms": [finding.sentence for finding in work.findings if finding.gravity == "alarm"],
    }


def _audit_summary(audit_: dict[str, Any]) -> dict[str, Any]:
    options = audit_["options"]
    return {
        "findings": audit_["findings"],
        "proxies": audit_["proxies"],
        "withheld": audit_["withheld"],
        "false_flag_ratios": {
            option: {
                name: told["false_flag_ratio"]["value"] for name, told in found["groups"].items()
            }
            for option, found in options.items()
            if "groups" in found
        },
        "auc": {option: found["auc"] for option, found in options.items() if "auc" in found},
    }


def promoted(folder: Path, *, in_production: bool) -> dict[str, Any]:
    """`promotion.json` for the artefact in a run folder; refused when the file is not whole."""
    path = artefact_in(folder)
    predictor = load(path)
    document = decision(
        predictor.manifest.artefact_id,
        predictor.manifest.learner,
        gates(
            predictor.manifest.learner,
            json.loads((folder / EVALUATION).read_text(encoding="utf-8")),
            [
                Finding(**finding)
                for finding in json.loads((folder / CHECKS).read_text(encoding="utf-8"))["findings"]
            ],
            is_synthetic=predictor.manifest.is_synthetic,
            in_production=in_production,
        ),
    )
    document["manifest_sha256"] = predictor.manifest.sha256
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (folder / PROMOTION).write_text(text, encoding="utf-8")
    return document


def artefact_in(folder: Path) -> Path:
    """The one artefact of a run folder."""
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if len(found) != 1:
        why = f"holds {len(found) or 'no'} artefacts; run 'python -m training fit' first"
        raise InvalidInput([Problem(folder.name or str(folder), why)])
    return found[0]


def is_run_folder(named: str) -> bool:
    """Whether `named` is the folder of a run."""
    return (Path(named) / RUN).is_file()
