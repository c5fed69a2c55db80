"""What is registered stands in the accountability pack, with its card and its data sheet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.services.artefacts import list_artefacts, steps_of
from matcher.services.offered import NEVER_OFFERED
from matcher.services.pack import make_pack
from matcher.services.pack_learned import Learned
from tests.services.conftest import account_of
from tests.services.learned import in_shadow, serving

ON = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


def pack(session: Session, viewer: Viewer) -> str:
    found = [(one, steps_of(session, viewer, one.id)) for one in list_artefacts(session, viewer)]
    return make_pack(ON, registered=Learned("demo", found))["voorspellingen.md"]


def test_each_artefact_has_a_card_and_a_data_sheet_with_who_decided(
    session: Session, folder: Path, now: datetime
) -> None:
    serving(session, folder, now, "learned-1")
    in_shadow(session, folder, now, "learned-2", is_synthetic=True)
    viewer = account_of(session, "reader", Right.ANALYST)
    text = pack(session, viewer)
    for name in ("learned-1", "learned-2"):
        assert f"Modelkaart: {name}" in text
        assert f"Gegevensblad: {name}" in text
    assert "analyst-learned-1 en officer-learned-1" in text
    assert "Ja: alleen voor demonstratie" in text
    assert "| Onderscheid (AUC) | 0.620 | 0.580 | 0.660 |" in text
    assert "| rhythm | number | nooit lager | flag | ja |" in text
    rows = [line for line in text.splitlines() if line.endswith("| ja |")]
    assert rows
    assert not [line for line in rows if line.split("|")[1].strip() in NEVER_OFFERED]


def test_a_region_without_any_says_that_the_rules_speak_alone(session: Session) -> None:
    viewer = account_of(session, "reader", Right.ANALYST)
    assert "de regels spreken alleen" in pack(session, viewer)
    assert "zonder regio" in make_pack(ON)["voorspellingen.md"]
