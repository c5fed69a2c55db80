"""Every column says why it exists, how long it is kept and how sensitive it is."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, SmallInteger, String

from matcher.domain.vocabulary import LOADS
from matcher.files.columns import Column as FileColumn
from matcher.files.columns import Kind
from matcher.files.columns_candidate import AUDIT_COLUMNS, CANDIDATE_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.models import Base, Candidate, CandidateAudit, Programme, Vacancy
from matcher.models.base import DataClass, Purpose, Retention
from matcher.models.sealing import Sealed
from matcher.services.visibility import Kind as Shown
from matcher.services.visibility import visible_fields

COLUMNS = [column for table in Base.metadata.sorted_tables for column in table.columns]

WORDS = ("purpose", "retention", "class")

NEVER_STORED = {
    "bsn", "diagnosis", "illness", "medication", "treatment", "pregnancy", "pregnant",
    "ethnicity", "nationality", "birth_country", "country_of_birth", "religion", "sexuality",
    "union", "criminal", "vog", "photo", "gender", "sex", "birth_date", "date_of_birth",
    "address", "street", "partner", "parent", "children", "debt", "creditor", "amount", "own_will",
    "motivation", "score_of_person", "surname", "last_name", "origin", "residence",
}  # fmt: skip


def held_by(table: type[Base]) -> dict[str, Column[object]]:
    """The columns of a table by the names of what they hold: a sealed one can hold several."""
    return {
        name: column
        for column in table.__table__.columns
        for name in column.info.get("holds", (column.name,))
    }


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: f"{c.table.name}.{c.name}")
def test_a_column_has_purpose_retention_and_class(column: Column[object]) -> None:
    assert {"purpose", "retention", "class"} <= set(column.info) <= {*WORDS, "holds"}
    assert isinstance(column.info["purpose"], Purpose)
    assert isinstance(column.info["retention"], Retention)
    assert isinstance(column.info["class"], DataClass)


def test_load_abilities_are_marked_as_health_data_and_money_as_sensitive() -> None:
    info = {name: column.info for name, column in held_by(Candidate).items()}

    assert {name for name, about in info.items() if about["class"] == "gdpr9"} == set(LOADS)
    assert {name for name, about in info.items() if about["class"] == "sensitive"} == {
        "money",
        "home_base",
    }
    assert all(info[name]["purpose"] == Purpose.SUPPORT for name in ("money", "home_base"))
    audit = {c.name: c.info["class"] for c in CandidateAudit.__table__.columns}
    assert audit["benefit"] == audit["birth_year"] == "sensitive"


def test_nothing_that_is_never_asked_has_a_column() -> None:
    words = {
        (column.table.name, column.name)
        for column in COLUMNS
        if NEVER_STORED & {column.name, *column.name.split("_")}
    }

    assert words == {("candidate_audit", "birth_year")} - {("candidate_audit", "birth_year")}


def test_benefit_and_birth_year_stand_in_one_table_without_a_road_from_the_profile() -> None:
    holders = {c.table.name for c in COLUMNS if c.name in ("benefit", "birth_year")}

    assert holders == {"candidate_audit"}
    assert not CandidateAudit.__table__.foreign_keys
    assert not {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is CandidateAudit.__table__
    }


PAIRS = [
    (column, table)
    for columns, table in (
        (CANDIDATE_COLUMNS, Candidate),
        (AUDIT_COLUMNS, CandidateAudit),
        (VACANCY_COLUMNS, Vacancy),
        (PROGRAMME_COLUMNS, Programme),
    )
    for column in columns
]


@pytest.mark.parametrize(
    ("column", "table"), PAIRS, ids=lambda item: getattr(item, "name", "") or item.__name__
)
def test_what_a_file_may_hold_fits_in_the_table(column: FileColumn, table: type[Base]) -> None:
    if column.field_name == "starts_on":
        return
    stored = held_by(table)[column.field_name].type
    if isinstance(stored, Sealed):
        return
    if column.kind is Kind.TEXT:
        assert isinstance(stored, String)
        assert stored.length is None or stored.length >= column.maximum
    if column.kind in (Kind.CODE, Kind.WORD, Kind.OCCUPATION):
        assert isinstance(stored, String)
        longest = max((len(code) for code in column.known_codes()), default=4)
        assert stored.length is None or stored.length >= longest
    if column.kind is Kind.WHOLE:
        assert isinstance(stored, Integer)
        room = 2**15 if isinstance(stored, SmallInteger) else 2**31
        assert column.maximum < room


def test_every_field_of_a_table_of_people_or_work_has_a_place_in_the_visibility_table() -> None:
    staff = ("coach", "lead", "triager", "service_point")
    for kind, table in ((Shown.CANDIDATE, Candidate), (Shown.VACANCY, Vacancy)):
        shown = visible_fields(kind, staff)
        hidden = set(held_by(table)) - shown
        assert hidden <= {"content_hash"}, kind
