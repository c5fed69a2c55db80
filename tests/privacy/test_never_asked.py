"""What is never asked has no column, no field of a form or the API, no code, and scores nothing."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest

import matcher.domain
import matcher.engine
from matcher import create_app
from matcher.domain import candidate, vacancy
from matcher.domain.access import Right
from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.table import VacancyTable
from matcher.files.columns_candidate import AUDIT_COLUMNS, CANDIDATE_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.guards import forbidden_need
from matcher.files.loading import load_candidates
from matcher.files.results import Options
from matcher.files.source import Source
from matcher.models import Base, Vacancy, states
from matcher.reference.codes import load_codes
from matcher.services import advice
from matcher.services.visibility import Kind, writable_fields
from tests.privacy.everything import body_strings, form_fields

NEVER_NAMED = {
    "bsn", "diagnosis", "diagnoses", "illness", "disease", "medication", "medicine", "treatment",
    "sickness", "sick", "pregnancy", "pregnant", "ethnicity", "ethnic", "nationality", "origin",
    "race", "religion", "faith", "belief", "sexuality", "orientation", "political", "politics",
    "union", "criminal", "conviction", "vog", "photo", "picture", "gender", "sex", "birthdate",
    "birthday", "street", "surname", "partner", "marital", "spouse", "parent", "parenthood",
    "children", "debt", "debts", "creditor", "creditors", "income", "salary", "motivation",
    "attitude", "personality", "appearance", "iban", "passport", "residence", "sanction",
    "enforcement", "fraud",
}  # fmt: skip
"""Words of names, in English as names are (product.md section 2.0)."""
NEVER_PAIRS = {
    ("birth", "date"), ("date", "birth"), ("birth", "country"), ("country", "birth"),
    ("last", "name"), ("own", "will"), ("social", "media"), ("house", "number"),
    ("sick", "leave"), ("home", "address"),
}  # fmt: skip
NEVER_ASKED_IN_DUTCH = re.compile(
    r"\b(bsn|burgerservicenummer|diagnose|ziekte|ziek|medicijn\w*|zwanger\w*|afkomst|nationaliteit|"
    r"geboorteland|geboortedatum|godsdienst|geloof|geaardheid|vakbond|politiek|strafblad|vog|"
    r"geslacht|foto|achternaam|adresgegevens|burgerlijke staat|partner|schuldeiser\w*|"
    r"hoe hoog|bedrag|motivatie|persoonlijkheid)\b",
    re.IGNORECASE,
)
ALLOWED = {
    ("programme_kinds", "orientation"): "half days to find out which work somebody wants",
    ("programme_kinds", "income_talk"): "a talk that somebody can follow; nothing of it is kept",
    ("receivers", "debt_office"): "who takes somebody over; why is not said",
    ("enum ReceiverKind", "debt_office"): "the same, as it is stored",
    ("form TakeHomeForm", "creditors"): "yes or no for a sum on the page; nothing is kept of it",
}
KEPT_NOWHERE = {"TakeHomeForm"}
"""A form whose answers make one sum on the page and are gone (practice.md section 3)."""
SEPARATE = {"benefit", "birth_year"}


def words_of(name: str) -> list[str]:
    """The words of a name, also of one in camel case."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def is_never_asked(name: str) -> bool:
    """Whether a name speaks of what is never asked."""
    words = [word for word in words_of(name) if word not in ("of", "the", "has")]
    pairs = set(pairwise(words))
    return bool(NEVER_NAMED.intersection(words) or NEVER_PAIRS & pairs)


