"""Entries of the log in words: who, by which right, what, and what for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_datetime

from matcher.domain.access import Right, Viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.base import Purpose
from matcher.models.states import AuditAction
from matcher.repositories.audit_entries import EntryRecord
from matcher.services.visibility import Kind, show
from matcher.web.codes import label_of
from matcher.web.navigation import right_names


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry; `details` are what stands under it in small letters."""

    position: int
    when: str
    who: str
    right: str
    what: str
    whose: int | None
    why: str
    details: tuple[str, ...]


def entry_line(entry: EntryRecord, viewer: Viewer) -> EntryLine:
    """An entry as `viewer` may see it."""
    seen = show(Kind.AUDIT_ENTRY, entry.as_mapping(), viewer.rights)
    return EntryLine(
        position=seen["id"],
        when=format_datetime(seen["at"], "d MMMM y HH:mm:ss"),
        who=_who(seen),
        right=_right(seen["right_used"]),
        what=what_words(seen["action"], seen["kind"]),
        whose=seen.get("candidate_id"),
        why=purpose_names().get(seen["purpose"]) or label_of("purposes", seen["purpose"]),
        details=tuple(_details(seen)),
    )


def _who(seen: Mapping[str, Any]) -> str:
    if seen.get("account_id") is None:
        return _("de server zelf")
    if seen.get("account"):
        return str(seen["account"])
    return _("account %(number)s", number=seen["account_id"])


def _right(right: str | None) -> str:
    return "" if right is None else str(right_names()[Right(right)])


def _details(seen: Mapping[str, Any]) -> list[str]:
    found = []
    if seen["count"] is not None:
        found.append(ngettext("%(num)s regel", "%(num)s regels", seen["count"]))
    if seen["fields"]:
        found.append(_("velden: %(names)s", names=", ".join(seen["fields"])))
    if seen.get("query"):
        found.append(_("filter: %(codes)s", codes=seen["query"].replace(";", ", ")))
    if seen.get("versions"):
        # The file has all of it; here the rules are what people ask after.
        rules = seen["versions"].partition(";")[0].removeprefix("rules=")
        found.append(_("regels: %(version)s", version=rules))
    return found


def what_words(action: AuditAction, kind: str) -> str:
    """What was done: ``gewijzigd: dossier``."""
    return f"{action_names()[action]}: {kind_names().get(kind, kind)}"


def action_names() -> dict[AuditAction, str]:
    """Each action as people call it."""
    return {
        AuditAction.READ: _("geopend"),
        AuditAction.LIST: _("lijst geopend"),
        AuditAction.CREATE: _("toegevoegd"),
        AuditAction.CHANGE: _("gewijzigd"),
        AuditAction.ERASE: _("gewist"),
        AuditAction.SUGGEST: _("advies gemaakt"),
        AuditAction.DECIDE: _("besloten"),
        AuditAction.EXPORT: _("als bestand meegenomen"),
        AuditAction.CONSENT: _("toestemming"),
        AuditAction.SIGN_IN: _("aanmelden"),
        AuditAction.OPERATE: _("beheer"),
    }


def kind_names() -> dict[str, str]:
    """What entries are about, as people call it; a kind without a name shows its code."""
    return {
        "account": _("account"),
        "api_token": _("sleutel van een programma"),
        "assessment": _("wat nu"),
        "arrangement": _("samenwerking"),
        "attendance": _("dag in een programma"),
        "attendance_link": _("link om aanwezigheid door te geven"),
        "audit_entry": _("logboek"),
        "backup": _("reservekopie"),
        "calendar_link": _("link voor een agenda"),
        "call_request": _("belverzoek"),
        "displacement_check": _("vragen over verdringing"),
        "displacement_report": _("melding van verdringing"),
        "shortlist": _("lijst zonder namen"),
        "candidate": _("dossier"),
        "candidate_account": _("eigen pagina van een kandidaat"),
        "candidate_audit": _("uitkering en geboortejaar"),
        "candidate_list": _("kandidaten"),
        "candidate_note": _("notitie"),
        "artefact": _("geleerde voorspelling"),
        "artefact_change": _("stap met een geleerde voorspelling"),
        "rule_version": _("versie van de regels"),
        "rule_version_step": _("stap met een versie van de regels"),
        "caseload_change": _("overdracht of vervanging"),
        "cohort": _("groep van een programma"),
        "commitment": _("uren elders"),
        "contact_attempt": _("poging om te bereiken"),
        "contract": _("opdracht"),
        "contract_share": _("deel van een opdracht"),
        "contribution": _("invulling van een opdracht"),
        "contribution_check": _("controle van een melding"),
        "decision": _("keuze"),
        "decision_undo": _("keuze teruggenomen"),
        "elsewhere": _("elders verder"),
        "evaluation": _("besluit over een programma of samenwerking"),
        "follow_up": _("nazorg"),
        "funding_line": _("geld voor plekken"),
        "import_run": _("bestand ingelezen"),
        "inflow_line": _("mensen achter een getal van de instroom"),
        "introduction": _("kennismaking"),
        "ledger_entry": _("regel van een grootboek"),
        "match_list": _("passende plekken"),
        "message": _("brieven en berichten"),
        "organisation": _("bedrijf"),
        "pair_choice": _("afspraak over iemand en een plek"),
        "allocation_line": _("voorstellen van een verdeling"),
        "seat_order_choice": _("volgorde van plekken in programma's"),
        "own_request": _("vraag van een kandidaat"),
        "agreement": _("afspraken over werk"),
        "placement": _("plaatsing"),
        "placement_outcome": _("antwoord over een plaatsing"),
        "plan": _("plan"),
        "programme": _("programma"),
        "programme_start": _("startdag van een programma"),
        "restore": _("reservekopie teruggezet"),
        "rights_change": _("wijziging van rechten"),
        "seat": _("plek in een programma"),
        "settlement_decision": _("besluit over een tekort"),
        "sign_in": _("gelukt"),
        "sign_in_failed": _("mislukt"),
        "sign_in_link": _("link om binnen te komen"),
        "sign_out": _("afgemeld"),
        "talent_centre": _("mensen van de regio"),
        "team": _("mensen van een coach"),
        "today": _("Vandaag"),
        "vacancy": _("plek"),
    }


def purpose_words(purpose: str) -> str:
    """What for, in words: by right, or as somebody said themselves."""
    return purpose_names().get(purpose) or label_of("purposes", purpose)


def purpose_names() -> dict[str, str]:
    """What for, as people call it."""
    return {
        Purpose.GUIDANCE: _("begeleiding naar werk"),
        Purpose.INTRODUCTION: _("kennismaking met een bedrijf"),
        Purpose.ACCOUNTABILITY: _("toezicht en verantwoording"),
        Purpose.OWN_SAY: _("eigen gegevens"),
        Purpose.ACCESS: _("accounts en toegang"),
        Purpose.OPERATION: _("werking van het systeem"),
    }
