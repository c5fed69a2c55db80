"""The command line: every use case on files, and what operations need of the database."""

from __future__ import annotations

from matcher.cli.main import main

__all__ = ["main"]
