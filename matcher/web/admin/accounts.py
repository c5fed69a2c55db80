"""The list of accounts, one account, and asking for a change."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.services import rights_changes as service
from matcher.services.accounts import list_accounts
from matcher.web.account.entering import moment_words
from matcher.web.admin.blueprint import blueprint
from matcher.web.admin.changes import shown
from matcher.web.admin.forms import CLOSED, OPEN, ChangeAccountForm, NewAccountForm
from matcher.web.admin.words import rights_words
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.paging import page_of

_LIST = "admin.accounts"
_A_PAGE = 50


@blueprint.get("/accounts")
@requires(Right.ADMIN)
def accounts() -> Any:
    """Every account but those of candidates, and what waits for a second admin."""
    session, viewer = current_session(), the_viewer()
    closed = request.args.get("stand") == CLOSED
    known = list_accounts(session, viewer)
    listed = [record for record in known if record.is_active is not closed]
    page = page_of(listed, request.args.get("pagina", 1, int), _A_PAGE)
    return render_template(
        "admin/accounts.html",
        page=page,
        closed=closed,
        counts={
            OPEN: sum(record.is_active for record in known),
            CLOSED: sum(not record.is_active for record in known),
        },
        waiting=[
            shown(session, viewer, change) for change in service.list_open_changes(session, viewer)
        ],
        form=MatcherForm(formdata=None),
        label_of=label_of,
        rights_words=rights_words,
        moment_words=moment_words,
    )


@blueprint.get("/accounts/<int:account_id>")
@requires(Right.ADMIN)
@belongs_to(_LIST)
def account(account_id: int) -> Any:
    """One account, what waits about it, and what was decided before."""
    session, viewer = current_session(), the_viewer()
    record = service.get_account_of(session, viewer, account_id)
    changes = [
        shown(session, viewer, change)
        for change in service.list_changes_of(session, viewer, account_id)
    ]
    return render_template(
        "admin/account.html",
        account=record,
        organisation=service.organisation_of(session, record),
        waiting=[each for each in changes if each.is_waiting],
        decided=[each for each in changes if not each.is_waiting],
        form=MatcherForm(formdata=None),
        label_of=label_of,
        rights_words=rights_words,
        moment_words=moment_words,
    )


@blueprint.route("/accounts/nieuw", methods=["GET", "POST"])
@requires(Right.ADMIN)
@belongs_to(_LIST)
@once_only
def new_account() -> Any:
    """Asks for a new account; the invitation goes out when a second admin agrees."""
    form = NewAccountForm()
    if form.validate_on_submit() and _ask(form, None):
        return redirect(url_for(_LIST), 303)
    page = render_template("admin/account_form.html", form=form, account=None)
    return page, 400 if form.errors or form.form_errors else 200


@blueprint.route("/accounts/<int:account_id>/wijzigen", methods=["GET", "POST"])
@requires(Right.ADMIN)
@belongs_to(_LIST)
@once_only
def change_account(account_id: int) -> Any:
    """Asks for a change of an account."""
    session = current_session()
    record = service.get_account_of(session, the_viewer(), account_id)
    if request.method == "GET":
        form = ChangeAccountForm(
            formdata=None,
            data={
                "rights": sorted(record.rights),
                "region": record.region or "",
                "organisation": service.organisation_of(session, record),
                "email": record.email,
                "language": record.language,
                "state": OPEN if record.is_active else CLOSED,
            },
        )
    else:
        form = ChangeAccountForm()
        if form.validate_on_submit() and _ask(form, account_id):
            return redirect(url_for("admin.account", account_id=account_id), 303)
    page = render_template("admin/account_form.html", form=form, account=record)
    return page, 400 if form.errors or form.form_errors else 200


def _ask(form: NewAccountForm | ChangeAccountForm, account_id: int | None) -> bool:
    """Whether it was asked for; else the form says why not."""
    session, viewer = current_session(), the_viewer()
    try:
        change = service.ask_change(
            session, viewer, account_id, form.wanted(), form.why.data or "", now=now()
        )
    except Conflict:
        form.form_errors.append(
            _("Er is al een account met deze naam, of er wacht al een wijziging van dit account.")
        )
        return False
    except InvalidInput as refused:
        nothing = [p for p in refused.problems if p.why.startswith("nothing would change")]
        if nothing:
            form.form_errors.append(_("U hebt niets gewijzigd. Kies eerst wat anders wordt."))
        else:
            form.add_problems(refused.problems)
        return False
    if service.has_second_admin(session, change):
        flash(_("Gevraagd. Het gaat in als een tweede beheerder het bevestigt."))
    else:
        flash(
            _("Gevraagd. Er is geen tweede beheerder: kijk hieronder hoe het verder gaat."), "near"
        )
    return True


@blueprint.post("/accounts/<int:account_id>/uitnodigen")
@requires(Right.ADMIN)
@belongs_to(_LIST)
def invite_again(account_id: int) -> Any:
    """Mails a new invitation; nobody here sees the link."""
    try:
        service.invite_again(current_session(), the_viewer(), account_id, now=now())
    except Conflict:
        flash(_("Dat kan alleen bij een open account met een e-mailadres."), "near")
    else:
        flash(_("De uitnodiging gaat per e-mail naar de eigenaar van het account."))
    return redirect(url_for("admin.account", account_id=account_id), 303)
