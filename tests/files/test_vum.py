"""VUM in and out: every reading named, nobody's name or number kept, the export strictly valid."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.vacancy import VacancyProfile
from matcher.files.loading import load_candidates, load_programmes, load_vacancies
from matcher.files.records import candidate_record, vacancy_record
from matcher.files.results import Options
from matcher.files.source import open_source, source_of
from matcher.files.vum_candidates import VUM_CANDIDATE_FIELDS, vum_candidate
from matcher.files.vum_vacancies import VUM_VACANCY_FIELDS, months_later, vum_vacancy
from matcher.files.writing import json_bytes
from tests.conftest import require
from tests.files.strategies import candidates, vacancies

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[2] / ".." / "shared" / "vum"
DEMO = Options(region="demo")


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.is_file():
        require(f"the public VUM file {name} is not beside the project")
    return path


@cache
def validator(file_name: str, schema: str) -> Draft4Validator:
    """A strict reading of the published file: OpenAPI 3.0 has the semantics of JSON Schema 4."""
    document = yaml.safe_load(shared(file_name).read_text(encoding="utf-8"))
    registry = Registry().with_resource("vum:", Resource(document, specification=DRAFT4))
    items = {"$ref": f"vum:#/components/schemas/{schema}"}
    return Draft4Validator(
        {"type": "array", "items": items}, registry=registry, format_checker=FormatChecker()
    )


PROFILES = ("UM-Gemeente-WerkzoekendenProfielen-0.8.7.yaml", "Werkzoekende")
VACANCIES = ("UM-Gemeente-Vacatures-0.8.2.yaml", "Vacature")


def said(problems: list[Problem], row: int | None = None) -> list[tuple[str, str]]:
    """Where and why, of one row or of all; the row stands first when all are asked for."""
    if row is None:
        return [(f"{problem.row} {problem.where}", problem.why) for problem in problems]
    return [(problem.where, problem.why) for problem in problems if problem.row == row]


TWICE = "stands in row 1 already; the first one stays, this one is left out"
QUALIFICATION = "arbeidsmarktkwalificatie"


def keys(value: Any) -> set[str]:
    """Every attribute name anywhere in `value`."""
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_the_public_sample_gives_23_in_and_1_refused_with_each_reading_named() -> None:
    loaded = load_candidates(open_source(shared("example-profiles.json")), DEMO)
    assert len(loaded.items) == 23
    assert said(loaded.problems) == [("23 reference", TWICE)]
    for profile, audit in loaded.items:
        assert (profile.hours_min, profile.hours_max) == (None, None)
        assert (profile.language_speak, profile.language_read) == (None, None)
        assert profile.sectors == ()
        assert profile.education == 4
        assert profile.pc4 is not None
        assert profile.travel_max_minutes is not None
        assert profile.travel_max_minutes <= 180
        assert (audit.benefit, audit.birth_year) == (None, None)
    named = Counter(
        (note.where.split(".")[-1], note.why.split(";")[-1]) for note in loaded.warnings
    )
    assert named["aantalWerkurenPerWeekMinimaal", " read as unknown"] == 23
    assert named["aantalWerkurenPerWeekMaximaal", " read as unknown"] == 23
    assert named["codeSbi", " read as unknown"] == 23
    assert named["codeTaal", " work Dutch stays unknown"] == 23
    public = json.loads(shared("example-profiles.json").read_text(encoding="utf-8"))
    over = [item["mobiliteit"]["maximaleReistijd"] for item in public]
    assert named["maximaleReistijd", " read as 180"] == sum(minutes > 180 for minutes in over)


def test_a_profile_is_read_code_by_code() -> None:
    loaded = load_candidates(open_source(DATA / "vum-profiles.json"), DEMO)
    profile, _ = loaded.items[0]
    assert profile == CandidateProfile(
        reference="profiel-1",
        region="demo",
        pc4=3311,
        travel_max_minutes=45,
        travel_modes=frozenset({"bike", "public_transport"}),
        licences=frozenset({"B", "T"}),
        sectors=("F42", "N81"),
        hours_min=20,
        hours_max=40,
        start_from=date(2027, 2, 1),
        language_speak=2,
        language_read=0,
        education=3,
        guidance_need=0,
    )
    assert loaded.fields == VUM_CANDIDATE_FIELDS
    assert said(loaded.warnings, 1) == [
        (
            "vervoermiddel.codeVervoermiddel",
            "'2' (Bromfiets) is no way to travel here; left out",
        ),
        (
            "vervoermiddel.indicatieBeschikbaarVoorWoonWerkverkeer",
            "does not say whether it can be used to commute; read as unknown",
        ),
        (f"{QUALIFICATION}.rijbewijs.codeSoortRijbewijs", "'A1' has no code here; left out"),
        ("werktijden.aantalWerkurenPerWeekMaximaal", "48 is more than 40; read as 40"),
        ("eisAanWerk.indicatieBegeleiding", "2 (no) is read as a guidance need of 0 hours"),
        (
            f"{QUALIFICATION}.werkervaring",
            "is not coded in ISCO-08; the occupation stays unknown",
        ),
    ]


def test_what_vum_says_is_not_known_is_unknown_and_named() -> None:
    loaded = load_candidates(open_source(DATA / "vum-profiles.json"), DEMO)
    profile, _ = loaded.items[1]
    assert profile == CandidateProfile("profiel-2", "demo", travel_max_minutes=180)
    unknown = "says not known in VUM; read as unknown"
    assert said(loaded.warnings, 2) == [
        (
            "mobiliteit.bemiddelingspostcode",
            "is no Dutch postcode such as 3311AB; read as unknown",
        ),
        ("mobiliteit.maximaleReistijd", "240 is more than 180; read as 180"),
        ("sector.codeSbi", f"'0' {unknown}"),
        ("sector.codeSbi", f"'99999' {unknown}"),
        ("sector.codeSbi", "'4012' is no SBI 2008 division; read as unknown"),
        ("werktijden.aantalWerkurenPerWeekMinimaal", f"0 {unknown}"),
        ("werktijden.aantalWerkurenPerWeekMaximaal", f"99 {unknown}"),
        (f"{QUALIFICATION}.codeWerkEnDenkniveauWerkzoekende", f"7 {unknown}"),
        (f"{QUALIFICATION}.taalbeheersing.codeTaal", "'pol' is not nld; work Dutch stays unknown"),
        (
            "eisAanWerk.indicatieBegeleiding",
            "1 (yes) gives no hours; the guidance need stays unknown",
        ),
    ]


def test_a_bad_profile_is_left_out_under_the_name_that_vum_gives_the_field() -> None:
    loaded = load_candidates(open_source(DATA / "vum-profiles.json"), DEMO)
    assert [profile.reference for profile, _ in loaded.items] == [
        "profiel-1",
        "profiel-2",
        "profiel-10",
    ]
    hours = "werktijden.aantalWerkurenPerWeek"
    assert said(loaded.problems) == [
        ("3 reference", TWICE),
        ("4 idWerkzoekende", "is required; fill it in"),
        (f"5 {hours}Minimaal", "must be an object"),
        (f"5 {hours}Maximaal", "must be an object"),
        (f"6 {hours}Maximaal", "must be a whole number from 0 to 99"),
        (
            "7 flexibiliteit.datumAanvangBeschikbaarVoorWerk",
            "must be a date written as 2027-03-31",
        ),
        (f"8 {hours}Minimaal", "is more than hours_max; correct one of the two"),
        ("9 row", "must be an object with the columns as its names"),
    ]


def test_a_vacancy_is_read_code_by_code() -> None:
    loaded = load_vacancies(open_source(DATA / "vum-vacancies.json"), DEMO)
    assert loaded.items == [
        VacancyProfile(
            reference="vacature-1",
            contractor="Grondbedrijf",
            region="demo",
            sector="F42",
            places=1,
            title="Grondwerker in opleiding",
            contract_type="bbl",
            hours_min=32,
            hours_max=40,
            site_pc4=3316,
            language_speak=2,
            education=2,
            licences=frozenset({"B"}),
            start_on=date(2027, 3, 8),
            contract_months=12,
        ),
        VacancyProfile(
            reference="24763",
            contractor="Zorggroep",
            region="demo",
            sector="Q87",
            places=1,
            title="Hulp in de wijk",
            contract_type="work_experience",
            start_on=date(2027, 1, 4),
        ),
    ]
    assert loaded.fields == VUM_VACANCY_FIELDS
    assert [str(problem) for problem in loaded.problems] == [
        "row 3, column sector.codeSbi: is required; fill it in",
        "row 4, column werkgever.handelsnaamOrganisatie: is required; fill it in",
    ]
    assert {note.where for note in loaded.warnings if note.row == 2} == {
        "places",
        "werkgever.adresHouding",
        "contractvorm.codeTypeOvereenkomst",
    }


def test_nothing_about_the_person_is_kept() -> None:
    loaded = load_candidates(open_source(DATA / "vum-profiles.json"), DEMO)
    kept = repr(loaded)
    for secret in ("iemand@voorbeeld", "0612345678", "Afdeling", "buiten", "Ldr"):
        assert secret not in kept
    assert "Afdeling" not in repr(load_vacancies(open_source(DATA / "vum-vacancies.json"), DEMO))


def test_vum_without_a_region_is_refused_with_the_way_out() -> None:
    for load in (load_candidates, load_vacancies):
        with pytest.raises(
            InvalidInput, match="region: VUM names no region; give one with --region"
        ):
            load(source_of("x", b"[]", "vum"))
    with pytest.raises(InvalidInput, match="has no programmes"):
        load_programmes(source_of("x", b"[]", "vum"))


def test_json_in_the_shape_of_vum_is_recognised() -> None:
    assert open_source(DATA / "vum-profiles.json").format == "vum"
    assert open_source(DATA / "vum-vacancies.json").format == "vum"


@given(parts=candidates)
def test_every_export_of_a_candidate_is_strictly_valid_and_reads_back(parts: Any) -> None:
    exported = vum_candidate(candidate_record(*parts))
    assert list(validator(*PROFILES).iter_errors([exported])) == []
    source = source_of("export", json_bytes([exported]), "vum")
    ((profile, _),) = load_candidates(source, Options(region=parts[0].region)).items
    was = parts[0]
    assert profile.reference == was.reference
    assert profile.licences == was.licences
    assert profile.education == was.education
    assert profile.start_from == was.start_from
    assert profile.travel_max_minutes == was.travel_max_minutes
    if profile.hours_min is not None and was.hours_max is not None:
        assert profile.hours_max is not None
        assert profile.hours_max <= was.hours_max
    for name in ("language_speak", "language_read"):
        assert getattr(profile, name) == (None if getattr(was, name) == 1 else getattr(was, name))


@given(vacancy=vacancies)
def test_every_export_of_a_vacancy_is_strictly_valid(vacancy: VacancyProfile) -> None:
    exported = vum_vacancy(vacancy_record(vacancy))
    assert list(validator(*VACANCIES).iter_errors([exported])) == []


def test_an_export_holds_no_more_than_vum_has_a_place_for() -> None:
    profile = CandidateProfile(
        "K1", "demo", pc4=3311, money=0, home_base=1, lift=0, rhythm=1, guidance_need=8.0
    )
    assert vum_candidate(candidate_record(profile)) == {"idWerkzoekende": "K1"}


def test_the_strict_check_sees_what_the_published_file_forbids() -> None:
    check = validator(*PROFILES)
    assert list(check.iter_errors([{"idWerkzoekende": 3}]))
    assert list(check.iter_errors([{"werktijden": {}}]))
    hours = {"idWerkzoekende": "x", "werktijden": {"aantalWerkurenPerWeekMinimaal": 100}}
    assert list(check.iter_errors([hours]))
    # The published alternatives refer back to their own choice: no validator can accept a value.
    with pytest.raises(RecursionError):
        list(check.iter_errors([{"idWerkzoekende": "x", "bemiddelingsberoep": [{}]}]))


def test_a_vacancy_exported_and_read_again_stays_what_vum_can_say() -> None:
    loaded = load_vacancies(open_source(DATA / "vum-vacancies.json"), DEMO)
    for vacancy in loaded.items:
        exported = json_bytes([vum_vacancy(vacancy_record(vacancy))])
        (again,) = load_vacancies(source_of("export", exported, "vum"), DEMO).items
        assert again == replace(vacancy, site_pc4=None)
        assert keys(json.loads(exported)).isdisjoint({"beroep", "adres", "contactpersoon"})


def test_months_later_stays_inside_the_month() -> None:
    assert months_later(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_later(date(2027, 12, 15), 2) == date(2028, 2, 15)
