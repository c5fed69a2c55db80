"""What can be wrong with the text of a rule set: where, what stands there, and what may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RuleFault(StrEnum):
    """The kinds of fault; pages say each in their own words."""

    NOT_YAML = "not_yaml"
    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    TYPE = "type"
    RANGE = "range"
    CHOICE = "choice"
    SHAPE = "shape"
    SOURCE = "source"
    BOUNDS = "bounds"
    NOT_OPEN = "not_open"
    """The rule set below states no bounds for it, so it is the same everywhere."""
    NO_VALUE = "no_value"
    """A rule without a value for the day on which the set begins."""
    VERSION_USED = "version_used"
    REGION = "region"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault at `path`; `value` is what stands there and `allowed` what may, both as text."""

    path: str
    fault: RuleFault
    value: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {_ENGLISH[self.fault].format(value=self.value, allowed=self.allowed)}"


_ENGLISH = {
    RuleFault.NOT_YAML: "cannot be read as YAML: {allowed}",
    RuleFault.MISSING: "is missing",
    RuleFault.UNKNOWN_KEY: "is not a known name; known are {allowed}",
    RuleFault.TYPE: "{value} is not of the kind {allowed}",
    RuleFault.RANGE: "{value} must be {allowed}",
    RuleFault.CHOICE: "{value} is not one of {allowed}",
    RuleFault.SHAPE: "{value} does not have the shape {allowed}",
    RuleFault.SOURCE: "{value} is not one of sources ({allowed})",
    RuleFault.BOUNDS: "{value} is outside {allowed}",
    RuleFault.NOT_OPEN: "may not be overridden; the rule set below it states no bounds",
    RuleFault.NO_VALUE: "has no value on {value}; it holds {allowed}",
    RuleFault.VERSION_USED: "{value} was used already; choose another one",
    RuleFault.REGION: "{value} must be {allowed}",
    RuleFault.OTHER: "{allowed}",
}
