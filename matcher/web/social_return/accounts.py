"""The accounts of a region: each with what is left, and every euro open to rule, source and sum."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, url_for

from matcher.domain.access import Right
from matcher.domain.account import SettlementState
from matcher.domain.postings import Part, Step
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import contracts as service
from matcher.services import settlements, shares
from matcher.services.contracts import AccountView
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.social_return import words
from matcher.web.social_return.blueprint import OVERVIEW, blueprint, reading, ruling
from matcher.web.social_return.declared_words import part_words
from matcher.web.social_return.effort import effort_words
from matcher.web.social_return.settling import SettleForm


@blueprint.get("/rekeningen")
@reading
def accounts() -> Any:
    """Every contract of the region with what it owes, what counts and what is left."""
    found = service.list_accounts(current_session(), the_viewer(), today())
    found.sort(key=_urgency)
    return render_template(
        "social_return/accounts.html",
        headline=_headline(found),
        found=found,
        may_rule=the_viewer().has(Right.OFFICER),
        words=words,
        day=day,
    )


_ORDER = {
    SettlementState.DUE: 0,
    SettlementState.CURE: 1,
    SettlementState.RUNNING: 2,
    SettlementState.MET: 3,
    SettlementState.NOTHING_OWED: 4,
}


def _urgency(view: AccountView) -> tuple[int, Any, int]:
    state = len(_ORDER) if view.account is None else _ORDER[view.account.settlement.state]
    return state, view.record.contract.end_on, view.record.id


def _headline(found: list[AccountView]) -> str:
    judged = [view.account for view in found if view.account is not None]
    if not judged:
        return _("Er is nog geen rekening.")
    due = sum(account.settlement.state is SettlementState.DUE for account in judged)
    if due:
        return ngettext(
            "%(num)s rekening wacht op een besluit.", "%(num)s rekeningen wachten op een besluit.",
            due,
        )  # fmt: skip
    left = sum(account.balance_cents > 0 for account in judged)
    if not left:
        return _("Alle rekeningen zijn gevuld.")
    return ngettext(
        "%(num)s rekening is nog niet vol.", "%(num)s rekeningen zijn nog niet vol.", left
    )


def headline_of(view: AccountView, left: int | None, fills: Any) -> str:
    """The heading is the answer: what is still to do, in the way that firms can do it."""
    if view.account is None or left is None:
        return _("Deze opdracht heeft geen rekening.")
    if view.account.obligation_cents == 0:
        return _("Voor deze opdracht is geen social return nodig.")
    if left <= 0:
        return _("De verplichting is gevuld.")
    if view.account.settlement.state is SettlementState.DUE:
        return _("Er is een tekort van %(euros)s.", euros=words.money(left))
    if not fills:
        return _("Nog te doen: %(euros)s", euros=words.money(left))
    return _("Nog te doen: %(what)s", what=words.combination_words(fills[0]))


@blueprint.get("/rekeningen/<int:contract_id>")
@ruling
@belongs_to(OVERVIEW)
def account(contract_id: int) -> Any:
    """One account: what fills it first, then every euro, the ledger and the settlement."""
    return account_page(contract_id, SettleForm())


def account_page(contract_id: int, form: SettleForm) -> Any:
    """The page of one account, with the form about its shortfall."""
    session, viewer = current_session(), the_viewer()
    view = service.get_account(session, viewer, contract_id, today())
    book = service.book_of(session, viewer, view)
    proposal = settlements.proposal_of(view)
    waiting = next((one for one in book.settlements if settlements.may_confirm(viewer, one)), None)
    left = None if view.account is None else view.account.balance_cents
    if proposal is not None:
        form.offer(proposal.choices)
    page = render_template(
        "social_return/account.html",
        view=view,
        book=book,
        headline=headline_of(view, left, view.fills),
        obligation=_steps(view, Part.OBLIGATION),
        credit=_by_subject(view),
        proposal=proposal,
        waiting=waiting,
        effort_words=effort_words,
        chain=shares.chain_of(session, viewer, view),
        part_words=part_words,
        efforts=settlements.efforts_of(session, viewer, view) if proposal is not None else (),
        form=form,
        post_form=MatcherForm(),
        words=words,
        label_of=label_of,
    )
    return page, 400 if form.errors else 200


def _steps(view: AccountView, part: Part) -> list[Step]:
    return [] if view.account is None else [s for s in view.account.steps if s.part is part]


def _by_subject(view: AccountView) -> list[tuple[str, list[Step], int]]:
    """What counts, one contribution at a time: its steps and what they sum to."""
    steps = _steps(view, Part.CREDIT)
    found = []
    for subject, group in groupby(steps, key=lambda step: step.subject or ""):
        of_it = list(group)
        found.append((subject, of_it, sum(step.cents for step in of_it)))
    return found


@blueprint.post("/rekeningen/<int:contract_id>/boeken")
@ruling
def post_account(contract_id: int) -> Any:
    """Brings the ledger up to date."""
    count = service.post_account(
        current_session(), the_viewer(), contract_id, on=today(), now=now()
    )
    flash(ngettext("%(num)s regel is geboekt.", "%(num)s regels zijn geboekt.", count))
    return redirect(url_for("social_return.account", contract_id=contract_id), 303)
