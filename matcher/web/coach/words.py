"""Translation with types: Flask-Babel ships none, and every sentence here is a plain string."""

from __future__ import annotations

from typing import Any

import flask_babel

__all__ = ["_", "ngettext"]


def _(text: str, **facts: Any) -> str:
    """`text` in the language of the page, with its facts filled in."""
    return str(flask_babel.gettext(text, **facts))


def ngettext(one: str, many: str, num: int, **facts: Any) -> str:
    """`one` or `many`, by `num`, in the language of the page."""
    return str(flask_babel.ngettext(one, many, num, **facts))
