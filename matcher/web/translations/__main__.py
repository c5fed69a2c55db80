"""``python -m matcher.web.translations [extract]``: compile, or first bring in new msgids."""

from __future__ import annotations

import sys

from matcher.web.translations.catalogues import compile_catalogues, update_catalogues

if __name__ == "__main__":
    if sys.argv[1:] == ["extract"]:
        update_catalogues()
    compile_catalogues()
