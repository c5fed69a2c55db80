"""The import contracts of setup.cfg, kept as a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_layers_point_downwards_and_the_domain_knows_no_framework() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(  # noqa: S603  our own tool on our own code
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
