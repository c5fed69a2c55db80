"""The forms of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField

from matcher.web.forms import MatcherForm, Required, TextField, longest


class SignInForm(MatcherForm):
    """Name and password; nothing says which of the two was wrong."""

    name = TextField(
        _l("Naam"),
        [Required(_l("Vul uw naam in")), longest(120)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Wachtwoord"),
        [Required(_l("Vul uw wachtwoord in")), longest(200)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(MatcherForm):
    """A short code, typed with or without spaces."""

    code = TextField(
        _l("Code"),
        [Required(_l("Vul de code in")), longest(20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class BeginForm(MatcherForm):
    """Begins setting up the second step; `new` draws another secret instead of the last one."""

    new = HiddenField()


class AskLinkForm(MatcherForm):
    """Where a link is to go."""

    name = TextField(
        _l("Naam of e-mailadres"),
        [Required(_l("Vul uw naam of e-mailadres in")), longest(254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class UseLinkForm(MatcherForm):
    """Only a button: opening the page uses nothing up."""


class InvitationForm(MatcherForm):
    """The password that somebody chooses."""

    password = PasswordField(
        _l("Kies een wachtwoord"),
        render_kw={"autocomplete": "new-password"},
    )
