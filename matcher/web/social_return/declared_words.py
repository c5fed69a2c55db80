"""What pages say about declarations and their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.domain.access import Viewer
from matcher.domain.drawing import LOTS, CheckVerdict, Ground, lots
from matcher.domain.numbers import HUNDRED, plain
from matcher.http.language import current_language, day, day_with_weekday
from matcher.http.translate import gettext as _
from matcher.repositories.declarations import DeclarationRecord
from matcher.services.declaration_rows import declaration_shown
from matcher.services.declarations import Asked
from matcher.web.codes import label_of
from matcher.web.social_return.words import money


@dataclass(frozen=True, slots=True)
class DeclarationLine:
    """One declaration in words; `check` is None where nobody looks at it."""

    id: int
    version: int
    kind: str
    reference: str
    what: str
    counts: bool
    can_end: bool
    declared_on: str
    check: CheckLine | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check in words, with its meaning as the chips have it."""

    meaning: str
    state: str
    is_running: bool
    due: str
    why: str | None
    corrected: tuple[str, ...]
    ground: str


def number_words(number: float) -> str:
    """A number as people write it here."""
    text = plain(number)
    return text.replace(".", ",") if current_language() == "nl" else text


def what_words(shown: Mapping[str, Any]) -> str:
    """What was done, in a line: “24 uur per week, vanaf 3 mei 2027”."""
    parts = []
    if shown.get("hours_week") is not None:
        parts.append(_("%(hours)s uur per week", hours=number_words(shown["hours_week"])))
    if shown.get("activity_hours") is not None:
        parts.append(_("%(hours)s uur", hours=number_words(shown["activity_hours"])))
    if shown.get("invoice_cents") is not None:
        parts.append(money(shown["invoice_cents"]))
    parts.append(_days(shown))
    return ", ".join(part for part in parts if part)


def _days(shown: Mapping[str, Any]) -> str:
    first, last = shown.get("start_on"), shown.get("end_on")
    if first is None:
        return ""
    if last is not None:
        return _("%(first)s tot en met %(last)s", first=day(first), last=day(last))
    if shown["kind"] == "placement":
        return _("vanaf %(day)s", day=day(first))
    return day(first)


def declaration_line(one: DeclarationRecord, viewer: Viewer) -> DeclarationLine:
    """A declaration as `viewer` may see it."""
    shown = declaration_shown(one, viewer)
    check = shown["check"]
    line = None if check is None else check_line(check)
    counts = shown["withdrawn_at"] is None
    return DeclarationLine(
        id=shown["id"],
        version=shown["version"],
        kind=label_of("contribution_kinds", shown["kind"]),
        reference=shown["reference"],
        what=what_words(shown),
        counts=counts,
        can_end=counts and shown["kind"] == "placement",
        declared_on="" if shown["declared_at"] is None else day(shown["declared_at"].date()),
        check=line,
    )


def check_line(check: Mapping[str, Any]) -> CheckLine:
    """A check in words."""
    verdict = check["verdict"]
    is_running = check["state"] in ("asked", "proposed")
    meaning, state = "near", _("telt, wordt nagekeken")
    if not is_running:
        meaning, state = verdict_words().get(verdict, ("plain", ""))
    return CheckLine(
        meaning=meaning,
        state=state,
        is_running=is_running,
        due="" if check["due_on"] is None else day_with_weekday(check["due_on"]),
        why=check["why"],
        corrected=corrected_words(check["corrected"] or {}),
        ground=ground_words(check["ground"], check["rate"]),
    )


def verdict_words() -> dict[str, tuple[str, str]]:
    """Meaning and words of what a check came to."""
    return {
        CheckVerdict.IN_ORDER: ("ok", _("in orde")),
        CheckVerdict.CORRECTED: ("near", _("aangepast")),
        CheckVerdict.NOT_SHOWN: ("no", _("niet aangetoond")),
        CheckVerdict.WITHDRAWN: ("plain", _("teruggenomen")),
    }


def ground_words(ground: str, rate: int) -> str:
    """Why something is looked at, with the published rate."""
    if ground == Ground.FIRST:
        return _("De eerste melding van een bedrijf kijken we altijd na.")
    return _("Uit de steekproef: %(percent)s van de 100 meldingen.", percent=rate_words(rate))


def rate_words(rate: int) -> str:
    """How many of a hundred declarations a rate stands for."""
    return number_words(rate * HUNDRED / LOTS)


def light_words(asked: Asked | None) -> str | None:
    """That a firm is asked less, and why; None where it is not, or the rules know no such path."""
    if asked is None or not asked.light or asked.rules.light_path is None:
        return None
    sampled = asked.rules.sampled_checks
    if sampled is None:
        return None
    terms = asked.rules.light_path.value
    return _(
        "Uw laatste %(count)s controles waren in orde. Daarom vragen we minder, en kijken we "
        "%(light)s van de 100 meldingen na in plaats van %(usual)s.",
        count=terms.checks_in_order,
        light=rate_words(lots(sampled.value.percent * terms.rate_percent / HUNDRED)),
        usual=rate_words(lots(sampled.value.percent)),
    )


def part_words(part: int) -> str:
    """A part of a contract as a percentage."""
    return f"{number_words(part / HUNDRED)} %"


def corrected_words(corrected: Mapping[str, Any]) -> tuple[str, ...]:
    """What was declared and what was found, field by field."""
    names = field_words()
    return tuple(
        _(
            "%(what)s: gemeld %(declared)s, gevonden %(found)s",
            what=names.get(name, name),
            declared=value_words(name, declared),
            found=value_words(name, found),
        )
        for name, (declared, found) in corrected.items()
    )


def field_words() -> dict[str, str]:
    """What a column is called."""
    return {
        "start_on": _("Begin"),
        "end_on": _("Einde"),
        "hours_week": _("Uren per week"),
        "activity_hours": _("Uren"),
        "invoice_cents": _("Betaald"),
    }


def value_words(name: str, value: Any) -> str:
    """A value of a column in words."""
    if value is None:
        return _("niets")
    if name.endswith("_cents"):
        return money(int(value))
    if name in ("start_on", "end_on"):
        return day(value if isinstance(value, date) else date.fromisoformat(str(value)))
    return number_words(float(value))


def to_show(kind: str) -> tuple[str, ...]:
    """What a firm shows at a visit or tells in a call; nothing has to be sent in."""
    if kind == "placement":
        return (
            _("Dat iemand er werkt, sinds wanneer en hoeveel uur. Een rooster volstaat."),
            _("Dat het om extra werk gaat, en niet om het werk van een ander."),
            _("Laat geen arbeidscontract zien en noem geen burgerservicenummer."),
        )
    if kind == "activity":
        return (
            _("Wat er is gedaan, op welke dag en met hoeveel mensen."),
            _("Wie het heeft ontvangen, zoals een school. Namen van mensen zijn niet nodig."),
        )
    if kind == "purchase":
        return (_("De factuur, zonder btw, met de dag en de naam van de sociale firma."),)
    return (_("De factuur, zonder btw, met de dag en waarvoor het was."),)
