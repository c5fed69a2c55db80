"""The forms of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField
from wtforms.fields import SelectChoice

from matcher.http.language import LANGUAGE_NAMES
from matcher.web.forms import (
    BoxesField,
    MatcherForm,
    PhoneField,
    Required,
    TextField,
    longest,
)


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


class PasswordForm(MatcherForm):
    """The present password and another one."""

    present = PasswordField(
        _l("Uw wachtwoord van nu"),
        [Required(_l("Vul uw wachtwoord van nu in")), longest(200)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("Nieuw wachtwoord"),
        [Required(_l("Kies een wachtwoord van 12 tot 200 tekens"))],
        description=_l("12 tekens of meer. Een zin is makkelijk te onthouden."),
        render_kw={"autocomplete": "new-password"},
    )


class LanguageForm(MatcherForm):
    """The language of pages and messages."""

    language = RadioField(
        _l("Taal van de pagina’s en van berichten aan u"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
    )


class WorkPhoneForm(MatcherForm):
    """The number at which firms call back; may stay empty."""

    phone = PhoneField(
        _l("Uw nummer op het werk"), render_kw={"autocomplete": "tel", "inputmode": "tel"}
    )


class TokenForm(MatcherForm):
    """A key for a program, with what it may do and until when."""

    title = TextField(
        _l("Waarvoor is de sleutel"),
        [Required(_l("Schrijf waarvoor de sleutel is")), longest(120)],
        description=_l("Bijvoorbeeld: koppeling met het klantsysteem"),
    )
    scopes = BoxesField(_l("Wat mag het programma"), [Required(_l("Kies wat het programma mag"))])
    days = RadioField(
        _l("Hoe lang"),
        choices=[
            SelectChoice("30", _l("30 dagen")),
            SelectChoice("90", _l("90 dagen")),
            SelectChoice("366", _l("een jaar")),
        ],
        default="90",
    )
