"""Fields that cannot be made without saying what they mean, in which unit, with an example."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from marshmallow import Schema, ValidationError, fields, validate

from matcher.api.strict_json import INTEGER_MAXIMUM
from matcher.files.cells import read_code, read_date, read_text
from matcher.files.columns import Column, Kind
from matcher.files.messages import CellError, say
from matcher.http.language import current_language

FieldT = TypeVar("FieldT", bound=fields.Field[Any])

NO_UNIT: Final = "none"
"""The unit of text, codes and yes or no."""

ENUM_MAXIMUM: Final = 40
"""Longer code lists are named, not spelled out, in the document."""


def described(field: FieldT, description: str, *, example: Any, unit: str = NO_UNIT) -> FieldT:
    """`field` with its meaning, unit and example for the OpenAPI document."""
    extra: Mapping[str, Any] = {
        "description": description,
        "examples": [example],
        "x-unit": unit,
    }
    field.metadata = {**field.metadata, **extra}
    return field


def nested_list(schema: type[Schema], **options: Any) -> fields.List[Any]:
    """A list of objects of one schema."""
    return fields.List(fields.Nested(schema), **options)


def whole(
    minimum: int = 0, maximum: int = INTEGER_MAXIMUM, *, strict: bool = True, **options: Any
) -> fields.Integer:
    """A whole number within bounds that every database can hold; a query needs `strict` off."""
    return fields.Integer(strict=strict, validate=validate.Range(minimum, maximum), **options)


class Moment(fields.DateTime):
    """A moment in UTC, written ``2027-03-09T08:30:00Z``."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise TypeError(f"{attr} is no moment but {type(value).__name__}")
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


class Hundredths(fields.Field[Any]):
    """A number with two digits behind the point: 68.50."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


class Day(fields.Date):
    """A day as ISO 8601, within the years that files take; one kept as text stays as it is."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            return value
        return super()._serialize(value, attr, obj, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        day: date = _read(lambda: read_date(value))
        return day


class Text(fields.String):
    """Text as files take it: at most `maximum` characters, no control character, no BSN."""

    def __init__(self, maximum: int, **options: Any) -> None:
        super().__init__(validate=validate.Length(max=maximum), **options)
        self.maximum = maximum

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError(say("text", current_language()))
        text: str = _read(lambda: read_text(value, self.maximum))
        return text


class Code(fields.String):
    """A code of one of the lists in ``data/codes``; an unknown one is told the nearest."""

    def __init__(self, *lists: str, **options: Any) -> None:
        super().__init__(**options)
        self.lists = lists

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        code: str = _read(lambda: read_code(value, self.lists))
        return code


def _read(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except CellError as refused:
        raise ValidationError(say(refused.code, current_language(), **refused.facts)) from None


class ColumnField(fields.Field[Any]):
    """A column of the files as a field of a body: one reader, one writer, one description.

    Values as JSON has them and cells as files have them both pass: ``["F42", "F43"]`` and
    ``"F42|F43"`` are the same.
    """

    def __init__(self, column: Column, **options: Any) -> None:
        super().__init__(allow_none=not column.required, data_key=column.name, **options)
        self.column = column
        described(
            self,
            f"{column.description_en.rstrip('.')}.",
            example=column.write(column.read(column.example)),
            unit=column.unit or NO_UNIT,
        )

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        return _read(lambda: self.column.read(value))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return self.column.write(value)


def column_fields(
    columns: Iterable[Column], *, required: Collection[str] = ()
) -> dict[str, fields.Field[Any]]:
    """A field for each column, by the domain's name; those in `required` must be given."""
    return {
        column.field_name: ColumnField(column, required=column.name in required)
        for column in columns
    }


_PATTERNS: Final = {
    Kind.TIME: r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
    Kind.OCCUPATION: r"^[0-9]{1,4}$",
    Kind.OCCUPATIONS: r"^[0-9]{1,4}(:[0-9]+([.][0-9]+)?)?$",
    Kind.RAISES: r"^[a-z_]+:[+][0-9]{1,2}$",
    Kind.NEEDS: r"^[a-z_]+(>=[0-9]+([.][0-9]+)?)?$",
}


def column_properties(_converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    """What the OpenAPI document says of a `ColumnField` beside its description."""
    if not isinstance(field, ColumnField):
        return {}
    column = field.column
    found = _list_properties(column) if column.is_list else _value_properties(column)
    if field.allow_none:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


def _list_properties(column: Column) -> dict[str, Any]:
    item: dict[str, Any] = {"type": "string"}
    if column.kind is Kind.DATES:
        item["format"] = "date"
    elif column.kind in _PATTERNS:
        item["pattern"] = _PATTERNS[column.kind]
    else:
        item |= _code_properties(column)
    return {"type": "array", "items": item}


def _value_properties(column: Column) -> dict[str, Any]:
    match column.kind:
        case Kind.WHOLE:
            bounds = (column.minimum, column.maximum, *column.unknown)
            return {"type": "integer", "minimum": int(min(bounds)), "maximum": int(max(bounds))}
        case Kind.NUMBER | Kind.MONEY:
            return {"type": "number", "minimum": column.minimum, "maximum": column.maximum}
        case Kind.BOOLEAN:
            return {"type": "boolean"}
        case Kind.DATE:
            return {"type": "string", "format": "date"}
        case Kind.TEXT:
            return {"type": "string", "maxLength": int(column.maximum)}
        case Kind.TIME | Kind.OCCUPATION:
            return {"type": "string", "pattern": _PATTERNS[column.kind]}
    return {"type": "string", **_code_properties(column)}


def _code_properties(column: Column) -> dict[str, Any]:
    known = column.known_codes()
    found: dict[str, Any] = {"x-codes": list(column.codes)} if column.codes else {}
    return {**found, "enum": list(known)} if len(known) <= ENUM_MAXIMUM else found
