"""What pages say about rules: what each value is called, what it is worth, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import format_decimal

from matcher.domain.rule_problems import RuleFault, RuleProblem
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.models.states import RuleState, RuleStep
from matcher.reference.municipalities import sections
from matcher.reference.rule_changes import Difference, Unit
from matcher.repositories.rule_versions import RuleRecord
from matcher.web.codes import label_of
from matcher.web.social_return.words import money

Document = Mapping[str, Any]


def entry_words(entry: str) -> str:
    """What a rule is called."""
    return {
        "obligation": _("Verplichting"),
        "thresholds": _("Drempel"),
        "building_blocks": _("Waarde van een voltijdjaar"),
        "full_time": _("Voltijd"),
        "counting_window": _("Hoe lang iemand telt"),
        "pre_contract_window": _("Start vóór de opdracht"),
        "reference_date": _("Welke dag de regels bepaalt"),
        "bonuses": _("Bonus"),
        "alternatives": _("Zonder plaatsing"),
        "pso_effect": _("PSO-certificaat"),
        "existing_staff": _("Wie er al werkt"),
        "settlement": _("Afrekenen"),
        "readiness_weights": _("Gewicht in de gereedheid"),
        "reference_needs": _("Wat werk vraagt"),
        "shelf_life_weeks": _("Hoe lang een antwoord geldt"),
    }.get(entry, entry)


def part_words(entry: str, keys: tuple[str, ...], document: Document) -> str:
    """What one value inside a rule is called; empty where the rule has only one."""
    if entry == "building_blocks" and keys[0] == "groups" and len(keys) > 1:
        group = document["entries"].get(entry, {}).get("value", {}).get("groups", {}).get(keys[1])
        name = keys[1] if group is None else str(group[current_language()])
        return name if len(keys) < 3 or keys[2] == "cents_per_year" else f"{name}, {keys[2]}"
    known = {
        "percent": "",
        "cap_cents": _("hoogste bedrag"),
        "minimum_cents": "",
        "minimum_months": _("duur van de opdracht"),
        "cents_per_year": _("voor iedereen"),
        "hours_week": _("uren per week"),
        "default_months": _("ten hoogste"),
        "months": _("ten hoogste"),
        "discount_percent": "",
        "factor_percent": _("deel van het tekort"),
        "cure_period_days": _("hersteltermijn"),
        "effort_defence": _("aangetoonde inspanning telt"),
        "base": _("gerekend over"),
        "mode": _("manier"),
        "by": "",
        "holder": _("wie het certificaat heeft"),
        "valid_at": _("wanneer het geldt"),
    }
    words = [known.get(key) if key in known else _key_words(entry, key) for key in keys]
    return ", ".join(word for word in words if word)


def _key_words(entry: str, key: str) -> str:
    if entry == "pso_effect":
        return label_of("pso_levels", key)
    if key in ("works", "services", "supplies"):
        return label_of("contract_kinds", key)
    if entry == "alternatives" and key in ("activity", "purchase", "training"):
        return label_of("contribution_kinds", key)
    return key


def name_of(found: Difference, document: Document) -> str:
    """The whole name of a value: its municipality, its rule and its part."""
    keys = tuple(found.path.split(".")) if found.path else ()
    part = part_words(found.entry, keys, document) if keys else ""
    name = ": ".join(word for word in (entry_words(found.entry), part) if word)
    return whose(name, found.municipality, document)


def whose(name: str, municipality: str | None, document: Document) -> str:
    """The name of a value, with its municipality in front where it is not the region's."""
    if municipality is None:
        return name
    titles = sections(document).get(municipality, {}).get("title", {})
    return f"{titles.get(current_language(), municipality)}: {name}"


def value_words(path: str, value: Any) -> str:
    """A value as people say it; nothing is a dash."""
    if value is None:
        return "–"
    key = path.rsplit(".", 1)[-1]
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, list):
        return "; ".join(_listed(item) for item in value) or "–"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float):
        return number_words(value, _unit_of(path, key))
    return str(value)


