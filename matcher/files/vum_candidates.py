"""VUM ``Werkzoekende`` to candidates and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.json_in import read_objects
from matcher.files.messages import quoted, say
from matcher.files.records import CandidateParts, Parsed, parse_candidate
from matcher.files.results import RowResult
from matcher.files.source import Source
from matcher.files.vum import (
    TRAVEL_MAXIMUM,
    VumItem,
    hours_entry,
    language_entry,
    licence_entries,
    sbi,
    without_empty,
)
from matcher.reference.codes import load_codes

QUALIFICATION: Final = "arbeidsmarktkwalificatie"

VUM_CANDIDATE_FIELDS: Final = frozenset(
    {
        "reference",
        "region",
        "pc4",
        "travel_max_minutes",
        "travel_modes",
        "licences",
        "sectors",
        "hours_min",
        "hours_max",
        "start_from",
        "language_speak",
        "language_read",
        "education",
        "guidance_need",
    }
)
"""What VUM can say of a candidate; it is silent about everything else."""

_PATHS: Final = {
    "reference": "idWerkzoekende",
    "hours_min": "werktijden.aantalWerkurenPerWeekMinimaal",
    "start_from": "flexibiliteit.datumAanvangBeschikbaarVoorWerk",
}


def read_vum_candidates(
    source: Source, *, region: str | None, lang: str
) -> Iterator[RowResult[CandidateParts]]:
    """Every ``Werkzoekende`` in `source`, in order; rows count from 1.

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
        parsed = parse_candidate(_record(item, region), row=number, lang=lang)
        problems = [*item.problems, *item.renamed(parsed.problems, _PATHS)]
        result = Parsed(None if problems else parsed.value, tuple(problems))
        yield RowResult(number, result, tuple(item.notes))


def _record(item: VumItem, region: str) -> dict[str, object]:
    record: dict[str, object] = {"reference": item.get("idWerkzoekende"), "region": region}
    postcode = item.get("mobiliteit.bemiddelingspostcode")
    if postcode is not None:
        record["pc4"] = item.postcode(postcode, "mobiliteit.bemiddelingspostcode")
    minutes = item.whole("mobiliteit.maximaleReistijd", 999)
    if minutes is not None and minutes > TRAVEL_MAXIMUM:
        path = "mobiliteit.maximaleReistijd"
        item.note(path, "vum_capped", value=minutes, maximum=TRAVEL_MAXIMUM)
        minutes = TRAVEL_MAXIMUM
    record["travel_max_minutes"] = minutes
    record["travel_modes"] = _modes(item)
    record["licences"] = item.licences(f"{QUALIFICATION}.rijbewijs")
    record["sectors"] = item.sectors("sector")
    record["hours_min"] = item.hours("werktijden.aantalWerkurenPerWeekMinimaal")
    record["hours_max"] = item.hours("werktijden.aantalWerkurenPerWeekMaximaal")
    record["start_from"] = item.get("flexibiliteit.datumAanvangBeschikbaarVoorWerk")
    record["education"] = item.education(f"{QUALIFICATION}.codeWerkEnDenkniveauWerkzoekende")
    record.update(item.dutch(f"{QUALIFICATION}.taalbeheersing"))
    record["guidance_need"] = _guidance(item)
    if item.listing(f"{QUALIFICATION}.werkervaring"):
        item.note(f"{QUALIFICATION}.werkervaring", "vum_occupation")
    return record


def _modes(item: VumItem) -> list[str]:
    """Ways to travel that can be used to commute; unknown stays out and is named."""
    known = load_codes().list("vum_transport")
    found = []
    for transport in item.listing("vervoermiddel"):
        code = item.code(transport, "codeVervoermiddel", "vervoermiddel")
        usable = item.code(transport, "indicatieBeschikbaarVoorWoonWerkverkeer", "vervoermiddel")
        if code is None or usable == "2":
            continue
        mode = known[code].attributes.get("mode") if code in known else None
        if mode is None:
            label = f"{quoted(code)} ({known[code].nl})" if code in known else quoted(code)
            item.note("vervoermiddel.codeVervoermiddel", "vum_transport", value=label)
        elif usable not in (None, "1"):
            item.note("vervoermiddel.indicatieBeschikbaarVoorWoonWerkverkeer", "vum_commute")
        elif mode not in found:
            found.append(mode)
    return found


def _guidance(item: VumItem) -> float | None:
    path = "eisAanWerk.indicatieBegeleiding"
    needed = item.whole(path, 2)
    if needed == 1:
        item.note(path, "vum_guidance")
    if needed == 2:
        item.note(path, "vum_no_guidance")
        return 0.0
    return None


_TRANSPORT_OF_MODE: Final = {"car": 1, "bike": 3, "ebike": 3, "public_transport": 5}


def vum_candidate(record: Mapping[str, Any]) -> dict[str, Any]:
    """A candidate's record (`candidate_record`) as ``Werkzoekende``; missing names are left out.

    A postcode of six characters is not known here, so none is written.
    """
    transport = dict.fromkeys(
        _TRANSPORT_OF_MODE[mode]
        for mode in record.get("travel_modes") or ()
        if mode in _TRANSPORT_OF_MODE
    )
    qualification = {
        "codeWerkEnDenkniveauWerkzoekende": record.get("education"),
        "taalbeheersing": language_entry(record.get("language_speak"), record.get("language_read")),
        "rijbewijs": licence_entries(record.get("licences") or ()),
    }
    divisions = dict.fromkeys(sbi(sector) for sector in record.get("sectors") or ())
    return without_empty(
        {
            "idWerkzoekende": record["reference"],
            "vervoermiddel": [
                {"indicatieBeschikbaarVoorWoonWerkverkeer": 1, "codeVervoermiddel": code}
                for code in transport
            ],
            "mobiliteit": without_empty({"maximaleReistijd": record.get("travel_max_minutes")}),
            "flexibiliteit": without_empty(
                {"datumAanvangBeschikbaarVoorWerk": record.get("start_from")}
            ),
            "werktijden": hours_entry(record.get("hours_min"), record.get("hours_max")),
            QUALIFICATION: without_empty(qualification),
            "sector": [{"codeSbi": code} for code in divisions if code is not None],
        }
    )
