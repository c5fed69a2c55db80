"""What a firm is asked when it declares something: only what the rules of its contract read."""

from __future__ import annotations

from matcher.domain.credits import ACTIVITY, PLACEMENT
from matcher.domain.money_rules import MoneyRules

FIELDS_MAXIMUM = 10
"""More is not asked on one form."""


def kinds_used(rules: MoneyRules) -> tuple[str, ...]:
    """The kinds of contribution that count under these rules, placements first."""
    others = () if rules.alternatives is None else tuple(sorted(rules.alternatives.value))
    return (PLACEMENT, *others)


def asked(kind: str, rules: MoneyRules, *, light: bool) -> tuple[str, ...]:
    """The columns that a declaration of `kind` is asked, those it needs first.

    One value for everybody never asks which group somebody is of. On the light path the last ones
    are left out.
    """
    fields = needed(kind, rules) + _welcome(kind, rules)
    most = FIELDS_MAXIMUM
    if light and rules.light_path is not None:
        most = min(most, rules.light_path.value.fields_maximum)
    return fields[: max(most, len(needed(kind, rules)))]


def needed(kind: str, rules: MoneyRules) -> tuple[str, ...]:
    """The columns that a declaration of `kind` is asked in any case; a day says when to look."""
    if kind == ACTIVITY:
        return ("start_on", "activity_hours")
    if kind != PLACEMENT:
        return ("start_on", "invoice_cents")
    blocks = rules.building_blocks.value
    if blocks.is_uniform:
        return ("start_on", "hours_week")
    by_invoice = any(group.by_invoice for group in blocks.groups.values())
    return ("start_on", "hours_week", "group", *(("invoice_cents",) if by_invoice else ()))


def _welcome(kind: str, rules: MoneyRules) -> tuple[str, ...]:
    if kind == ACTIVITY:
        return ("end_on",)
    if kind != PLACEMENT:
        return ()
    bonuses = () if rules.bonuses is None else rules.bonuses.value
    found = ["end_on", "person"]
    if any(bonus.permanent for bonus in bonuses):
        found.append("permanent")
    if any(bonus.minimum_age is not None for bonus in bonuses):
        found.append("age")
    return tuple(found)


def correctable(kind: str) -> tuple[str, ...]:
    """What a check can find otherwise; who it was about and which group stay as declared."""
    if kind == PLACEMENT:
        return ("start_on", "end_on", "hours_week")
    return ("activity_hours",) if kind == ACTIVITY else ("invoice_cents",)


def groups_used(rules: MoneyRules) -> tuple[str, ...]:
    """The groups that may be named; none where one value holds for everybody."""
    blocks = rules.building_blocks.value
    return () if blocks.is_uniform else tuple(blocks.groups)
