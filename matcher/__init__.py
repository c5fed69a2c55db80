"""Readiness and placement advice for social return."""

__version__ = "0.1.0"
