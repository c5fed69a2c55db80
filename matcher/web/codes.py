"""The code lists of ``data/codes`` in the language of the page, as words and as choices."""

from __future__ import annotations

from wtforms.fields import SelectChoice

from matcher.http.language import current_language
from matcher.reference.codes import Code, load_codes


def codes_of(name: str) -> list[Code]:
    """The codes of a list in the order of its file."""
    return list(load_codes().list(name).codes.values())


def label_of(name: str, code: str | None) -> str:
    """The label of a code; unknown is empty, and a code that was taken out shows itself."""
    return "" if code is None else load_codes().label(name, code, current_language())


def choices_of(name: str) -> list[SelectChoice]:
    """A list as choices of a form."""
    language = current_language()
    return [SelectChoice(code.code, code.label(language)) for code in codes_of(name)]


def labels_of(name: str, codes: object) -> str:
    """The labels of several codes, in the order of the list, with commas between them."""
    held = set(codes or ())  # type: ignore[call-overload]  # any collection of codes
    known = [code.code for code in codes_of(name) if code.code in held]
    return ", ".join(label_of(name, code) for code in [*known, *sorted(held - set(known))])
