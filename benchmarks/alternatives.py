"""Other ways to score every pair, on the same people and work as the kernel.

Each takes a sample of the candidates that it can do in seconds, against all vacancies, and keeps
the best of the candidates' side only: less than the kernel does.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.scale import Scale
from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.table import VacancyTable
from matcher.domain.vocabulary import LOADS, NEED_LEVELS
from matcher.engine.layout import CandidateLayout, Country

TOP = 10
BARRED = np.iinfo(np.int16).min


def per_pair_pipeline(data: Scale, pairs: int) -> Any:
    """A fitted scikit-learn pipeline that predicts pair by pair, as a model in a loop would."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(1)
    own = rng.integers(len(data.candidates), size=pairs)
    their = rng.integers(len(data.vacancies), size=pairs)
    features = _vectors(data.candidates)[own], _asked(data)[their]
    rows = np.concatenate(features, axis=1)
    table = VacancyTable(data.vacancies, data.setting)
    eligible = [
        bool(table.score(current(data.candidates[c], data.setting)).eligible[v])
        for c, v in zip(own[:200], their[:200], strict=True)
    ]
    eligible[:2] = [True, False]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows[:200], eligible)
    return lambda: [model.predict_proba(row[np.newaxis]) for row in rows]


def dense_columns(data: Scale, people: int) -> Any:
    """Every rule and every point for every vacancy as numpy columns, then the best."""
    table = VacancyTable(data.vacancies, data.setting)
    chosen = [current(candidate, data.setting) for candidate in data.candidates[:people]]

    def run() -> None:
        for candidate in chosen:
            scores = table.score(candidate)
            best(np.where(scores.eligible, scores.fit, -1))

    return run


def mask_first(country: Country, block: CandidateLayout, people: int) -> Any:
    """The bars of the kernel laid over each other in numpy, then points for what is left alone."""
    v = country.layout
    full, half_step, allowed = (
        country.setting.rules.fit.load["full"],
        country.setting.rules.fit.load["half_step"],
        country.setting.rules.small_employers.gaps_allowed_small,
    )

    def eligible(i: int) -> tuple[Any, Any]:
        bars = block.bars[i]
        barred = np.bitwise_or.reduce(block.bar_rows[bars[bars >= 0]], axis=0)
        alive = np.unpackbits((~barred).view(np.uint8), bitorder="little")[: len(v.site)]
        rows = np.flatnonzero(alive)
        ways = block.way_worth[block.travel[i]]
        way = ways[v.way[rows], block.ways[block.postcode[i], v.site[rows]] + 1].astype(np.int32)
        rows, way = rows[way > BARRED], way[way > BARRED]
        load, ask = v.load_kind[rows], v.ask_kind[rows]
        one = block.bits_below_some[i] & v.bits_some[load]
        two = block.bits_below_much[i] & v.bits_much[load]
        unknown = block.bits_unknown[i] & (v.bits_some[load] | v.bits_unknown[load])
        unknown |= block.bits_below_much[i] & v.bits_unknown[load]
        steps = np.bitwise_count(unknown).astype(np.int32)
        steps += 2 * (np.bitwise_count(one).astype(np.int32) + np.bitwise_count(two))
        carried = (v.size[load] != 1) | (np.bitwise_count(one | two) <= allowed)
        fit = (
            way
            + np.maximum(0, full - steps * half_step)
            + block.level_points[block.level_class[i]][v.needs[ask]]
            + block.sector_points[block.sector_class[i]][v.sector[ask]]
            + block.week_points[block.week_class[i]][v.week[ask]]
            + block.offer_points[block.offer_class[i]][v.offer[ask]]
            + block.occupation_points[block.occupation_class[i]][v.occupation[ask]]
        )
        return rows[carried], fit[carried]

    def run() -> int:
        found = 0
        for i in range(people):
            rows, fit = eligible(i)
            found += len(rows)
            best(fit)
        return found

    return run


def nearest_vectors(data: Scale, people: int) -> Any:
    """Brute force of faiss over vectors of the same answers: no rule, no mask, no exact points.

    None where faiss cannot be had.
    """
    if find_spec("faiss") is None:
        return None
    import faiss

    faiss.omp_set_num_threads(1)
    queries = np.ascontiguousarray(_vectors(data.candidates[:people]), np.float32)
    asked = np.ascontiguousarray(_asked(data), np.float32)
    index = faiss.IndexFlatIP(asked.shape[1])
    index.add(asked)
    return lambda: index.search(queries, TOP)


def best(fit: Any) -> Any:
    """The rows of the best, best first."""
    if len(fit) > TOP:
        rows = np.argpartition(-fit, TOP)[:TOP]
        return rows[np.argsort(-fit[rows], kind="stable")]
    return np.argsort(-fit, kind="stable")


def _vectors(candidates: tuple[CandidateProfile, ...]) -> Any:
    names = (*NEED_LEVELS, *LOADS, "hours_max", "guidance_need", "travel_max_minutes")
    return np.array(
        [[float(getattr(c, name) or 0) for name in names] for c in candidates], np.float64
    )


def _asked(data: Scale) -> Any:
    names = (*NEED_LEVELS, *LOADS, "hours_max", "guidance_hours", "education")
    return np.array(
        [[float(getattr(v, name) or 0) for name in names] for v in data.vacancies], np.float64
    )
