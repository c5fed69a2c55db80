"""The text that motivates a decision: a proposal, for the person who decided to put right.

Awb article 3:46, with what a decision that a program advised on has to say: that it did, which
facts and rules, how they were weighed, and who decided. Money and home are left out: they changed
nothing that is decided here, and the text may be read by others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models.states import DecisionSubject
from matcher.reference.codes import CodeLists, load_codes
from matcher.repositories import accounts, advice, candidates
from matcher.repositories import decisions as rows
from matcher.repositories.records import DecisionRecord
from matcher.services.decisions import NOT_PROPOSED

PARTS: Final = (
    ("Het besluit", "Wat is gekozen, op welke dag en door wie"),
    ("Het advies", "Dat een programma adviseerde, wat het advies was en of het besluit het volgt"),
    ("De feiten", "Per onderdeel wat bekend was, zonder geld en thuis"),
    ("Niet bekend", "Welke onderdelen niet bekend waren; die telden als onbekend, niet als nul"),
    ("De regels", "Welke regels, van welke regio en versie, op welke dag"),
    ("De weging", "Waarom zo is gekozen, in een reden en zo nodig in eigen woorden"),
    ("Niet eens", "Bij wie iemand terecht kan"),
)
_LEFT_OUT: Final = ("money", "home")


def motivation(session: Session, viewer: Viewer, candidate_id: int, decision_id: int) -> str:
    """The proposed text of one decision about a candidate in reach, in Dutch.

    NotFound for a decision about somebody else. What is made of the text is kept in the client
    file of the municipality, not here.
    """
    candidates.get_row(session, viewer, candidate_id)
    found = [
        rows.to_record(row)
        for row in rows.list_rows(session, viewer, candidate_id)
        if row.id == decision_id
    ]
    if not found:
        raise NotFound("decision")
    decision = found[0]
    assessment = (
        None
        if decision.assessment_id is None
        else advice.find_assessment(session, viewer, decision.assessment_id)
    )
    codes = load_codes()
    parts = [_decided(session, decision, codes)]
    if assessment is None:
        parts.append("Het advies\nHierbij is geen advies van een programma gebruikt.")
    else:
        parts += [_advised(decision, codes), *_facts(assessment.result, codes)]
        parts.append(
            f"De regels\nHet programma werkt met vaste regels: {assessment.rules_slug}, versie "
            f"{assessment.rules_version}, zoals die golden op {_day(assessment.on)}. Er is nog "
            "niet gemeten of mensen er langer door aan het werk blijven."
        )
    parts += [_weighed(decision, codes), _disagree()]
    return "\n\n".join(parts)


def _decided(session: Session, decision: DecisionRecord, codes: CodeLists) -> str:
    by = None if decision.decided_by is None else accounts.find_row(session, decision.decided_by)
    who = "de beheerder van de dienst" if by is None else by.name
    chosen = _chosen(decision.subject, decision.chosen, codes)
    return (
        f"Het besluit\nOp {_day(decision.decided_at)} is besloten: {chosen}. Besloten door: {who}."
    )


def _chosen(subject: DecisionSubject, value: str, codes: CodeLists) -> str:
    if value == NOT_PROPOSED:
        return "niet voorstellen"
    return codes.label("lanes", value, "nl") if subject is DecisionSubject.LANE else value


def _advised(decision: DecisionRecord, codes: CodeLists) -> str:
    suggested = _chosen(decision.subject, decision.suggested or "", codes)
    followed = (
        "Het besluit volgt dat advies." if decision.accepted else "Het besluit wijkt daarvan af."
    )
    return (
        "Het advies\nBij dit besluit is een programma gebruikt. Het geeft advies; een mens "
        f"besluit. Het advies was: {suggested}. {followed}"
    )


def _facts(result: Mapping[str, Any], codes: CodeLists) -> list[str]:
    shown = [row for row in result["dimensions"] if row["name"] not in _LEFT_OUT]
    known = [row for row in shown if row["known"]]
    unknown = [codes.label("dimensions", row["name"], "nl") for row in shown if not row["known"]]
    lines = [f"- {codes.label('dimensions', row['name'], 'nl')}: {row['reason']}" for row in known]
    parts = ["De feiten\n" + ("\n".join(lines) or "Er was nog niets bekend.")]
    if unknown:
        parts.append(f"Niet bekend\n{', '.join(unknown)}. Dit telde als onbekend, niet als nul.")
    return parts


def _weighed(decision: DecisionRecord, codes: CodeLists) -> str:
    reason = codes.label("decision_reasons", decision.reason, "nl")
    own = f" {decision.text}" if decision.text else ""
    checked = ""
    if decision.facts_checked:
        checked = f" Nagekeken zijn: {', '.join(decision.facts_checked)}."
    return f"De weging\nReden: {reason}.{own}{checked}"


def _disagree() -> str:
    return (
        "Niet eens\nBent u het er niet mee eens, of klopt er iets niet? Zeg het tegen uw coach, of "
        "vraag op uw eigen pagina om een mens die opnieuw kijkt. U krijgt binnen tien werkdagen "
        "antwoord."
    )


def _day(moment: Any) -> str:
    return f"{moment.day}-{moment.month}-{moment.year}"
