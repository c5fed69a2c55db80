"""In the made-up world the truth is known: intervals cover it, and what was planted is found."""

from __future__ import annotations

import json

import numpy as np
import pytest

from matcher.domain.errors import InvalidInput
from training.checks import check
from training.cohort_file import read_cohort
from training.dataset import load_dataset
from training.effects import aipw, difference, effective_sample, ipw
from training.fairness import audit
from training.nested import out_of_fold
from training.steps import effect_of, fitted, open_work, promoted
from training.treatment_model import nuisances
from training.world import draw, true_effect, write_world

SEEDS = 200
PEOPLE = 600
COVERED = 180


def columns(world):
    sector = [(world.sector == index).astype(float) for index in range(3)]
    x = np.column_stack([*world.features.values(), *sector])
    return (x - x.mean(axis=0)) / x.std(axis=0)


def test_intervals_of_95_percent_cover_the_truth_in_180_of_200_worlds():
    covered = dict.fromkeys(["difference", "ipw", "aipw", "ipw treated", "aipw treated"], 0)
    everyone, those_treated = true_effect(), true_effect(on_treated=True)
    people = np.arange(PEOPLE)
    for seed in range(SEEDS):
        by_lot = draw(PEOPLE, seed, by_lot=True)
        estimates = {"difference": difference(by_lot.outcome.astype(float), by_lot.treated)}
        world = draw(PEOPLE, seed)
        y = world.outcome.astype(float)
        found = nuisances(columns(world), y, world.treated, people, seed, None)
        for name, whom in (("", "all"), (" treated", "treated")):
            estimates[f"ipw{name}"] = ipw(y, world.treated, found.chance, whom)
            estimates[f"aipw{name}"] = aipw(y, world.treated, found, whom)
        for name, estimate in estimates.items():
            told = estimate.told()
            truth = those_treated if name.endswith("treated") else everyone
            covered[name] += told["low"] <= truth <= told["high"]
    assert min(covered.values()) >= COVERED, covered


def test_who_is_helped_hides_the_effect_and_weighting_finds_it_again():
    world = draw(20_000, 3)
    y = world.outcome.astype(float)
    naive = difference(y, world.treated)
    found = nuisances(columns(world), y, world.treated, np.arange(20_000), 1, None)
    assert abs(naive.value - true_effect()) > 0.05
    assert aipw(y, world.treated, found, "all").value == pytest.approx(true_effect(), abs=0.02)


def test_a_planted_leak_is_found_and_never_promoted(tmp_path):
    path = write_world(tmp_path, people=800, seed=2, leak=True)
    work = open_work(str(path), tmp_path / "run")
    assert {f.column for f in work.findings if f.gravity == "alarm"} == {"called_back"}
    fitted(work, "logistic")
    told = promoted(tmp_path / "run", in_production=False)
    failed = {gate["name"] for gate in told["gates"] if not gate["passed"]}
    assert {"no_leak", "believable"} <= failed


def _audited(folder, *, handicap):
    path = write_world(folder, people=3000, seed=5, handicap=handicap)
    data = load_dataset(read_cohort(path))
    found = out_of_fold(data, ("logistic",))
    return audit(data, "logistic", found, lambda fewer: out_of_fold(fewer, ("logistic",)))


def test_a_planted_handicap_of_a_group_is_found_and_its_absence_too(tmp_path):
    planted = _audited(tmp_path / "a", handicap=True)
    ratio = planted["options"]["all_features"]["groups"]["group"]["false_flag_ratio"]
    assert ratio["worst"] == "b"
    assert ratio["low"] > 1.1
    assert any("b is wrongly flagged" in finding for finding in planted["findings"])
    assert _audited(tmp_path / "b", handicap=False)["findings"] == []


def test_the_made_up_world_is_marked_everywhere_and_never_promoted_in_production(tmp_path):
    path = write_world(tmp_path, people=500, seed=4)
    assert json.loads((tmp_path / "truth.json").read_text())["synthetic"] is True
    assert read_cohort(path).is_synthetic
    artefact = fitted(open_work(str(path), tmp_path / "run"), "logistic")
    manifest = json.loads(artefact.with_name(artefact.stem + ".manifest.json").read_text())
    assert manifest["is_synthetic"] is True
    told = promoted(tmp_path / "run", in_production=True)
    assert "provenance" in {gate["name"] for gate in told["gates"] if not gate["passed"]}


def test_the_same_seed_makes_the_same_world(tmp_path):
    for name in ("a", "b"):
        write_world(tmp_path / name, people=300, seed=9, leak=True)
    for file in ("people.csv", "cohort.yaml", "truth.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert not check(load_dataset(read_cohort(write_world(tmp_path / "c", people=300, seed=9))))


def test_programmes_with_few_outcomes_stay_at_their_prior(tmp_path):
    path = write_world(tmp_path, people=3000, seed=6)
    rows = (tmp_path / "people.csv").read_text().splitlines()
    header = rows[0].split(",")
    helped = header.index("helped")
    programme = ["programme"]
    for number, row in enumerate(rows[1:]):
        rare = number < 20
        programme.append(("rare" if rare else "werkfit") if row.split(",")[helped] == "1" else "")
    lines = [f"{row},{name}" for row, name in zip(rows, programme, strict=True)]
    (tmp_path / "people.csv").write_text("\n".join(lines) + "\n")
    with path.open("a") as stream:
        stream.write("programmes: {column: programme, evidence: {werkfit: fair, rare: none}}\n")
    told = {
        row["programme"]: row
        for row in effect_of(open_work(str(path), tmp_path / "run"))["programmes"]
    }
    assert told["rare"]["measured"] is None
    assert told["rare"]["effect"]["value"] == told["rare"]["prior"]["mean"] == 0.0
    assert told["werkfit"]["own_weight"] > 0.5
    between = sorted([told["werkfit"]["measured"], told["werkfit"]["prior"]["mean"]])
    assert between[0] <= told["werkfit"]["effect"]["value"] <= between[1]


def test_equal_weights_are_worth_their_number_and_one_giant_is_worth_one():
    assert effective_sample(np.ones(80)) == pytest.approx(80)
    assert effective_sample(np.array([1e9, 1.0, 1.0])) == pytest.approx(1, abs=1e-6)


def test_an_effect_without_a_treatment_is_refused(tmp_path):
    path = write_world(tmp_path, people=300, seed=1)
    text = path.read_text().split("treatment_model:")[0] + "seed: 1\n"
    path.write_text(text)
    with pytest.raises(InvalidInput, match="treatment"):
        effect_of(open_work(str(path), tmp_path / "run"))
