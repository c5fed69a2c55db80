"""The accountability pack: thirteen documents made from the code and from ``data/accountability``.

Dutch, for a privacy officer, a client council and a journalist. Nothing in it is written twice: the
columns, rights, rules and tests that it names are those of the program it is made with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from matcher.reference.accountability import load_accountability
from matcher.services import pack_register, pack_use
from matcher.services.documents import Document, Note, Points, Text, to_html, to_markdown
from matcher.services.pack_learned import Learned, learned
from matcher.services.pack_register import TO_CONFIRM
from matcher.services.pack_use import Figures
from matcher.services.register import check_register

TITLE = "Verantwoordingsdossier"


def make_pack(
    on: date, *, figures: Figures | None = None, registered: Learned | None = None
) -> dict[str, str]:
    """The files of the pack by name; InvalidInput names all that has to be there first."""
    check_register(on)
    documents = [
        pack_register.processing(on),
        pack_register.questions(),
        pack_register.retention(on),
        pack_register.controllers(),
        pack_use.risks(),
        pack_use.impact_privacy(on),
        pack_use.impact_rights(),
        pack_use.instructions(),
        pack_use.log_fields(),
        pack_use.oversight(figures),
        learned(registered),
        pack_use.algorithm(),
        pack_use.motivation(),
    ]
    about = load_accountability()["description"]
    foot = f"Gemaakt uit het programma, met de regels die gelden op {on}. {TO_CONFIRM}"
    files = {f"{document.name}.md": to_markdown(document) for document in documents}
    files["README.md"] = to_markdown(_contents(documents, about, foot))
    files["dossier.html"] = to_html(TITLE, about["summary"], documents, foot)
    return files


def _contents(documents: Sequence[Document], about: Mapping[str, Any], foot: str) -> Document:
    links = [
        f"[{document.title}]({document.name}.md): {document.summary}" for document in documents
    ]
    blocks = (
        Text("Alles op een pagina, om te lezen en te drukken: [dossier.html](dossier.html)."),
        Points(links),
        Note(foot),
    )
    return Document("README", TITLE, about["summary"], blocks)
