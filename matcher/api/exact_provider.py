"""How the application writes JSON: decimals with their digits, fields in the order given."""

from __future__ import annotations

from typing import Any

from flask.json.provider import DefaultJSONProvider

from matcher.files.exact_json import exact_json


class ExactProvider(DefaultJSONProvider):
    """Flask's provider with the JSON of the files in place of its own."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """`obj` as compact JSON; Flask's own layout options are not used."""
        return exact_json(obj, default=self.default)
