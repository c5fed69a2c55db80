"""What is written down when a trial or work is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields import SelectChoice

from matcher.domain.errors import InvalidInput
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.placements import load_placement_terms
from matcher.services.placement_checks import (
    CONTRACTS,
    DETAILS,
    HOURS_MAXIMUM,
    OF_TRIAL,
    TRIAL,
    TRIAL_REASONS,
    PlacementNotPossible,
)
from matcher.web.codes import codes_of, label_of
from matcher.web.forms import DayField, MatcherForm, Required, WholeNumberField


class WorkForm(MatcherForm):
    """The first day, and what is known besides."""

    starts_on = DayField(
        _l("Op welke dag begint het werk?"), [Required(_l("Vul de eerste werkdag in"))]
    )
    hours_a_week = WholeNumberField(_l("Hoeveel uur per week?"), minimum=1, maximum=HOURS_MAXIMUM)
    contract = RadioField(_l("Welk contract?"), validate_choice=False)
    contract_until = DayField(_l("Tot en met welke dag?"))
    first_pay_on = DayField(
        _l("Wanneer komt het eerste loon?"),
        description=_l("Een week eerder staat er een taak om samen te kijken wat er verandert."),
    )
    NAMES: Sequence[str] = ("starts_on", *DETAILS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract.choices = [
            SelectChoice(code.code, label_of(CONTRACTS, code.code))
            for code in codes_of(CONTRACTS)
            if code.code != TRIAL
        ]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self[name].data or None for name in self.NAMES if name in self}


class TrialForm(MatcherForm):
    """A trial: no wage, the benefit goes on, and a contract is meant after it."""

    starts_on = DayField(
        _l("Op welke dag begint de proefplaatsing?"), [Required(_l("Vul de eerste dag in"))]
    )
    hours_a_week = WholeNumberField(_l("Hoeveel uur per week?"), minimum=1, maximum=HOURS_MAXIMUM)
    trial_until = DayField(_l("Tot en met welke dag?"))
    trial_reason = RadioField(_l("Duurt het langer? Waarom?"), validate_choice=False)
    intends_contract = BooleanField()
    NAMES: Sequence[str] = ("starts_on", "hours_a_week", *OF_TRIAL)

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = load_placement_terms(on)
        self.trial_reason.choices = [
            SelectChoice(code.code, label_of(TRIAL_REASONS, code.code))
            for code in codes_of(TRIAL_REASONS)
        ]
        self.trial_until.description = ngettext(
            "Leeg is %(num)s maand, zoals gebruikelijk.",
            "Leeg is %(num)s maanden, zoals gebruikelijk.",
            self.terms.trial_months,
        )
        self.trial_reason.description = _(
            "Alleen nodig als het langer duurt. Ten hoogste %(most)s maanden.",
            most=self.terms.trial_months_most,
        )
        self.intends_contract.label.text = _(
            "Gaat het goed, dan volgt een contract van minstens %(months)s maanden, met evenveel "
            "uren.",
            months=self.terms.intended_months,
        )

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self[name].data or None for name in self.NAMES}


def say(form: MatcherForm, error: InvalidInput) -> None:
    """What is wrong, in words at its field."""
    said = {
        "starts_on": _("Kies een dag van de afgelopen drie jaar of het komende jaar."),
        "contract_until": _("Kies de eerste werkdag of een dag daarna."),
        "first_pay_on": _("Kies de eerste werkdag of een dag daarna."),
        "contract": _("Kies een van deze soorten contract."),
        "trial_until": _("Kies de eerste dag of een dag daarna, binnen de langste duur."),
        "trial_reason": _("Kies waarom het langer duurt."),
        "intends_contract": _("Zonder bedoeld contract kan een proefplaatsing niet."),
    }
    for problem in error.problems:
        if problem.where in said and problem.where in form:
            form[problem.where].errors = [said[problem.where]]
        else:
            form.add_problems([problem])


def why_words(error: PlacementNotPossible) -> str:
    """Why a step cannot be taken, and the way out."""
    return {
        "already": _("Er loopt al een plaatsing. Leg eerst vast dat die is gestopt."),
        "not_met": _("Deze kennismaking is niet zo ver, of al voorbij."),
        "displacement": _(
            "De vragen over verdringing bij deze plek staan nog open. Beantwoord die eerst, of "
            "wacht op het antwoord van de gemeente."
        ),
        "worked_there": _("Deze persoon werkte hier al eens. Dan kan een proefplaatsing niet."),
        "reason": _("Kies hoe het tot stand kwam."),
        "not_yet": _("De eerste werkdag is nog niet geweest."),
    }.get(error.why, _("Dit kan niet meer. Kijk hoe het er nu voor staat."))
