"""``make bench``: print every table and keep it in ``benchmarks/RESULTS.md``.

A subject is a module with TITLE and rows(); it may say more under its title with facts(), which is
asked after rows(). ``python -m benchmarks kernel people`` runs only these.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from benchmarks.results import keep, machine
from benchmarks.tables import table

SUBJECTS = (
    "one_candidate",
    "over_http",
    "people",
    "kernel",
    "rules",
    "match_file",
    "simulation",
    "allocation",
    "training",
    "predictions",
    "imports",
    "meanwhile",
    "queue",
    "distributed",
)


def main(wanted: list[str]) -> int:
    """Run the subjects wanted, or all, and show and keep their tables."""
    unknown = [name for name in wanted if name not in SUBJECTS]
    if unknown:
        known = ", ".join(SUBJECTS)
        print(f"no subject {', '.join(unknown)}; there are {known}", file=sys.stderr)
        return 2
    where = machine()
    print(f"{where}\n")
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in SUBJECTS}
    order = [module.TITLE for module in modules.values()]
    for name in wanted or SUBJECTS:
        body = section(modules[name], where)
        print(f"## {modules[name].TITLE}\n\n{body}", flush=True)
        keep(modules[name].TITLE, body, order)
    return 0


def section(subject: ModuleType, where: str) -> str:
    """The table of one subject under what is to be known about it."""
    rows = table(subject.rows())
    facts = subject.facts() if hasattr(subject, "facts") else []
    return "".join(f"{line}\n\n" for line in [*facts, f"Measured on {where}."]) + rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
