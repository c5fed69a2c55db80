"""The dated terms of signing in: how long links last and how often a code may be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


class SignInTermsError(ValueError):
    """A parameter file that cannot be used; the message names the parameter."""


@dataclass(frozen=True, slots=True)
class SignInTerms:
    """What holds on one day; the names are those of ``data/parameters/sign-in.yaml``."""

    candidate_link_days: int
    candidate_code_digits: int
    candidate_code_attempts: int
    money_open_minutes: int
    mail_link_minutes: int
    invitation_days: int
    recovery_codes: int
    clock_drift_steps: int

    @property
    def candidate_link(self) -> timedelta:
        """How long a candidate's link can be opened."""
        return timedelta(days=self.candidate_link_days)

    @property
    def money_open(self) -> timedelta:
        """How long a candidate's money answers stay unfolded."""
        return timedelta(minutes=self.money_open_minutes)

    @property
    def mail_link(self) -> timedelta:
        """How long a mailed link can be used."""
        return timedelta(minutes=self.mail_link_minutes)

    @property
    def invitation(self) -> timedelta:
        """How long an invitation can be used."""
        return timedelta(days=self.invitation_days)


def load_sign_in_terms(on: date) -> SignInTerms:
    """The terms that hold on `on`: of each, the row with the latest ``valid_from`` up to then.

    SignInTermsError names a term that is missing, unknown, without source or not positive.
    """
    content = _content(data_dir() / "parameters" / "sign-in.yaml")
    known = {field.name for field in fields(SignInTerms)}
    found: dict[str, int] = {}
    for row in sorted(content["parameters"], key=lambda row: row["valid_from"]):
        _check(row, known, content["sources"])
        if row["valid_from"] <= on:
            found[row["name"]] = row["value"]
    missing = sorted(known - set(found))
    if missing:
        raise SignInTermsError(f"no value on {on} for {', '.join(missing)}")
    return SignInTerms(**found)


def _check(row: Mapping[str, Any], known: set[str], sources: Mapping[str, str]) -> None:
    name = row["name"]
    if name not in known:
        raise SignInTermsError(f"{name} is not one of {', '.join(sorted(known))}")
    if row["source"] not in sources:
        raise SignInTermsError(f"{name}: source {row['source']} is not one of sources")
    if not isinstance(row["value"], int) or row["value"] < 1:
        raise SignInTermsError(f"{name}: must be a whole number of 1 or more")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
