"""The dated terms of signing in: each has a source, and the latest row up to a day holds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from matcher.reference.paths import DATA_DIR_VARIABLE, data_dir
from matcher.reference.sign_in_terms import SignInTermsError, load_sign_in_terms

FILE = Path("parameters") / "sign-in.yaml"


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes another file of terms: ``changed(rows)``, each over the row of the same name."""

    def write(*rows: dict[str, object]) -> None:
        content = yaml.safe_load((data_dir() / FILE).read_text(encoding="utf-8"))
        content["parameters"] += rows
        target = tmp_path / FILE
        target.parent.mkdir(exist_ok=True)
        target.write_text(yaml.safe_dump(content), encoding="utf-8")
        monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path))

    return write


def test_the_terms_are_those_that_were_promised() -> None:
    terms = load_sign_in_terms(date(2027, 1, 4))
    assert terms.candidate_link == timedelta(days=14)
    assert (terms.candidate_code_digits, terms.candidate_code_attempts) == (6, 5)
    assert terms.money_open == timedelta(minutes=10)
    assert terms.mail_link == timedelta(minutes=15)
    assert terms.invitation == timedelta(days=7)
    assert (terms.recovery_codes, terms.clock_drift_steps) == (10, 1)


def test_a_later_row_holds_from_its_day(changed) -> None:
    row = {"name": "mail_link_minutes", "value": 5, "source": "asvs"}
    changed({**row, "valid_from": date(2028, 1, 1)})
    assert load_sign_in_terms(date(2027, 12, 31)).mail_link_minutes == 15
    assert load_sign_in_terms(date(2028, 1, 1)).mail_link_minutes == 5


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": "mail_link_hours"}, "mail_link_hours is not one of"),
        ({"source": "hearsay"}, "source hearsay is not one of sources"),
        ({"value": 0}, "must be a whole number of 1 or more"),
        ({"value": "5"}, "must be a whole number of 1 or more"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_name(changed, row, words) -> None:
    good = {"name": "mail_link_minutes", "value": 5, "source": "asvs"}
    changed({**good, "valid_from": date(2026, 1, 1), **row})
    with pytest.raises(SignInTermsError, match=words):
        load_sign_in_terms(date(2027, 1, 1))


def test_a_day_before_any_row_is_refused() -> None:
    with pytest.raises(SignInTermsError, match="no value on 2001-01-01"):
        load_sign_in_terms(date(2001, 1, 1))
