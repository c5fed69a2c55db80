"""Deciding about a shortfall: one officer says what is done, another one confirms or refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.models.states import SettlementChoice
from matcher.services import settlements
from matcher.web.forms import CHOOSE_ONE, MatcherForm, Required, longest
from matcher.web.free_text import LinesField
from matcher.web.social_return.blueprint import blueprint, ruling
from matcher.web.social_return.words import choice_words


class SettleForm(MatcherForm):
    """What is done about a shortfall, and why."""

    choice = RadioField(
        _l("Wat stelt u voor?"),
        [Required(CHOOSE_ONE)],
        validate_choice=False,
    )
    why = LinesField(
        _l("Waarom?"),
        [Required(_l("Schrijf op waarom")), longest(settlements.WHY_MAXIMUM)],
        description=_l("Het bedrijf leest dit. Schrijf niets over een persoon."),
    )

    def offer(self, choices: Sequence[SettlementChoice]) -> None:
        """Shows only what the rules of the region allow."""
        words = choice_words()
        self.choice.choices = [(one.value, words[one]) for one in choices]


@blueprint.post("/rekeningen/<int:contract_id>/besluit")
@ruling
def decide(contract_id: int) -> Any:
    """The first officer's decision; nothing is asked before somebody else confirms."""
    from matcher.web.social_return.accounts import account_page

    form = SettleForm()
    form.offer(tuple(SettlementChoice))
    if form.validate_on_submit():
        try:
            settlements.decide(
                current_session(),
                the_viewer(),
                contract_id,
                form.choice.data or "",
                form.why.data or "",
                on=today(),
                now=now(),
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        except Conflict:
            form.form_errors.append(_("Dit kan nu niet: er is al een besluit, of het is te vroeg."))
        else:
            flash(_("Voorgesteld. Een collega bevestigt het."))
            return redirect(url_for("social_return.account", contract_id=contract_id), 303)
    return account_page(contract_id, form)


@blueprint.post("/rekeningen/<int:contract_id>/besluit/<int:number>")
@ruling
def answer(contract_id: int, number: int) -> Any:
    """The second officer's answer."""
    confirms = "bevestig" in request.form
    settlements.answer(
        current_session(), the_viewer(), contract_id, number, confirms=confirms, now=now()
    )
    flash(_("Bevestigd.") if confirms else _("Afgewezen."))
    return redirect(url_for("social_return.account", contract_id=contract_id), 303)
