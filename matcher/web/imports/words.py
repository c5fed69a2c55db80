"""What these pages say of files, columns and proposals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.domain.errors import InvalidInput
from matcher.files.import_check import Finding
from matcher.files.import_mapping import Why
from matcher.files.import_targets import targets_of
from matcher.files.messages import say
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import ImportKind
from matcher.reference.codes import load_codes
from matcher.reference.import_columns import load_import_columns


def kind_words() -> dict[ImportKind, str]:
    """What a file can hold."""
    return {
        ImportKind.CANDIDATES: _("Mensen"),
        ImportKind.VACANCIES: _("Plekken"),
        ImportKind.PROGRAMMES: _("Programma's"),
    }


def label_of_target(kind: ImportKind, name: str) -> str:
    """What a column fills, in words."""
    target = targets_of(kind).get(name)
    return name if target is None else target.known.label(current_language())


def why_words(column: Mapping[str, Any]) -> tuple[str, str]:
    """The meaning of a column's choice (ok, near, ask, no) and its words."""
    other = column["other"] or ""
    match column["why"]:
        case Why.SAME_NAME:
            return "ok", _("herkend aan de naam")
        case Why.REMEMBERED:
            return "ok", _("zo koos u eerder")
        case Why.CHOSEN:
            return "ok", _("gekozen")
        case Why.LIKE_NAME:
            return "near", _("lijkt op deze naam")
        case Why.CONTENT:
            return "near", _("herkend aan wat erin staat")
        case Why.SWAPPED:
            return "near", _("lijkt verwisseld met ‘%(other)s’", other=other)
        case Why.DOUBTED:
            return "near", _("past niet bij wat erin staat")
        case Why.TAKEN:
            return "ask", _("dit staat al in een andere kolom")
        case Why.NEVER:
            return "no", _("vragen we nooit: %(what)s", what=never_words(other)[0])
    return "ask", _("niet herkend")


def never_words(code: str) -> tuple[str, str]:
    """What is never asked, and what to do instead."""
    lang = current_language()
    for item in load_import_columns().never:
        if item.code == code:
            return item.labels[lang], item.ways_out[lang]
    return code, ""


def fix_words(finding: Finding, kind: ImportKind) -> str:
    """What is proposed for one cell."""
    if finding.fix is None:
        return ""
    cell = finding.fix.cell
    if cell is None:
        return _("leeg laten")
    target = targets_of(kind).get(finding.target)
    column = None if target is None else target.column
    if column is None or not (column.codes or column.words):
        return cell
    return ", ".join(_code_words(column.codes, code) for code in cell.split("|"))


def _code_words(lists: Iterable[str], code: str) -> str:
    for name in lists:
        found = load_codes().list(name).codes.get(code)
        if found is not None:
            return found.label(current_language())
    return code


def problem_words(finding: Finding, kind: ImportKind) -> str:
    """What is wrong with one cell, after the name of what it fills."""
    facts = {**finding.facts}
    return say(finding.code, current_language(), **facts)


def group_words(group: Mapping[str, Any], kind: ImportKind) -> tuple[str, str]:
    """The sentence of a group of findings, and how often."""
    times = ngettext("%(num)s rij", "%(num)s rijen", group["count"])
    label = label_of_target(kind, group["target"])
    varied = {"code", "code_far", "not_a_number", "too_long", "duplicate_reference"}
    if group["code"] in varied or not group["examples"]:
        return f"{label} {_general(group['code'])}", times
    return f"{label} {problem_words(Finding.from_json(group['examples'][0]), kind)}", times


def _general(code: str) -> str:
    """What is wrong with cells of which each has words of its own."""
    return {
        "code": _("is geschreven op een manier die wij niet kennen"),
        "code_far": _("is geschreven op een manier die wij niet kennen"),
        "not_a_number": _("is geen getal"),
        "too_long": _("is te lang"),
        "duplicate_reference": _("staat al in een eerdere rij; de eerste telt"),
    }.get(code, _("is niet te lezen"))


def file_problems(error: InvalidInput) -> list[str]:
    """Why a whole file cannot be used, in the language of the page."""
    found = []
    for problem in error.problems:
        words = _file_words(problem.why)
        found.append(words or f"{problem.where}: {problem.why}")
    return list(dict.fromkeys(found))


def _file_words(why: str) -> str | None:
    known = (
        ("is empty", _("Dit bestand is leeg. Sla het opnieuw op.")),
        ("holds no text", _("In dit bestand staat geen tekst. Sla het opnieuw op.")),
        ("holds no rows", _("Onder de kopregel staan geen rijen. Sla het opnieuw op.")),
        ("holds no fields", _("In dit bestand staan geen gegevens.")),
        ("has nothing in row 1", _("Zet in rij 1 de namen van de kolommen.")),
        ("has no ending", _("Kies een bestand dat eindigt op .csv, .xlsx of .json.")),
        (
            "is an old",
            _("Dit is een oude of beveiligde Excel. Sla het op als .xlsx."),
        ),
        ("has a password", _("Er zit een wachtwoord op dit bestand. Sla het op zonder.")),
        ("has macros", _("In dit bestand zitten macro's. Sla het op als .xlsx zonder macro's.")),
        ("is no Excel", _("Dit is geen Excel-werkmap. Sla het op als .xlsx.")),
        ("is an Excel", _("Dit is een Excel-werkmap. Laat de naam eindigen op .xlsx.")),
        ("is a damaged", _("Deze Excel-werkmap is beschadigd. Open haar en sla haar opnieuw op.")),
        ("unpacks to far", _("Dit bestand is uitgepakt veel te groot. We lezen het niet.")),
        ("has more than", _("Dit bestand is te groot. Sla het op als CSV of knip het in delen.")),
        ("is larger than", _("Dit bestand is te groot. Knip het in delen.")),
        (
            "is neither UTF-8",
            _("De letters zijn niet te lezen. Sla het bestand op als UTF-8."),
        ),
        ("breaks off", _("Dit bestand is afgebroken of beschadigd. Sla het opnieuw op.")),
    )
    return next((words for start, words in known if why.startswith(start)), None)


def rule_for_references(kind: ImportKind) -> str:
    """From which columns a row without a reference gets one."""
    names: Iterable[str] = load_import_columns().row_keys[kind]
    return ", ".join(label_of_target(kind, name).lower() for name in names)
