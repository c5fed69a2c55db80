"""``benchmarks/RESULTS.md``: a section for each subject, each with where it was measured.

A run of some subjects replaces their sections and leaves the others as they were.
"""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
LIBRARIES = ("numpy", "numba", "scipy", "ortools", "highspy", "scikit-learn", "faiss-cpu")
_HEAD = """# Results

Written by `make bench`. Each section says where it was measured; ratios are between lines of one
run. A run of some subjects (`make bench ONLY=kernel`) replaces only theirs.
"""
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


def machine() -> str:
    """Where and with what this run measures, in one line."""
    versions = [f"Python {platform.python_version()}"]
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} not installed")
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory_gb()} GB, {platform.system()} "
        f"{platform.machine()}; {', '.join(versions)}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def _memory_gb() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return str(round(pages * size / 2**30))


def keep(title: str, body: str, order: list[str], path: Path = RESULTS) -> None:
    """Puts the section `title` in the results, in the place that `order` gives it."""
    sections = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    sections[title] = body.strip()
    known = [name for name in order if name in sections]
    text = "\n".join([_HEAD, *(f"## {name}\n\n{sections[name]}\n" for name in known)])
    path.write_text(text, encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    _, *parts = _SECTION.split(text)
    return {name: body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}
