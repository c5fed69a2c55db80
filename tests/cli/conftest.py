"""Commands run in this process, with small files of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcher.cli import main

CANDIDATES = """\
reference;region;pc4;travel_max_minutes;travel_modes;sectors;hours_max;rhythm;work_skills;lift;\
stand;bend;outdoor;group;language_speak;language_read;money;home_base;guidance_need;credentials;\
paused_until
K1;demo;3311;60;bike|public_transport;F42;36;4;3;can;can;can;can;can;3;2;4;4;2;vca_basic;
K2;demo;3351;45;bike;F42|N81;32,5;2;2;partly;can;can;can;can;2;1;1;;;;
K3;demo;;;;;;;;;;;;;;;;;;;
K4;demo;3331;60;bike;F42;40;4;4;can;can;can;can;can;4;4;4;4;1;;2027-01-15
"""
VACANCIES = """\
reference,contractor,region,sector,places,employer_size,hours_min,hours_max,site_pc4,lift,bend,\
outdoor,rhythm,work_skills,language_speak,language_read,credentials,credentials_taught,\
guidance_hours,start_on,flex_weeks
V1,A,demo,F42,2,120,32,40,3316,much,much,much,3,2,2,1,,vca_basic,8,2027-02-01,8
V2,B,demo,N81,1,30,20,36,3331,none,some,much,2,2,1,1,,,4,2027-01-04,4
V3,C,demo,F42,1,6,36,40,3351,much,much,much,3,2,2,1,vca_basic,,4,2027-02-01,2
"""
PROGRAMMES = """\
reference,kind,raises,gives,needs,weeks,hours_a_week,seats
P1,werkfit,rhythm:+1|work_skills:+1,,,12,20,12
P2,safety,,vca_basic,language_read>=1,1,8,
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """The paths of three good tables by kind."""
    paths = {}
    for kind, text in (
        ("candidates", CANDIDATES),
        ("vacancies", VACANCIES),
        ("programmes", PROGRAMMES),
    ):
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        paths[kind] = str(path)
    return paths


@pytest.fixture
def run() -> Callable[..., Result]:
    """Runs a command and gives back its exit code and both its streams."""

    def command(*arguments: str, stdin: bytes | str | None = None) -> Result:
        return CliRunner().invoke(main, _texts(arguments), input=stdin)

    return command


def _texts(arguments: Sequence[object]) -> list[str]:
    return [str(argument) for argument in arguments]
