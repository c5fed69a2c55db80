"""The table of an upload: headers and raw rows of whatever format a sender has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.columns import Column
from matcher.files.columns_candidate import CANDIDATE_FILE_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.loading import read_table
from matcher.files.raw import RawRow
from matcher.files.records import candidate_record, forbidden_needs, vacancy_record
from matcher.files.results import RowResult
from matcher.files.source import Source
from matcher.files.vum_candidates import VUM_CANDIDATE_FIELDS, read_vum_candidates
from matcher.files.vum_vacancies import VUM_VACANCY_FIELDS, read_vum_vacancies
from matcher.models.states import ImportKind
from matcher.reference.import_columns import load_import_columns

T = TypeVar("T")

WORKBOOK_ROWS_MAXIMUM: Final = 20_000
"""Rows of a workbook that are read while somebody waits; a text file has no such bound."""


@dataclass(frozen=True, slots=True)
class ImportTable:
    """Headers in their order, and rows that are read as they are asked for."""

    headers: tuple[str, ...]
    rows: Iterator[RawRow]
    is_vum: bool = False


def read_import_table(kind: ImportKind, source: Source, region: str, lang: str) -> ImportTable:
    """The table in `source`; InvalidInput for what makes the whole file unusable.

    A vacancies file that asks for money, benefit, age, gender, origin or health is refused by name.
    """
    if source.format == "vum":
        return _vum(kind, source, region, lang)
    columns = load_import_columns().columns[kind]
    known = {header for column in columns.values() for header in column.headers}
    table = read_table(source, known, lang)
    if not table.has_header:
        return _from_objects(kind, source, table.rows)
    if kind is ImportKind.VACANCIES:
        never = forbidden_needs(table.names, row=1, lang=lang)
        if never:
            raise InvalidInput(never)
    rows = table.rows
    if source.format == "xlsx":
        rows = _bounded(source, rows)
    return ImportTable(table.names, rows)


def _bounded(source: Source, rows: Iterator[RawRow]) -> Iterator[RawRow]:
    for count, row in enumerate(rows, 1):
        if count > WORKBOOK_ROWS_MAXIMUM:
            raise source.refused(
                f"has more than {WORKBOOK_ROWS_MAXIMUM} rows; save it as CSV, which may be longer"
            )
        yield row


def _from_objects(kind: ImportKind, source: Source, rows: Iterator[RawRow]) -> ImportTable:
    """JSON names its fields in every object: the headers are all those that occur."""
    found = list(rows)
    names = tuple(dict.fromkeys(name for row in found for name in row.cells))
    if kind is ImportKind.VACANCIES:
        never = forbidden_needs(names)
        if never:
            raise InvalidInput(never)
    if not names:
        raise source.refused("holds no fields; send a list of objects")
    return ImportTable(names, iter(found))


def _vum(kind: ImportKind, source: Source, region: str, lang: str) -> ImportTable:
    if kind is ImportKind.CANDIDATES:
        people = read_vum_candidates(source, region=region, lang=lang)
        names = _named(CANDIDATE_FILE_COLUMNS, VUM_CANDIDATE_FIELDS)
        rows = (_row(each, lambda parts: candidate_record(parts[0])) for each in people)
        return ImportTable(names, rows, is_vum=True)
    if kind is ImportKind.VACANCIES:
        places = read_vum_vacancies(source, region=region, lang=lang)
        names = _named(VACANCY_COLUMNS, VUM_VACANCY_FIELDS)
        rows = (_row(each, vacancy_record) for each in places)
        return ImportTable(names, rows, is_vum=True)
    raise InvalidInput([Problem(source.name, "is VUM, which has no programmes")])


def _named(columns: Iterable[Column], fields: Collection[str]) -> tuple[str, ...]:
    return tuple(column.name for column in columns if column.field_name in fields)


def _row(found: RowResult[T], record: Callable[[T], dict[str, object]]) -> RawRow:
    value = found.parsed.value
    if value is None:
        return RawRow(found.number, {}, found.parsed.problems)
    return RawRow(found.number, record(value))
