"""Where the dated data of the project stand: code lists, rule sets, catalogue, places, texts."""

from __future__ import annotations

import os
from pathlib import Path

DATA_DIR_VARIABLE = "MATCHER_DATA_DIR"
BESIDE_THE_PACKAGE = Path(__file__).resolve().parents[2] / "data"


def data_dir() -> Path:
    """The folder named by ``MATCHER_DATA_DIR``, else ``data`` beside the package.

    Read at each call, so that one process can be pointed at another region's data.
    """
    named = os.environ.get(DATA_DIR_VARIABLE)
    if named:
        return Path(named)
    return BESIDE_THE_PACKAGE
