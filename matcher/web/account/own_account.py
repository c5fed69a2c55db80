"""The own account: password, second step, where one is signed in, language, keys for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import (
    NotSignedIn,
    browser_session,
    current_viewer,
    session_terms,
    sign_in,
    the_viewer,
)
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import SignInMethod
from matcher.services import accounts, second_factor, sessions
from matcher.services.place_calls import CALLERS
from matcher.web.account.blueprint import blueprint
from matcher.web.account.entering import even_answer, moment_words
from matcher.web.account.forms import (
    CodeForm,
    LanguageForm,
    PasswordForm,
    TokenForm,
    WorkPhoneForm,
)
from matcher.web.account.limits import (
    PASSWORD,
    SECOND_FACTOR,
    count_failure,
    forget_failures,
    seconds_to_wait,
)
from matcher.web.forms import MatcherForm
from matcher.web.navigation import right_names

own = requires(*(right for right in Right if right is not Right.CANDIDATE))
"""Candidates have a page of their own and nothing here to change."""


calling = requires(*CALLERS)
"""Who says “I call” to a firm."""


def _account_id() -> int:
    """The account of this browser session; a program with a token has nothing to do here."""
    viewer = the_viewer()
    if viewer.account_id is None or browser_session() is None:
        raise NotSignedIn
    return viewer.account_id


@blueprint.get("/account")
@own
def own_account() -> Any:
    """What there is to see and to change about the own account."""
    account_id, db = _account_id(), current_session()
    present = browser_session()
    record = accounts.get_account(db, account_id)
    return render_template(
        "account/own_account.html",
        account=record,
        codes_left=second_factor.recovery_codes_left(db, account_id),
        is_required=session_terms().asks_second_factor(record.rights),
        sessions=sessions.list_sessions(db, account_id, terms=session_terms(), now=now()),
        here_id=None if present is None else present.id,
        method_words=_method_words(),
        moment_words=moment_words,
        language_form=LanguageForm(formdata=None, data={"language": record.language}),
        form=MatcherForm(formdata=None),
        calls=the_viewer().has(*CALLERS),
    )


def _method_words() -> dict[SignInMethod, str]:
    return {
        SignInMethod.PASSWORD: _("met wachtwoord"),
        SignInMethod.MAIL_LINK: _("met een link per e-mail"),
        SignInMethod.LINK_AND_CODE: _("met link en code"),
        SignInMethod.SINGLE_SIGN_ON: _("via de eigen organisatie"),
    }


@blueprint.route("/account/wachtwoord", methods=["GET", "POST"])
@own
def change_password() -> Any:
    """Another password; every other session ends."""
    account_id, db = _account_id(), current_session()
    record = accounts.get_account(db, account_id)
    form = PasswordForm()
    if not record.has_password:
        del form.present
    if form.validate_on_submit() and _is_owner(record.name, account_id, form):
        present = browser_session()
        try:
            accounts.set_password(
                db,
                account_id,
                form.password.data or "",
                keep_session=None if present is None else present.id,
                now=now(),
            )
        except InvalidInput:
            form.password.errors = [_("Kies een wachtwoord van 12 tot 200 tekens")]
        else:
            flash(_("Uw wachtwoord is gewijzigd. Op andere apparaten bent u afgemeld."))
            return redirect(url_for("account.own_account"), 303)
    page = render_template("account/change_password.html", form=form)
    return page, 400 if form.errors else 200


def _is_owner(name: str, account_id: int, form: PasswordForm) -> bool:
    """Whether the present password is right, so that an open screen is not enough."""
    if "present" not in form:
        return True
    wait = seconds_to_wait(PASSWORD, name)
    if not wait and accounts.has_password(current_session(), account_id, form.present.data or ""):
        forget_failures(PASSWORD, name)
        return True
    with even_answer():
        count_failure(PASSWORD, name)
    form.present.errors = [
        _("Te vaak verkeerd. Wacht een kwartier.") if wait else _("Dit wachtwoord klopt niet")
    ]
    return False


@blueprint.post("/account/overal-afmelden")
@own
def end_other_sessions() -> Any:
    """Ends every session but this one."""
    account_id, present = _account_id(), browser_session()
    sessions.end_all_sessions(
        current_session(), account_id, except_=None if present is None else present.id, now=now()
    )
    flash(_("U bent op alle andere apparaten afgemeld."))
    return redirect(url_for("account.own_account"), 303)


@blueprint.post("/account/taal")
@own
def change_language() -> Any:
    """The language of the pages and of messages."""
    form = LanguageForm()
    if form.validate_on_submit():
        accounts.set_language(current_session(), _account_id(), form.language.data, now=now())
        session["language"] = form.language.data
    return redirect(url_for("account.own_account"), 303)


@blueprint.route("/account/telefoon", methods=["GET", "POST"])
@calling
def change_phone() -> Any:
    """The number that a firm sees beside who calls it."""
    account_id, db = _account_id(), current_session()
    form = WorkPhoneForm(data={"phone": accounts.get_account(db, account_id).phone})
    if form.validate_on_submit():
        accounts.set_phone(db, account_id, form.phone.data, now=now())
        flash(_("Opgeslagen. Bedrijven die u belt, zien dit nummer."))
        return redirect(url_for("account.own_account"), 303)
    page = render_template("account/change_phone.html", form=form)
    return page, 400 if form.errors else 200


@blueprint.route("/account/tweede-stap", methods=["GET", "POST"])
@own
def renew_second_step() -> Any:
    """New recovery codes, or another telephone: each after a code of the present app."""
    account_id, db = _account_id(), current_session()
    if not second_factor.has_second_factor(db, account_id):
        return redirect(url_for("account.set_up_second_step"))
    form = CodeForm()
    if form.validate_on_submit():
        wait = seconds_to_wait(SECOND_FACTOR, str(account_id))
        if not wait and second_factor.check_second_factor(
            db, account_id, form.code.data or "", now=now()
        ):
            forget_failures(SECOND_FACTOR, str(account_id))
            return _renewed(account_id)
        with even_answer():
            count_failure(SECOND_FACTOR, str(account_id))
        form.code.errors = [
            _("Te vaak verkeerd. Wacht een kwartier.") if wait else _("Deze code klopt niet")
        ]
    page = render_template("account/renew_second_step.html", form=form)
    return page, 400 if form.errors else 200


def _renewed(account_id: int) -> Any:
    if "codes" in request.form:
        codes = second_factor.new_recovery_codes(current_session(), account_id, now=now())
        target = url_for("account.own_account")
        return render_template("account/recovery_codes.html", codes=codes, target=target)
    second_factor.take_away(current_session(), account_id, now=now())
    present, viewer = browser_session(), current_viewer()
    sessions.end_all_sessions(
        current_session(), account_id, except_=None if present is None else present.id, now=now()
    )
    # What was shown belonged to the old app: this session waits for the new one as any other.
    if present is not None and viewer is not None:
        sign_in(viewer, present.method)
    return redirect(url_for("account.set_up_second_step"), 303)


@blueprint.route("/account/sleutels", methods=["GET", "POST"])
@own
def tokens() -> Any:
    """The keys with which programs use the account, and a new one."""
    account_id, db = _account_id(), current_session()
    held = accounts.get_account(db, account_id).rights
    form, secret = _token_form(held), None
    if form.validate_on_submit():
        try:
            _record, secret = accounts.create_token(
                db,
                account_id,
                title=form.title.data or "",
                scopes=form.scopes.data,
                lifetime=timedelta(days=int(form.days.data)),
                now=now(),
            )
        except InvalidInput as refused:
            form.add_problems(refused.problems)
        else:
            form = _token_form(held, empty=True)
    page = render_template(
        "account/tokens.html",
        form=form,
        secret=secret,
        tokens=accounts.list_tokens(db, account_id),
        names=right_names(),
        rights=list(Right),
        moment=now(),
        moment_words=moment_words,
    )
    return page, 400 if form.errors or form.form_errors else 200


def _token_form(held: frozenset[Right], *, empty: bool = False) -> TokenForm:
    form = TokenForm(formdata=None) if empty else TokenForm()
    names = right_names()
    form.scopes.choices = [
        SelectChoice(right.value, names[right]) for right in Right if right in held
    ]
    return form


@blueprint.post("/account/sleutels/<int:token_id>/intrekken")
@own
def revoke_token(token_id: int) -> Any:
    """Ends a key at once."""
    accounts.revoke_token(current_session(), _account_id(), token_id, now=now())
    flash(_("De sleutel werkt niet meer."))
    return redirect(url_for("account.tokens"), 303)
