"""VUM ``Vacature`` to vacancies and back."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.vacancy import VacancyProfile
from matcher.files.cells import read_date
from matcher.files.json_in import read_objects
from matcher.files.messages import CellError, quoted, say
from matcher.files.records import Parsed, parse_vacancy
from matcher.files.results import RowResult
from matcher.files.source import Source
from matcher.files.vum import (
    VumItem,
    hours_entry,
    language_entry,
    licence_entries,
    sbi,
    without_empty,
)
from matcher.reference.codes import load_codes

VUM_VACANCY_FIELDS: Final = frozenset(
    {
        "reference",
        "contractor",
        "region",
        "sector",
        "title",
        "contract_type",
        "hours_min",
        "hours_max",
        "site_pc4",
        "language_speak",
        "language_read",
        "education",
        "licences",
        "start_on",
        "contract_months",
    }
)
"""What VUM can say of a vacancy; it is silent about everything else."""

_PATHS: Final = {
    "reference": "idVacature",
    "contractor": "werkgever.handelsnaamOrganisatie",
    "sector": "sector.codeSbi",
    "title": "naamVacature",
    "hours_min": "werktijden.aantalWerkurenPerWeekMinimaal",
    "start_on": "arbeidsVoorwaarden.datumAanvangWerkzaamheden",
}
_SITE_FUNCTIONS: Final = ("E", "V")
"""Kinds of address where the day can start: work site before establishment, never post."""
_DAYS_A_MONTH: Final = 365.25 / 12


def read_vum_vacancies(
    source: Source, *, region: str | None, lang: str
) -> Iterator[RowResult[VacancyProfile]]:
    """Every ``Vacature`` in `source`, in order; rows count from 1.

    VUM names no region, so `region` is required: `InvalidInput` without it.
    """
    if region is None:
        raise InvalidInput([Problem("region", say("vum_region", lang))])
    for number, value in enumerate(read_objects(source), 1):
        if not isinstance(value, dict):
            problem = Problem("row", say("not_an_object", lang), number)
            yield RowResult(number, Parsed(None, (problem,)))
            continue
        item = VumItem(value, number, lang)
        parsed = parse_vacancy(_record(item, region), row=number, lang=lang)
        problems = [*item.problems, *item.renamed(parsed.problems, _PATHS)]
        result = Parsed(None if problems else parsed.value, tuple(problems))
        yield RowResult(number, result, tuple(item.notes))


def _record(item: VumItem, region: str) -> dict[str, object]:
    sectors = item.sectors("sector") or item.sectors("werkgever.sector")
    record: dict[str, object] = {
        "reference": item.get("idVacature") or item.get("nummerVacature"),
        "contractor": item.get("werkgever.handelsnaamOrganisatie"),
        "region": region,
        "sector": sectors[0] if sectors else None,
        "places": 1,
        "title": item.get("naamVacature"),
        "education": item.education("codeWerkEnDenkniveauMinimaal"),
        "contract_type": _contract_type(item),
        "hours_min": item.hours("werktijden.aantalWerkurenPerWeekMinimaal"),
        "hours_max": item.hours("werktijden.aantalWerkurenPerWeekMaximaal"),
        "licences": item.licences("rijbewijs"),
        "site_pc4": _site(item),
        **item.dutch("taalbeheersing"),
        **_dates(item),
    }
    item.note("places", "vum_places")
    if item.whole("flexibiliteit.indicatieOnregelmatigWerkOfPloegendienst", 2) == 1:
        item.note("flexibiliteit.indicatieOnregelmatigWerkOfPloegendienst", "vum_shifts")
    if item.get("beroep") is not None:
        item.note("beroep", "vum_occupation")
    return record


def _contract_type(item: VumItem) -> str | None:
    """Code 02 is a learning job, 04 work experience; 01 goes by its term."""
    for form in item.listing("contractvorm"):
        agreement = item.code(form, "codeTypeOvereenkomst", "contractvorm")
        term = item.code(form, "codeTypeArbeidscontract", "contractvorm")
        match (agreement, term):
            case ("02", _):
                return "bbl"
            case ("04", _):
                return "work_experience"
            case ("01", "B"):
                return "temporary"
            case ("01", "O"):
                return "permanent"
            case (str(), _) if agreement != "01":
                path = "contractvorm.codeTypeOvereenkomst"
                item.note(path, "vum_no_code", value=quoted(agreement))
    return None


def _site(item: VumItem) -> int | None:
    """The postcode of a work site, else of an establishment; post is not delivered to work."""
    path = "werkgever.adresHouding"
    found: dict[str, object] = {}
    holdings = item.listing(path)
    for holding in holdings:
        function = item.code(holding, "codeFunctieAdres", path)
        postcode = item.inside(holding, "adres.adresNederland.postcode", f"{path}.adres")
        if function in _SITE_FUNCTIONS and postcode is not None:
            found.setdefault(function, postcode)
    for function in _SITE_FUNCTIONS:
        if function in found:
            return item.postcode(found[function], f"{path}.adres.adresNederland.postcode")
    if holdings:
        item.note(path, "vum_address")
    return None


def _dates(item: VumItem) -> dict[str, object]:
    start = item.get("arbeidsVoorwaarden.datumAanvangWerkzaamheden") or item.get(
        "flexibiliteit.datumAanvangBeschikbaarVoorWerk"
    )
    end = item.get("arbeidsVoorwaarden.datumEindeWerkzaamheden")
    if start is None or end is None:
        return {"start_on": start}
    try:
        days = (read_date(end) - read_date(start)).days
    except CellError as error:
        item.problem("arbeidsVoorwaarden.datumEindeWerkzaamheden", error.code, **error.facts)
        return {}
    months = round(days / _DAYS_A_MONTH)
    return {"start_on": start, "contract_months": months if months > 0 else None}


def vum_vacancy(record: Mapping[str, Any]) -> dict[str, Any]:
    """A vacancy's record (`vacancy_record`) as ``Vacature``; missing names are left out.

    VUM has no number of places and its address is a construct that strict validators refuse: both
    stand in the description, for the people who read it.
    """
    facts = []
    if record.get("places") is not None:
        facts.append(f"Aantal plekken: {record['places']}.")
    if record.get("site_pc4") is not None:
        facts.append(f"De werkdag begint in postcodegebied {record['site_pc4']}.")
    education = record.get("education")
    sector = sbi(record["sector"]) if record.get("sector") else None
    return without_empty(
        {
            "idVacature": record["reference"],
            "naamVacature": record.get("title"),
            "omschrijvingVacature": " ".join(facts) or None,
            "codeWerkEnDenkniveauMinimaal": None if education is None else str(education),
            "werkgever": without_empty({"handelsnaamOrganisatie": record.get("contractor")}),
            "sector": {} if sector is None else {"codeSbi": sector},
            "arbeidsVoorwaarden": _terms(record),
            "contractvorm": _contract_form(record.get("contract_type")),
            "rijbewijs": licence_entries(record.get("licences") or ()),
            "werktijden": hours_entry(record.get("hours_min"), record.get("hours_max")),
            "taalbeheersing": language_entry(
                record.get("language_speak"), record.get("language_read")
            ),
        }
    )


def _contract_form(contract_type: str | None) -> list[dict[str, str]]:
    if contract_type is None:
        return []
    attributes = load_codes().list("contract_types")[contract_type].attributes
    form = {
        "codeTypeArbeidscontract": attributes.get("vum_term"),
        "codeTypeOvereenkomst": attributes.get("vum_agreement"),
    }
    return [{key: value for key, value in form.items() if value is not None}]


def _terms(record: Mapping[str, Any]) -> dict[str, str]:
    if record.get("start_on") is None:
        return {}
    terms = {"datumAanvangWerkzaamheden": record["start_on"]}
    months = record.get("contract_months")
    if months:
        terms["datumEindeWerkzaamheden"] = months_later(
            date.fromisoformat(record["start_on"]), round(months)
        ).isoformat()
    return terms


def months_later(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
