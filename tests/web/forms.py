"""Reads the fields of a form out of a page, as a browser would send them back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class Fields(HTMLParser):
    """The successful controls of every form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.actions: list[str] = []
        self._select: str | None = None
        self._chosen: list[str] = []
        self._options: list[str] = []
        self._area: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = dict(pairs)
        if tag == "form":
            self.forms.append({})
            self.actions.append(attributes.get("action") or "")
        if not self.forms:
            return
        name = attributes.get("name")
        if tag == "input" and name:
            kind = attributes.get("type", "text")
            if kind in ("radio", "checkbox") and "checked" not in attributes:
                return
            if kind != "submit":
                self.forms[-1].setdefault(name, []).append(attributes.get("value") or "")
        elif tag == "select" and name:
            self._select, self._chosen, self._options = name, [], []
        elif tag == "option" and self._select:
            value = attributes.get("value") or ""
            self._options.append(value)
            if "selected" in attributes:
                self._chosen.append(value)
        elif tag == "textarea" and name:
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = self._chosen or self._options[:1]
            self.forms[-1].setdefault(self._select, []).extend(chosen)
            self._select = None
        elif tag == "textarea" and self._area:
            self.forms[-1].setdefault(self._area, []).append(self._text.removeprefix("\n"))
            self._area = None


def form_of(answer: Any, holding: str) -> dict[str, Any]:
    """The fields of the first form on the page of `answer` that has a field called `holding`.

    A field with one value gives a string, one with several a list; what is not chosen is absent.
    """
    parser = Fields()
    parser.feed(answer if isinstance(answer, str) else answer.text)
    for form in parser.forms:
        if holding in form:
            return {
                name: values[0] if len(values) == 1 else values for name, values in form.items()
            }
    raise AssertionError(f"no form with a field {holding!r} on this page")
