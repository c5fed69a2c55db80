"""Reads, extends and compiles the translation catalogues with Babel."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parents[1]

_METHODS = [
    ("web/templates/**.html", "jinja2"),
    ("api/templates/**.html", "jinja2"),
    ("web/**.py", "python"),
    ("http/**.py", "python"),
]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
}


def catalogue_files() -> list[Path]:
    """The source catalogues, one a language other than Dutch."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def compile_catalogues() -> list[Path]:
    """Compiles every catalogue and returns the files written.

    Written beside and moved into place, so that a worker that starts at the same time never reads
    half a file.
    """
    written = []
    for source in catalogue_files():
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parts[-3])
        target = source.with_suffix(".mo")
        handle, name = tempfile.mkstemp(dir=source.parent, suffix=".mo.part")
        with os.fdopen(handle, "wb") as output:
            write_mo(output, catalogue)
        Path(name).replace(target)
        written.append(target)
    return written


def ensure_catalogues() -> None:
    """Compiles the catalogues when a compiled file is missing or older than its source."""
    for source in catalogue_files():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_catalogues()
            return


def extract() -> Catalog:
    """Every msgid in the templates and the code, with where it stands."""
    template = Catalog(project="matcher", charset="utf-8")
    found = extract_from_dir(
        PACKAGE,
        method_map=_METHODS,
        options_map={},
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
    )
    for filename, _line, message, comments, context in found:
        # No line numbers: they would change the catalogue with every edit of the code.
        template.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return template


def update_catalogues() -> list[Path]:
    """Adds new msgids to every catalogue, untranslated, and drops those no longer used."""
    template = extract()
    for source in catalogue_files():
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parts[-3])
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with source.open("wb") as output:
            write_po(
                output, catalogue, width=100, omit_header=False, no_location=True, sort_output=True
            )
    return catalogue_files()
