"""What pages say about accounts: amounts, sums, rules and ways to fill what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import format_decimal
from markupsafe import Markup

from matcher.domain.account import Account, SettlementState
from matcher.domain.filling import Combination, FillPart, Way
from matcher.domain.money_rules import MoneyRules
from matcher.domain.numbers import HUNDRED
from matcher.domain.postings import Step
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import SettlementChoice
from matcher.services.obligation import REASONS
from matcher.web.codes import label_of

_AMOUNT = re.compile(r"(-?)EUR ([0-9]+)\.([0-9]{2})")
_DECIMAL = re.compile(r"(?<=[0-9])\.(?=[0-9])")


def money(cents: int) -> str:
    """An amount: “€ 15.000”, and with cents only where there are: “€ 8.333,33”."""
    pattern = "#,##0" if cents % HUNDRED == 0 else "#,##0.00"
    sign = "−" if cents < 0 else ""
    number = format_decimal(Decimal(abs(cents)).scaleb(-2), format=pattern)
    return f"{sign}€\u00a0{number}"


def sum_words(arithmetic: str) -> str:
    """The arithmetic of a step as people write it: “€ 30.000 × 20/36 × 6/12 = € 8.333,33”."""
    parts: list[str] = []
    last = 0
    for found in _AMOUNT.finditer(arithmetic):
        parts.append(_numbers(arithmetic[last : found.start()]))
        cents = int(found[2]) * HUNDRED + int(found[3])
        parts.append(money(-cents if found[1] else cents))
        last = found.end()
    parts.append(_numbers(arithmetic[last:]))
    return "".join(parts).replace(">=", "≥").replace("min(", _("de laagste van (")).strip()


def _numbers(text: str) -> str:
    return _DECIMAL.sub(",", text) if current_language() == "nl" else text


def step_sum(step: Step) -> str:
    """How a step came to its amount, or why it counts nothing."""
    if step.reason is None:
        return sum_words(step.arithmetic)
    reason = label_of(REASONS, step.reason)
    if step.arithmetic == "not counted":
        return reason
    return f"{sum_words(step.arithmetic)}: {reason[:1].lower()}{reason[1:]}"


def rule_words(rule: str, rules: MoneyRules | None) -> str:
    """What a rule is called."""
    name, _dot, detail = rule.partition(".")
    if name == "bonuses" and rules is not None and rules.bonuses is not None:
        language = current_language()
        labels = {bonus.code: bonus.label(language) for bonus in rules.bonuses.value}
        return _("Bonus: %(what)s", what=labels.get(detail, detail).lower())
    if name == "alternatives":
        return label_of("contribution_kinds", detail)
    return {
        "obligation": _("Verplichting"),
        "obligation.cap": _("Hoogste bedrag"),
        "thresholds": _("Drempel"),
        "pso_effect": _("PSO-certificaat"),
        "existing_staff": _("Wie er al werkt"),
        "building_blocks": _("Plaatsing"),
        "pre_contract_window": _("Plaatsing"),
    }.get(rule, rule)


def given_words(step: Step, rules: MoneyRules | None) -> list[tuple[str, str]]:
    """What went into a step, name by name."""
    names = _names()
    return [
        (names.get(name, name), _value(name, value, rules))
        for name, value in step.input.items()
        if value is not None
    ]


def _names() -> Mapping[str, str]:
    return {
        "kind": _("Soort"),
        "value_cents": _("Waarde van de opdracht"),
        "wage_cents": _("Loonsom"),
        "tendered_on": _("Aanbesteed op"),
        "awarded_on": _("Gegund op"),
        "start_on": _("Begin"),
        "end_on": _("Einde"),
        "cap_cents": _("Hoogste bedrag"),
        "pso_level": _("PSO-trede"),
        "pso_holder": _("Houder"),
        "pso_valid_until": _("Geldig tot en met"),
        "existing_staff_fte": _("Voltijdbanen nu"),
        "group": _("Groep"),
        "from": _("Telt vanaf"),
        "until": _("Telt tot en met"),
        "months": _("Maanden"),
        "months_counted": _("Maanden die tellen"),
        "minimum_months": _("Vanaf maanden"),
        "cents_per_year": _("Waarde per voltijdjaar"),
        "cents_per_hour": _("Waarde per uur"),
        "hours_week": _("Uren per week"),
        "activity_hours": _("Uren"),
        "invoice_cents": _("Betaald"),
        "age": _("Leeftijd bij de start"),
        "minimum_age": _("Vanaf leeftijd"),
        "permanent": _("Vast contract"),
        "after_months": _("Maanden stage"),
    }


def _value(name: str, value: Any, rules: MoneyRules | None) -> str:
    if name.startswith("cents") or name.endswith("cents"):
        return money(int(value))
    if isinstance(value, date):
        return day(value)
    if name in ("months", "months_counted"):
        months = Fraction(str(value).strip("()"))
        return str(format_decimal(round(Decimal(months.numerator) / months.denominator, 2)))
    if name == "permanent":
        return _("ja") if value else _("nee")
    if name == "pso_level":
        return label_of("pso_levels", value)
    if name == "pso_holder":
        return _("onderaannemer") if value == "sub" else _("hoofdaannemer")
    if name == "group" and rules is not None:
        group = rules.building_blocks.value.groups.get(value)
        return value if group is None else group.label(current_language())
    if name == "kind":
        known = "contract_kinds" if value in ("works", "services", "supplies") else None
        return label_of(known or "contribution_kinds", value)
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    return _numbers(str(value))


def part_words(part: FillPart) -> str:
    """One part of a combination: “6 maanden 24 uur”, “€ 2.500 inkopen bij een sociale firma”."""
    if part.hours_week is not None and part.months is not None:
        months = ngettext("%(num)s maand", "%(num)s maanden", part.months)
        hours = _("%(months)s %(hours)s uur", months=months, hours=part.hours_week)
        if part.people == 1:
            return hours
        return _("%(people)s mensen elk %(hours)s", people=part.people, hours=hours)
    if part.kind == "activity" and part.activity_hours is not None:
        return _("%(hours)s uur sociale activiteit", hours=_hours(part.activity_hours))
    paid = money(part.invoice_cents or 0)
    if part.kind == "training":
        return _("%(euros)s aan opleiding of begeleiding", euros=paid)
    return _("%(euros)s inkopen bij een sociale firma", euros=paid)


def _hours(hours: Fraction) -> str:
    return str(format_decimal(Decimal(hours.numerator) / Decimal(hours.denominator)))


def parts_words(found: Combination) -> str:
    """The parts of a combination, one after another."""
    return _(" en ").join(part_words(part) for part in found.parts)


def combination_words(found: Combination) -> str:
    """A whole combination: its parts, and that somebody is shared."""
    text = parts_words(found)
    if found.way is Way.SHARED:
        return _("%(parts)s, samen met een ander bedrijf of geleend van de pool", parts=text)
    return text


def way_words(found: Combination) -> str:
    """How a combination goes about it."""
    return {
        Way.OWN: _("Iemand in dienst, een deel van de week"),
        Way.SHARED: _("Iemand delen of lenen"),
        Way.OTHER: _("Zonder plaatsing"),
    }[found.way]


def state_words(state: SettlementState, left: int) -> tuple[str, str]:
    """Meaning and words of where an account stands."""
    if state is SettlementState.NOTHING_OWED:
        return "plain", _("geen verplichting")
    if state is SettlementState.MET:
        return "ok", _("gevuld")
    if state is SettlementState.RUNNING:
        return "near", _("nog %(euros)s", euros=money(left))
    if state is SettlementState.CURE:
        return "near", _("herstel tot het einde van de termijn")
    return "no", _("afrekenen")


def choice_words() -> dict[SettlementChoice, str]:
    """What two officers can do about a shortfall."""
    return {
        SettlementChoice.ASK: _("Het bedrag vragen"),
        SettlementChoice.EXCUSE: _("Niets vragen: de inspanning is aangetoond"),
        SettlementChoice.AGREE: _("Nu niets vragen: later invullen, schriftelijk afgesproken"),
    }


def filled_percent(obligation: int, credited: int) -> int:
    """How full a bar is; never over a hundred."""
    if obligation <= 0:
        return 100
    return max(0, min(HUNDRED, credited * HUNDRED // obligation))


def forecast_words(account: Account) -> str | None:
    """Where it ends at the pace so far; None when there is no pace yet."""
    found = account.forecast
    if found.percent is None or found.full_on is None or account.on > account.contract.end_on:
        return None
    if found.full_on <= account.contract.end_on:
        return _("In dit tempo is de rekening vol op %(day)s.", day=day(found.full_on))
    percent = int(found.percent)
    return _("In dit tempo is de rekening aan het einde voor %(percent)s %% vol.", percent=percent)


def bar(percent: int) -> Markup:
    """A bar that is so full; the words beside it say the same."""
    track = '<rect class="fill-track" x="0" y="1" width="100%" height="12" rx="6"/>'
    full = f'<rect class="fill-ok" x="0" y="1" width="{int(percent)}%" height="12" rx="6"/>'
    inside = track + (full if percent else "")
    return Markup(  # nosec B704  numbers only  # noqa: S704
        f'<svg height="14" aria-hidden="true" focusable="false">{inside}</svg>'
    )
