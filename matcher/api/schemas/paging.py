"""How lists come in pages."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from matcher.api.fields import described, nested_list, whole

LIMIT_MAXIMUM = 200


class PageQuery(Schema):
    """Which page of a list."""

    limit = described(
        whole(1, LIMIT_MAXIMUM, strict=False, load_default=50),
        "How many items a page holds at most.",
        example=50,
        unit="items",
    )
    cursor = described(
        fields.String(load_default=None, allow_none=False),
        "`next_cursor` of the page before; leave it out for the first page.",
        example="eyJpZCI6NTB9",
    )


def page_of(name: str, item: type[Schema], what: str) -> type[Schema]:
    """A schema called `name` for one page of `item`s; `what` names them in a sentence."""
    body: dict[str, Any] = {
        "items": described(
            nested_list(item, required=True), f"The {what} of this page.", example=[]
        ),
        "next_cursor": described(
            fields.String(required=True, allow_none=True),
            "Give this as `cursor` for the next page; null on the last.",
            example="eyJpZCI6NTB9",
        ),
    }
    made = Schema.from_dict(body, name=name)
    made.__doc__ = f"One page of {what}."
    return made
