"""``make bench``: print every table, with the machine and the versions it was measured on."""

from __future__ import annotations

import os
import platform

import numpy as np

from benchmarks import one_candidate, over_http, people
from benchmarks.tables import print_table


def main() -> None:
    """Run every benchmark and print its table."""
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}\n"
    )
    for benchmark in (one_candidate, over_http, people):
        print_table(benchmark.TITLE, benchmark.rows())


if __name__ == "__main__":
    main()
