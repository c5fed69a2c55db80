"""Flask-Babel's translation with types: it ships none, and every word of a page goes through it."""

from __future__ import annotations

from typing import Any

import flask_babel


def gettext(message: str, **values: Any) -> str:
    """`message` (Dutch) in the language of the request, with ``%(name)s`` filled in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    """The form of the message that belongs to `count`; ``%(num)s`` is the count."""
    return str(flask_babel.ngettext(one, many, count, **values))
