"""Reads, extends and compiles the translation catalogues with Babel."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parents[1]
_HEADER = "# Kept in step with the pages by: python -m matcher.web.translations extract"
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)

_METHODS = [
    ("web/templates/**.html", "jinja2"),
    ("api/templates/**.html", "jinja2"),
    ("web/**.py", "python"),
    ("http/**.py", "python"),
]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
}
_AREAS = {
    area: (f"web/{area}/", f"web/templates/{area}/")
    for area in (
        "artefacts",
        *("coach", "candidate", "introductions", "imports", "programmes", "team", "admin"),
        "oversight",
        *("inflow", "rules", "shortlist", "social_return"),
        *("talent", "reporting"),
        *("account", "jobs", "weekly"),
    )
} | {
    "follow_up": ("web/follow_up", "web/templates/follow_up/"),
    "agreeing": ("web/agreeing/", "web/templates/agreeing/"),
}
"""Source catalogues beside ``messages.po``, and the folders whose own words stand in them."""
_REST = "messages"


def languages() -> list[str]:
    """The languages that are translated into."""
    return sorted(path.parent.name for path in FOLDER.glob("*/LC_MESSAGES"))


def sources(language: str) -> list[Path]:
    """The source catalogues of one language, one an area."""
    folder = FOLDER / language / "LC_MESSAGES"
    return [folder / f"{area}.po" for area in (*_AREAS, _REST)]


def target(language: str) -> Path:
    """The compiled catalogue of one language, all areas together."""
    return FOLDER / language / "LC_MESSAGES" / f"{_REST}.mo"


def read(path: Path, language: str) -> Catalog:
    """One source catalogue; an empty one where there is no file yet."""
    if not path.exists():
        return Catalog(locale=language, project="matcher", charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def compile_catalogues() -> list[Path]:
    """Compiles every language and returns the files written.

    Written beside and moved into place, so that a worker that starts at the same time never reads
    half a file.
    """
    written = []
    for language in languages():
        whole = Catalog(locale=language, project="matcher", charset="utf-8")
        for source in sources(language):
            for message in read(source, language):
                if message.id and message.string:
                    whole.add(message.id, message.string, context=message.context)
        handle, name = tempfile.mkstemp(dir=target(language).parent, suffix=".mo.part")
        with os.fdopen(handle, "wb") as output:
            write_mo(output, whole)
        Path(name).replace(target(language))
        written.append(target(language))
    return written


def ensure_catalogues() -> None:
    """Compiles the catalogues when a compiled file is missing or older than a source."""
    for language in languages():
        compiled = target(language)
        made = compiled.stat().st_mtime if compiled.exists() else 0.0
        if any(path.exists() and path.stat().st_mtime > made for path in sources(language)):
            compile_catalogues()
            return


def extract() -> dict[str, Catalog]:
    """Every msgid in the templates and the code, by area.

    A msgid that stands in several areas belongs to ``messages``. Line numbers are left out: they
    would change the catalogue with every edit of the code.
    """
    found: dict[Any, set[str]] = {}
    messages = extract_from_dir(
        PACKAGE, method_map=_METHODS, options_map={}, keywords=_KEYWORDS, comment_tags=()
    )
    for filename, _line, message, _comments, _context in messages:
        found.setdefault(message, set()).add(_area(Path(filename).as_posix()))
    catalogues = {area: Catalog(project="matcher", charset="utf-8") for area in (*_AREAS, _REST)}
    for message, areas in found.items():
        catalogues[areas.pop() if len(areas) == 1 else _REST].add(message)
    return catalogues


def _area(filename: str) -> str:
    for area, folders in _AREAS.items():
        if filename.startswith(folders):
            return area
    return _REST


def update_catalogues() -> list[Path]:
    """Adds new msgids to the source catalogues, untranslated, and drops those no longer used.

    What was translated already stays translated, also when a msgid moves between areas.
    """
    written = []
    for language in languages():
        known = {
            message.id: message.string
            for source in sources(language)
            for message in read(source, language)
            if message.id and message.string
        }
        for area, template in extract().items():
            path = target(language).with_name(f"{area}.po")
            catalogue = Catalog(
                locale=language,
                project="matcher",
                version="1",
                charset="utf-8",
                fuzzy=False,
                header_comment=_HEADER,
                msgid_bugs_address="matcher",
                last_translator="matcher",
                language_team="matcher",
            )
            # Fixed dates: the file changes only when its words do.
            catalogue.creation_date = catalogue.revision_date = _UNDATED
            for message in template:
                if message.id:
                    catalogue.add(message.id, known.get(message.id))
            with path.open("wb") as stream:
                write_po(stream, catalogue, width=100, no_location=True, sort_output=True)
            written.append(path)
    return written