def named_things() -> Iterator[tuple[str, str]]:
    """Every name under which something can be kept, sent or chosen."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for name in column.info.get("holds", (column.name,)):
                yield f"column {table.name}", name
    for columns in (CANDIDATE_COLUMNS, AUDIT_COLUMNS, VACANCY_COLUMNS, PROGRAMME_COLUMNS):
        for column in columns:
            yield "file", column.name
    for _name, kind in inspect.getmembers(states, inspect.isclass):
        if issubclass(kind, StrEnum):
            for member in kind:
                yield f"enum {kind.__name__}", member.value
    codes = load_codes()
    for list_name in codes.names():
        # The lists of what is not asked have to name it.
        if list_name not in ("not_to_ask", "never_asked_terms"):
            for code in codes.list(list_name).codes:
                yield f"codes {list_name}", code


@pytest.mark.parametrize(
    "name",
    ["bsn", "birth_date", "countryOfBirth", "criminal_record", "own_will", "has_children",
     "debt_amount", "sick_leave_days", "partnerName", "vog_concern", "religion"],
)  # fmt: skip
def test_the_check_knows_a_bad_name_when_it_sees_one(name: str) -> None:
    assert is_never_asked(name)


def test_nothing_that_is_never_asked_has_a_column_a_field_or_a_code() -> None:
    app = create_app({"DATABASE_URL": "sqlite:///:memory:"})
    found = list(named_things())
    found += [(f"form {form}", name) for form, name, _kind, _label in form_fields(app)]
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    for schema, content in document["components"]["schemas"].items():
        found += [(f"schema {schema}", name) for name in content.get("properties", {})]
    found += [(f"body {operation}", name) for operation, name in body_strings(document)]

    assert len(found) > 1000
    bad = {(where, name) for where, name in found if is_never_asked(name)}
    named = {(where.removeprefix("codes "), name) for where, name in bad}
    assert named == set(ALLOWED)


def test_no_label_of_a_form_asks_it_either() -> None:
    app = create_app({"DATABASE_URL": "sqlite:///:memory:"})
    labels = [(form, label) for form, _name, _kind, label in form_fields(app)]

    assert len([label for _form, label in labels if label]) > 100
    for form, label in labels:
        if form in KEPT_NOWHERE:
            continue
        assert not NEVER_ASKED_IN_DUTCH.search(label), (form, label)


def test_a_place_asks_for_no_money_home_benefit_age_or_health() -> None:
    names = {column.name for column in Vacancy.__table__.columns}
    names |= {column.name for column in VACANCY_COLUMNS}
    names |= {field.name for field in dataclasses.fields(vacancy.VacancyProfile)}

    assert not {name for name in names if forbidden_need(name)}
    assert not names & {"money", "home_base", "wants_start", "adult", *SEPARATE}


def test_nobody_of_staff_writes_what_only_the_candidate_says() -> None:
    for right in Right:
        written = writable_fields(Kind.CANDIDATE, [right])
        assert ("wants_start" in written) == (right is Right.CANDIDATE)
    assert {right.value for right in Right} == {
        "coach", "triager", "service_point", "lead", "contractor", "officer", "analyst",
        "candidate", "admin",
    }, "there is no right of income or enforcement"  # fmt: skip


# --- benefit and year of birth -------------------------------------------------------------------


def modules_that_score() -> Iterator[ModuleType]:
    """The domain, the batch kernel and what computes advice with them."""
    for package in (matcher.domain, matcher.engine):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)
    yield advice


def held_by(kind: Any, seen: set[Any] | None = None) -> set[str]:
    """Names of all fields that a value of `kind` can hold, whatever is inside it."""
    seen = set() if seen is None else seen
    if kind in seen or not isinstance(kind, type):
        inner = [held_by(part, seen) for part in typing.get_args(kind)]
        return set().union(*inner)
    seen.add(kind)
    if not dataclasses.is_dataclass(kind):
        return set()
    names = {field.name for field in dataclasses.fields(kind)}
    for hint in typing.get_type_hints(kind).values():
        names |= held_by(hint, seen)
    return names


def types_of(module: ModuleType) -> list[type]:
    return [
        kind
        for _name, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__
    ]


def test_nothing_that_scores_can_hold_benefit_or_year_of_birth() -> None:
    kinds = [kind for module in modules_that_score() for kind in types_of(module)]

    assert {CandidateProfile, VacancyTable, advice.Advisor} <= set(kinds)
    for kind in kinds:
        if kind is not AuditAttributes:
            assert not held_by(kind) & SEPARATE, kind
            assert not set(dir(kind)) & SEPARATE, kind
    assert held_by(AuditAttributes) >= SEPARATE, "the check sees what it looks for"
    with pytest.raises(TypeError):
        CandidateProfile(reference="K", region="demo", birth_year=1990)  # type: ignore[call-arg]  # that is the test


def words_in_code(module: ModuleType) -> set[str]:
    """Every name and text in the code of a module; what its docstrings say is left out."""
    tree = ast.parse(inspect.getsource(module))
    said = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg | ast.keyword | ast.alias):
            found.add(str(getattr(node, "arg", None) or getattr(node, "name", "")))
        elif isinstance(node, ast.Constant) and node not in said:
            found.update(re.findall(r"\w+", str(node.value)))
    return found


def test_no_code_that_scores_speaks_of_the_audit_attributes() -> None:
    assert words_in_code(candidate) >= SEPARATE, "the check sees what it looks for"
    for module in modules_that_score():
        if module is not candidate:
            assert not words_in_code(module) & {*SEPARATE, "AuditAttributes"}, module.__name__


def test_a_profile_has_no_room_for_more_than_its_fields() -> None:
    profile = CandidateProfile(reference="K", region="demo")
    for name in SEPARATE:
        with pytest.raises((AttributeError, TypeError, dataclasses.FrozenInstanceError)):
            setattr(profile, name, 1)


def test_a_file_hands_them_over_apart_from_the_profile() -> None:
    text = b"reference,region,benefit,birth_year,rhythm\nK-1,demo,ww,1990,3\n"
    loaded = load_candidates(
        Source("k.csv", text, "csv"), Options(region=None, lang="nl", strict=False)
    )
    [(profile, apart)] = loaded.items

    assert (apart.benefit, apart.birth_year) == ("ww", 1990)
    assert profile.rhythm == 3
    assert "ww" not in str(profile)
    assert "1990" not in str(profile)
