"""Sharing what a contract asks: a firm passes part of it, another one takes it and declares."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from matcher.domain.errors import Conflict, InvalidInput, NotFound, Stale
from matcher.domain.numbers import HUNDRED
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.services import declarations, shares
from matcher.services.contracts import get_account
from matcher.services.declarations import asked_of
from matcher.web.forms import MatcherForm, Required, TextField, longest
from matcher.web.navigation import belongs_to
from matcher.web.social_return import words
from matcher.web.social_return.blueprint import OWN, blueprint, of_the_firm
from matcher.web.social_return.declared_words import declaration_line, part_words
from matcher.web.social_return.declaring import declare_form, declared_page, kind_words
from matcher.web.social_return.fields import NumberField

_NAME_MAXIMUM = 120


class ShareForm(MatcherForm):
    """Whom to ask, and for how much of it."""

    firm = TextField(
        _l("Welk bedrijf?"),
        [Required(_l("Vul de naam van het bedrijf in")), longest(_NAME_MAXIMUM)],
        description=_l("De naam zoals het bedrijf hier bekend is."),
    )
    percent = NumberField(
        _l("Hoeveel van de opdracht?"), [Required(_l("Vul het deel in"))], maximum=HUNDRED
    )


@blueprint.route("/opdrachten/<int:contract_id>/delen", methods=["GET", "POST"])
@of_the_firm
@belongs_to(OWN)
@once_only
def share(contract_id: int) -> Any:
    """The parts of a contract: who does which, and asking another firm."""
    session, viewer = current_session(), the_viewer()
    form = ShareForm()
    if form.validate_on_submit():
        part = None if form.percent.data is None else round(form.percent.data * HUNDRED)
        try:
            shares.ask_share(
                session, viewer, contract_id, firm=form.firm.data, part=part, on=today(), now=now()
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        except Conflict:
            form.form_errors.append(_("Dit kan nu niet: dit bedrijf is al gevraagd."))
        else:
            flash(_("Gevraagd. Het deel gaat over als het bedrijf ja zegt."))
            return redirect(url_for("social_return.share", contract_id=contract_id), 303)
    view = get_account(session, viewer, contract_id, today())
    chain = shares.chain_of(session, viewer, view)
    page = render_template(
        "social_return/share.html",
        view=view,
        chain=chain,
        may_ask=chain.is_used and declarations.is_open(view),
        form=form,
        post_form=MatcherForm(formdata=None),
        part_words=part_words,
        words=words,
    )
    return page, 400 if form.errors else 200


@blueprint.post("/opdrachten/delen/<int:share_id>/antwoord")
@of_the_firm
def answer_share(share_id: int) -> Any:
    """The firm that was asked says yes or no."""
    accepts = "ja" in request.form
    return _step(
        lambda version: shares.answer_share(
            current_session(), the_viewer(), share_id, accepts=accepts, expected_version=version,
            now=now(),
        ),
        _("Dit deel is nu van u.") if accepts else _("U neemt dit deel niet over."),
        url_for(OWN),
    )  # fmt: skip


@blueprint.post("/opdrachten/delen/<int:share_id>/stoppen")
@of_the_firm
def end_share(share_id: int) -> Any:
    """One of both ends it."""
    return _step(
        lambda version: shares.end_share(
            current_session(), the_viewer(), share_id, expected_version=version, now=now()
        ),
        _("Gestopt. Het deel is weer van het bedrijf van de opdracht."),
        url_for(OWN),
    )


def _step(run: Any, said: str, address: str) -> Any:
    try:
        run(MatcherForm().read_version)
    except (Conflict, Stale):
        flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
    else:
        flash(said)
    return redirect(address, 303)


@blueprint.get("/opdrachten/delen/<int:share_id>")
@of_the_firm
@belongs_to(OWN)
def taken_share(share_id: int) -> Any:
    """One part that the firm took: what is still to do, and what it declared for it."""
    session, viewer = current_session(), the_viewer()
    found = shares.get_share(session, viewer, share_id, on=today())
    return render_template(
        "social_return/taken_share.html",
        found=found,
        lines=[declaration_line(one, viewer) for one in found.done],
        declared_at=lambda number: url_for(
            "social_return.declared_for_share", share_id=share_id, contribution_id=number
        ),
        may_declare=found.share.ended_at is None and declarations.is_open(found.view),
        post_form=MatcherForm(formdata=None),
        part_words=part_words,
        words=words,
    )


@blueprint.route("/opdrachten/delen/<int:share_id>/melden", methods=["GET", "POST"])
@of_the_firm
@belongs_to(OWN)
@once_only
def declare_for_share(share_id: int) -> Any:
    """First which kind, then its form; it counts at once for the part that was taken."""
    session, viewer = current_session(), the_viewer()
    found = shares.get_share(session, viewer, share_id, on=today())
    asked = asked_of(session, found.view, found.share.organisation_id)
    back = url_for("social_return.taken_share", share_id=share_id)
    if found.share.ended_at or asked is None or not declarations.is_open(found.view):
        flash(_("Voor deze opdracht kunt u niets meer melden."), "near")
        return redirect(back)
    kind = request.values.get("soort", "")
    form = None
    if kind in asked.kinds:
        people = declarations.people_of(list(found.done))
        form = declare_form(asked, kind, people, whole=True)
        if form.validate_on_submit():
            values = {"kind": kind, **form.values(people)}
            try:
                shares.declare_for_share(session, viewer, share_id, values, now=now())
            except InvalidInput as error:
                form.add_problems(error.problems)
            except Conflict:
                form.form_errors.append(_("Dit is al gemeld, of de opdracht wordt afgerekend."))
            else:
                flash(_("Gemeld. Het telt meteen mee."))
                return redirect(back, 303)
    page = render_template(
        "social_return/declare.html",
        view=found.view,
        asked=asked,
        kind=kind if form is not None else None,
        form=form,
        whole=True,
        has_more=False,
        kind_words=kind_words,
        form_at=url_for("social_return.declare_for_share", share_id=share_id),
        back=back,
    )
    return page, 400 if form is not None and form.errors else 200


@blueprint.route(
    "/opdrachten/delen/<int:share_id>/gemeld/<int:contribution_id>", methods=["GET", "POST"]
)
@of_the_firm
@belongs_to(OWN)
def declared_for_share(share_id: int, contribution_id: int) -> Any:
    """One declaration for a part that was taken: end the placement, or take it back."""
    session, viewer = current_session(), the_viewer()
    found = shares.get_share(session, viewer, share_id, on=today())
    one = next((each for each in found.done if each.id == contribution_id), None)
    if one is None:
        raise NotFound("contribution")
    return declared_page(
        one,
        lambda **how: shares.end_for_share(session, viewer, share_id, one.id, **how),
        url_for("social_return.taken_share", share_id=share_id) + "#gemeld",
    )
