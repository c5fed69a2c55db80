"""A firm's own contracts: what fills them first, totals with people merged, and how it ends."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from matcher.domain.postings import Part
from matcher.domain.shares import ShareState
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import SettlementVote
from matcher.repositories.contracts import settlements_of
from matcher.services import contracts as service
from matcher.services import declarations, shares
from matcher.services.contracts import AccountView
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.social_return import words
from matcher.web.social_return.accounts import headline_of
from matcher.web.social_return.blueprint import OWN, blueprint, of_the_firm
from matcher.web.social_return.declared_words import declaration_line, light_words, part_words


@blueprint.get("/opdrachten")
@of_the_firm
def own_contracts() -> Any:
    """The firm's contracts with what is still to do for each."""
    session, viewer = current_session(), the_viewer()
    found = service.list_accounts(session, viewer, today())
    taken = shares.shares_taken(session, viewer)
    return render_template(
        "social_return/own_contracts.html",
        headline=_headline(found),
        found=found,
        taken=taken,
        offers={
            one.id: shares.offer_of(session, viewer, one.id, on=today())
            for one in taken
            if one.state is ShareState.ASKED
        },
        post_form=MatcherForm(formdata=None),
        part_words=part_words,
        words=words,
        day=day,
    )


def _headline(found: list[AccountView]) -> str:
    if not found:
        return _("U hebt nog geen opdracht met social return.")
    left = sum((view.shown_balance_cents or 0) > 0 for view in found)
    if not left:
        return _("Al uw opdrachten zijn gevuld. Dank u wel.")
    return ngettext(
        "Voor %(num)s opdracht is nog iets te doen.",
        "Voor %(num)s opdrachten is nog iets te doen.",
        left,
    )


@blueprint.get("/opdrachten/<int:contract_id>")
@of_the_firm
@belongs_to(OWN)
def own_contract(contract_id: int) -> Any:
    """One contract of the firm: what fills it, what counts by kind, and what was decided."""
    session, viewer = current_session(), the_viewer()
    view = service.get_account(session, viewer, contract_id, today())
    decided = [
        one
        for one in settlements_of(session, viewer, contract_id)
        if one.state is SettlementVote.CONFIRMED
    ]
    steps = [] if view.account is None else view.account.steps
    asked = declarations.asked_of(session, view)
    found = declarations.declarations_of(session, viewer, contract_id)
    return render_template(
        "social_return/own_contract.html",
        view=view,
        headline=headline_of(view, view.shown_balance_cents, view.shown_fills),
        obligation=[step for step in steps if step.part is Part.OBLIGATION],
        decided=decided,
        declared=[declaration_line(one, viewer) for one in found],
        may_declare=asked is not None and declarations.is_open(view) and not decided,
        light=light_words(asked),
        declared_at=lambda number: url_for(
            "social_return.declared", contract_id=contract_id, contribution_id=number
        ),
        chain=shares.chain_of(session, viewer, view),
        part_words=part_words,
        words=words,
        label_of=label_of,
    )
