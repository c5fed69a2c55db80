"""The displacement check: its questions, who answers which and which answer a person looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.displacement import AskedOf, Question
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class DisplacementTerms:
    """What holds on a day; `dated` says which version of the questions was asked."""

    dated: date
    questions: tuple[Question, ...]
    trial_question: str
    larger_from: float
    answer_working_days: int
    report_working_days: int
    look_back_weeks: int
    trial_weeks: int
    trials_flagged_from: int
    trial_contract_types: frozenset[str]
    unpaid_contracts: frozenset[str]


def load_displacement_terms(on: date) -> DisplacementTerms:
    """The questions and terms that hold on `on`; ValueError when none do."""
    content = _content(_path())
    terms, sizes, reports, trials = (_row_on(content, name, on) for name in _DATED)
    return DisplacementTerms(
        dated=content["dated"],
        questions=tuple(
            Question(
                code=row["code"],
                asked_of=AskedOf(row["asked_of"]),
                answers=tuple(row["answers"]),
                flagged=frozenset(row["flagged"]),
                asked_again=row["asked_again"],
            )
            for row in content["questions"]
        ),
        trial_question=content["trial_question"]["code"],
        larger_from=sizes["larger_from"],
        answer_working_days=terms["answer_working_days"],
        report_working_days=reports["answer_working_days"],
        look_back_weeks=terms["look_back_weeks"],
        trial_weeks=trials["weeks"],
        trials_flagged_from=trials["flagged_from"],
        trial_contract_types=frozenset(trials["contract_types"]),
        unpaid_contracts=frozenset(trials["unpaid_contracts"]),
    )


_DATED = ("terms", "sizes", "reports", "trials")


def question_text(code: str, name: str, language: str) -> str:
    """What a question says: `ask`, `hint`, `again` or, in a list, `short`; empty for nothing."""
    content = _content(_path())
    rows = (*content["questions"], content["trial_question"])
    texts = next(row for row in rows if row["code"] == code).get(name)
    return "" if texts is None else str(texts[language])


def answer_text(answer: str, language: str) -> str:
    """An answer in words."""
    return str(_content(_path())["answer_words"][answer][language])


def source_of(code: str, language: str) -> str:
    """What a question rests on, as the file words it."""
    content = _content(_path())
    rows = (*content["questions"], content["trial_question"])
    row = next(row for row in rows if row["code"] == code)
    return str(content["sources"][row["source"]]["text"][language])


def _row_on(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/displacement.yaml holds no {name} on {on}")


def _path() -> Path:
    return data_dir() / "parameters" / "displacement.yaml"


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