def _listed(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    label = str(item.get(current_language(), item.get("code", "")))
    cents = item.get("cents")
    return label if cents is None else f"{label} {money(int(cents))}"


def _unit_of(path: str, key: str) -> Unit | None:
    if "cents" in path:
        return Unit.CENTS
    if "percent" in path:
        return Unit.PERCENT
    return {"hours_week": Unit.HOURS, "cure_period_days": Unit.DAYS}.get(
        key, Unit.MONTHS if "months" in key else None
    )


def number_words(value: float, unit: Unit | None) -> str:
    """A number with what it counts: “€ 30.000”, “5%”, “36 uur”."""
    if unit is Unit.CENTS:
        return money(int(value))
    number = str(format_decimal(Decimal(str(value))))
    if unit is None:
        return number
    return f"{number}{unit_words(unit)}" if unit is Unit.PERCENT else f"{number} {unit_words(unit)}"


def unit_words(unit: Unit) -> str:
    """What stands behind a number."""
    return {
        Unit.PERCENT: "%",
        Unit.CENTS: _("euro"),
        Unit.HOURS: _("uur"),
        Unit.MONTHS: _("maanden"),
        Unit.DAYS: _("dagen"),
    }[unit]


def typed(value: Any, unit: Unit) -> str:
    """A number as it stands in a box: euros for cents, a comma in Dutch; empty for nothing."""
    if value is None:
        return ""
    if unit is Unit.CENTS:
        euros = Fraction(int(value), 100)
        pattern = "#,##0" if euros.denominator == 1 else "#,##0.00"
        return str(format_decimal(Decimal(int(value)).scaleb(-2), format=pattern))
    return str(format_decimal(Decimal(str(value)), format="0.####"))


def change_words(cents: int) -> str:
    """A change with its sign: “€ 3.000 meer te doen”."""
    if cents == 0:
        return _("geen verschil")
    if cents > 0:
        return _("%(euros)s meer te doen", euros=money(cents))
    return _("%(euros)s minder te doen", euros=money(-cents))


def state_words(record: RuleRecord, number_in_force: int, today: date) -> tuple[str, str]:
    """Meaning and words of where a version stands."""
    if record.state is RuleState.APPROVED and record.effective_on is not None:
        if record.id == number_in_force:
            return "ok", _("geldt nu")
        if record.effective_on > today:
            return "near", _("geldt vanaf %(day)s", day=day(record.effective_on))
        return "plain", _("gold eerder")
    return {
        RuleState.DRAFT: ("ask", _("in de maak")),
        RuleState.ADVISED: ("ask", _("raad vastgelegd")),
        RuleState.OFFERED: ("near", _("wacht op een tweede")),
        RuleState.WITHDRAWN: ("plain", _("ingetrokken")),
    }[record.state]


def step_words(step: RuleStep) -> str:
    """What somebody did, after their name."""
    return {
        RuleStep.BEGIN: _("begon het concept"),
        RuleStep.WRITE: _("wijzigde het concept"),
        RuleStep.ADVISE: _("legde vast wat de cliëntenraad vond"),
        RuleStep.OFFER: _("bood het aan"),
        RuleStep.RETURN: _("gaf het terug"),
        RuleStep.APPROVE: _("keurde het goed"),
        RuleStep.WITHDRAW: _("trok het in"),
    }[step]


def problem_words(problem: RuleProblem) -> str:
    """What is wrong and the way out, in one sentence."""
    low, _to, high = problem.allowed.partition(" to ")
    said: dict[str, Any] = {"value": problem.value or "–", "allowed": problem.allowed}
    bounds: dict[str, Any] = {**said, "low": low, "high": high}
    return {
        RuleFault.NOT_YAML: _(
            "Deze tekst is niet te lezen als YAML. Kijk naar deze regel: inspringen, dubbele punt, "
            "aanhalingstekens."
        ),
        RuleFault.MISSING: _("Dit ontbreekt. Vul het in."),
        RuleFault.UNKNOWN_KEY: _(
            "Deze naam is niet bekend. Haal hem weg, of gebruik: %(allowed)s.", **said
        ),
        RuleFault.TYPE: _(
            "%(value)s is niet de goede soort waarde. Verwacht: %(allowed)s.", **said
        ),
        RuleFault.RANGE: _("%(value)s kan niet. Het moet %(allowed)s zijn.", **said),
        RuleFault.CHOICE: _("%(value)s kan hier niet. Kies uit: %(allowed)s.", **said),
        RuleFault.SHAPE: _("%(value)s heeft niet de goede vorm (%(allowed)s).", **said),
        RuleFault.SOURCE: _(
            "De bron %(value)s staat niet onder sources. Kies uit: %(allowed)s.", **said
        ),
        RuleFault.BOUNDS: _(
            "%(value)s ligt buiten de grenzen. Het mag van %(low)s tot en met %(high)s.", **bounds
        ),
        RuleFault.NOT_OPEN: _(
            "Dit mag hier niet anders zijn: de regels eronder laten het niet toe. Haal het weg."
        ),
        RuleFault.NO_VALUE: _(
            "Op %(value)s heeft deze regel geen waarde. Er is er wel een voor: %(allowed)s.", **said
        ),
        RuleFault.VERSION_USED: _("Versie %(value)s is al gebruikt. Kies een andere.", **said),
        RuleFault.REGION: _("%(value)s moet %(allowed)s zijn.", **said),
        RuleFault.OTHER: problem.allowed,
    }[problem.fault]
