"""Queries: rows of the database to frozen values and back, each within the viewer's reach."""

# Whoever works with the database works with its log: importing this sets the recording up.
from matcher.repositories import recording as _recording  # noqa: F401  registers its listeners
