"""Whole files into domain values: good rows in, bad rows reported, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, TypeVar

from matcher.domain.contracts import Contract, Contribution
from matcher.domain.decided_pairs import DecidedPair
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.files.cells import is_empty, read_code
from matcher.files.columns import Column
from matcher.files.columns_candidate import CANDIDATE_BY_NAME
from matcher.files.columns_contract import CONTRACT_BY_NAME, CONTRIBUTION_BY_NAME
from matcher.files.columns_pairs import PAIR_BY_NAME
from matcher.files.columns_programme import PROGRAMME_BY_NAME
from matcher.files.columns_vacancy import VACANCY_BY_NAME
from matcher.files.csv_in import read_csv
from matcher.files.guards import shown_name
from matcher.files.json_in import read_json
from matcher.files.messages import CellError, say
from matcher.files.parquet import read_parquet
from matcher.files.raw import RawTable
from matcher.files.records import (
    CandidateParts,
    Met,
    Parsed,
    forbidden_needs,
    parse_candidate,
    parse_contract,
    parse_contribution,
    parse_pair,
    parse_programme,
    parse_vacancy,
)
from matcher.files.results import Loaded, Options, RowResult
from matcher.files.source import Source
from matcher.files.vum_candidates import VUM_CANDIDATE_FIELDS, read_vum_candidates
from matcher.files.vum_vacancies import VUM_VACANCY_FIELDS, read_vum_vacancies
from matcher.files.xlsx_in import read_xlsx

T = TypeVar("T")

DEFAULT = Options()


def load_candidates(source: Source, options: Options = DEFAULT) -> Loaded[CandidateParts]:
    """Candidates with their audit attributes apart; `InvalidInput` when the file is unreadable."""
    if source.format == "vum":
        _check_region(options)
        rows = read_vum_candidates(source, region=options.region, lang=options.lang)
        loaded = _collect(rows, lambda item: item[0].reference, options)
        loaded.fields = VUM_CANDIDATE_FIELDS
        return loaded
    return _load(source, CANDIDATE_BY_NAME, parse_candidate, lambda i: i[0].reference, options)


def load_vacancies(source: Source, options: Options = DEFAULT) -> Loaded[VacancyProfile]:
    """Vacancies; a file that asks for money, benefit, age, gender, origin or health is refused."""
    if source.format == "vum":
        _check_region(options)
        vacancies = read_vum_vacancies(source, region=options.region, lang=options.lang)
        found = _collect(vacancies, lambda item: item.reference, options)
        found.fields = VUM_VACANCY_FIELDS
        return found
    return _load(source, VACANCY_BY_NAME, parse_vacancy, lambda item: item.reference, options)


def load_programmes(source: Source, options: Options = DEFAULT) -> Loaded[Programme]:
    """Programmes; one that asks for a money level is left out as a bad row."""
    if source.format == "vum":
        raise source.refused("is VUM, which has no programmes")
    return _load(source, PROGRAMME_BY_NAME, parse_programme, lambda item: item.reference, options)


def load_pairs(source: Source, options: Options = DEFAULT) -> Loaded[DecidedPair]:
    """Decided pairs; two decisions about one pair are a bad row."""
    if source.format == "vum":
        raise source.refused("is VUM, which has no decisions about pairs")
    return _load(source, PAIR_BY_NAME, parse_pair, lambda item: "\0".join(item.key), options)


def load_contracts(
    source: Source, options: Options = DEFAULT, *, also_region: str | None = None
) -> Loaded[Contract]:
    """Contracts; `also_region` is the region of a rule set that stands in no code list yet."""
    if source.format == "vum":
        raise source.refused("is VUM, which has no contracts")
    if source.format == "json" and source.data.lstrip()[:1] == b"{":
        # One contract alone, as its account is asked for.
        source = replace(source, data=b"[" + source.data + b"]")

    def parse(record: Mapping[str, object], **how: Any) -> Parsed[Contract]:
        if also_region is None or str(record.get("region") or "").strip() != also_region:
            return parse_contract(record, **how)
        parsed = parse_contract({**record, "region": None}, **how)
        made = None if parsed.value is None else replace(parsed.value, region=also_region)
        return Parsed(made, parsed.problems)

    return _load(source, CONTRACT_BY_NAME, parse, lambda item: item.reference, options)


def load_contributions(source: Source, options: Options = DEFAULT) -> Loaded[Contribution]:
    """What was done for contracts."""
    if source.format == "vum":
        raise source.refused("is VUM, which has no contributions")
    return _load(
        source, CONTRIBUTION_BY_NAME, parse_contribution, lambda item: item.reference, options
    )


def read_table(source: Source, columns: Collection[str], lang: str) -> RawTable:
    """The table in `source`, of any format but VUM; known `columns` help to find separators."""
    if source.format == "csv":
        return read_csv(source, columns, lang)
    if source.format == "xlsx":
        return read_xlsx(source, lang)
    if source.format == "json":
        return read_json(source, lang)
    return read_parquet(source, lang)


def _load(
    source: Source,
    columns: Mapping[str, Column],
    parse: Callable[..., Parsed[T]],
    reference: Callable[[T], str],
    options: Options,
) -> Loaded[T]:
    lang = options.lang
    _check_region(options)
    table = read_table(source, columns, lang)
    if columns is VACANCY_BY_NAME:
        never = forbidden_needs(table.names, row=1 if table.has_header else None, lang=lang)
        if never:
            raise InvalidInput(never)
    _require_columns(table, columns, options)
    loaded = _collect(_parsed(table, columns, parse, options), reference, options)
    named = {*table.names, *(["region"] if options.region is not None else [])}
    loaded.fields = frozenset(columns[name].field_name for name in named if name in columns)
    loaded.warnings = [*table.warnings, *_unknown_columns(table, columns, lang), *loaded.warnings]
    return loaded


def _parsed(
    table: RawTable,
    columns: Mapping[str, Column],
    parse: Callable[..., Parsed[T]],
    options: Options,
) -> Iterator[RowResult[T]]:
    met: Met = {}
    for row in table.rows:
        if row.problems:
            yield RowResult(row.number, Parsed(None, row.problems))
            continue
        cells = {name: value for name, value in row.cells.items() if name in columns}
        if options.region is not None and is_empty(cells.get("region")):
            cells["region"] = options.region
        yield RowResult(row.number, parse(cells, row=row.number, lang=options.lang, met=met))


def _collect(
    rows: Iterator[RowResult[T]], reference: Callable[[T], str], options: Options
) -> Loaded[T]:
    loaded: Loaded[T] = Loaded()
    seen: dict[str, int] = {}
    for count, row in enumerate(rows, 1):
        value = row.parsed.value
        if value is None:
            loaded.problems.extend(row.parsed.problems)
        else:
            key = reference(value)
            first = seen.setdefault(key, row.number)
            if first != row.number:
                why = say("duplicate_reference", options.lang, first=first)
                loaded.problems.append(Problem("reference", why, row.number))
            else:
                loaded.items.append(value)
                loaded.rows.append(row.number)
                loaded.warnings.extend(row.warnings)
        if options.counted is not None:
            options.counted(count)
    if options.strict and loaded.problems:
        raise InvalidInput(loaded.problems)
    return loaded


def _check_region(options: Options) -> None:
    if options.region is None:
        return
    try:
        read_code(options.region, ("regions",))
    except CellError as error:
        raise InvalidInput([error.problem("region", None, options.lang)]) from None


def _require_columns(table: RawTable, columns: Mapping[str, Column], options: Options) -> None:
    if not table.has_header:
        return
    missing = [
        column.name
        for column in columns.values()
        if column.required
        and column.name not in table.names
        and not (column.name == "region" and options.region is not None)
    ]
    if missing:
        why = say("missing_columns", options.lang, names=", ".join(missing))
        raise InvalidInput([Problem("header", why)])


def _unknown_columns(
    table: RawTable, columns: Mapping[str, Column], lang: str
) -> Iterator[Problem]:
    for name in table.names:
        if name in columns:
            continue
        near = get_close_matches(name[:60], list(columns), n=1, cutoff=0.75)
        code = "unknown_column_near" if near else "unknown_column"
        yield Problem(shown_name(name), say(code, lang, nearest=", ".join(near)))
