"""The dated parameters of *Wat houd ik over*, and the range that they allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

WEEKS_A_MONTH = Fraction(52, 12)

NET_SHARE = "net_share_percent"
KEPT_FROM_CREDITORS = "kept_from_creditors_percent"
ALLOWANCE_LOSS = "allowance_loss_percent"


class TakeHomeError(ValueError):
    """A parameter file that cannot be used; the message names the parameter."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter on a day: cents or percent, lowest and highest, and its source."""

    name: str
    low: int
    high: int
    valid_from: date
    valid_until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to put to someone else, and whom, each as language -> text."""

    text: Mapping[str, str]
    ask: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left a month, in integer cents, from a low to a high estimate."""

    gross_cents: int
    low_cents: int
    high_cents: int


@dataclass(frozen=True, slots=True)
class TakeHome:
    """What is known on one day.

    `missing` names the required parameters without a value on that day, with their labels as
    language -> text; `questions` are the four to ask whenever anything is missing.
    """

    on: date
    parameters: Mapping[str, Parameter]
    missing: Mapping[str, Mapping[str, str]]
    questions: tuple[Question, ...]

    @property
    def is_complete(self) -> bool:
        """Whether a range can be shown."""
        return not self.missing

    def kept(
        self, hours_a_week: float, wage_hour_cents: int, *, creditors: bool, allowance: bool
    ) -> Kept | None:
        """What is left a month of a wage; None while a parameter is missing.

        `creditors` says whether part is taken by creditors, `allowance` whether there are
        allowances that go down. Rounded half-even to a cent, once at each end.
        """
        if not self.is_complete:
            return None
        low = high = gross = Fraction(hours_a_week) * wage_hour_cents * WEEKS_A_MONTH
        keeps = [NET_SHARE, *([KEPT_FROM_CREDITORS] if creditors else [])]
        for share in (self.parameters[name] for name in keeps):
            low, high = low * share.low / 100, high * share.high / 100
        if allowance:
            loss = self.parameters[ALLOWANCE_LOSS]
            low, high = low * (100 - loss.high) / 100, high * (100 - loss.low) / 100
        return Kept(round(gross), round(low), round(high))


def load_take_home(on: date) -> TakeHome:
    """The parameters that hold on `on`, and what is missing for a range."""
    content = _content(data_dir() / "parameters" / "take-home.yaml")
    parameters: dict[str, Parameter] = {}
    for row in content["parameters"]:
        parameter = _parameter(row, content)
        if parameter.valid_from <= on and (
            parameter.valid_until is None or on <= parameter.valid_until
        ):
            if parameter.name in parameters:
                raise TakeHomeError(f"{parameter.name} has two values on {on}")
            parameters[parameter.name] = parameter
    return TakeHome(
        on=on,
        parameters=parameters,
        missing={
            name: labels for name, labels in content["required"].items() if name not in parameters
        },
        questions=tuple(
            Question(
                text={"nl": question["nl"], "en": question["en"]},
                ask={"nl": question["ask_nl"], "en": question["ask_en"]},
            )
            for question in content["questions"]
        ),
    )


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content


def _parameter(row: Mapping[str, Any], content: Mapping[str, Any]) -> Parameter:
    name = row["name"]
    if name not in content["required"]:
        raise TakeHomeError(f"{name} is not one of {', '.join(content['required'])}")
    if row["source"] not in content["sources"]:
        raise TakeHomeError(f"{name}: source {row['source']} is not one of sources")
    if not 0 <= row["low"] <= row["high"]:
        raise TakeHomeError(f"{name}: low must not be over high, nor under 0")
    return Parameter(
        name=name,
        low=row["low"],
        high=row["high"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        source=content["sources"][row["source"]],
    )
