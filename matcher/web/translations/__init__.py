"""The catalogues of the pages: msgids are Dutch, English stands in ``en/LC_MESSAGES``.

``coach.po`` holds what only the coach's pages say, ``messages.po`` all the rest; they are compiled
into one file.

Compiled files are not kept in the repository: ``python -m matcher.web.translations`` makes them at
installation, and the application does so itself when one is missing or older than its source.
``python -m matcher.web.translations extract`` brings new msgids of the code into the catalogue.
"""

from __future__ import annotations

from matcher.web.translations.catalogues import compile_catalogues, ensure_catalogues

__all__ = ["compile_catalogues", "ensure_catalogues"]
