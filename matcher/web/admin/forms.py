"""The form by which a change of an account is asked for."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.http.language import LANGUAGE_NAMES
from matcher.http.translate import gettext as _
from matcher.services.outbox import is_mail_address
from matcher.services.rights_changes import WHY_MAXIMUM
from matcher.web.codes import choices_of
from matcher.web.forms import BoxesField, MatcherForm, Required, TextField, longest
from matcher.web.free_text import FreeTextField
from matcher.web.navigation import right_names

OPEN, CLOSED = "open", "closed"


class AccountForm(MatcherForm):
    """What an account is to be; all that can be asked for stands on one page."""

    rights = BoxesField(_l("Waarvoor"))
    region = SelectField(_l("Regio"))
    organisation = TextField(
        _l("Bedrijf"), [longest(120)], description=_l("Alleen voor een opdrachtnemer")
    )
    email = TextField(
        _l("E-mailadres"), [longest(254)], description=_l("Hier gaan uitnodigingen en links heen")
    )
    language = RadioField(
        _l("Taal van de pagina’s"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
        default="nl",
    )
    why = FreeTextField(
        _l("Waarom"),
        [Required(_l("Schrijf in een paar woorden waarom")), longest(WHY_MAXIMUM)],
        description=_l("De tweede beheerder leest dit. Noem geen kandidaten."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = right_names()
        self.rights.choices = [
            SelectChoice(right.value, names[right][:1].upper() + names[right][1:])
            for right in Right
            if right is not Right.CANDIDATE
        ]
        none = SelectChoice("", _("Geen (alleen voor beheer)"))
        self.region.choices = [none, *choices_of("regions")]

    def validate(self, extra_validators: Any = None) -> bool:
        """Checks what belongs together, in the words of the page."""
        is_valid = bool(super().validate(extra_validators))
        held = set(self.rights.data or ())
        for is_wrong, field, message in (
            (not held, self.rights, _("Kies waar het account voor is")),
            (
                len(held) > 1 and held & {Right.ADMIN, Right.CONTRACTOR},
                self.rights,
                _("Beheer en opdrachtnemer gaan niet samen met iets anders"),
            ),
            (
                held - {Right.ADMIN} and not self.region.data,
                self.region,
                _("Kies een regio"),
            ),
            (
                Right.CONTRACTOR in held and not self.organisation.data,
                self.organisation,
                _("Vul het bedrijf in"),
            ),
            (
                self.email.data and not is_mail_address(self.email.data),
                self.email,
                _("Vul een e-mailadres in, zoals naam@voorbeeld.nl"),
            ),
        ):
            if is_wrong:
                field.errors = [*field.errors, message]
                is_valid = False
        return is_valid

    def wanted(self) -> dict[str, Any]:
        """What is asked for, by the names of the service."""
        is_firm = Right.CONTRACTOR in (self.rights.data or ())
        return {
            "rights": list(self.rights.data or ()),
            "region": self.region.data or None,
            "organisation": self.organisation.data if is_firm else None,
            "email": self.email.data,
            "language": self.language.data,
        }


class NewAccountForm(AccountForm):
    """An account that is to be made; the invitation goes to its e-mail address."""

    name = TextField(
        _l("Naam om mee aan te melden"),
        [Required(_l("Vul een naam in")), longest(120)],
        description=_l("Bijvoorbeeld het e-mailadres"),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """An invitation needs somewhere to go."""
        is_valid = super().validate(extra_validators)
        if not self.email.data:
            self.email.errors = [_("Vul een e-mailadres in. Daar gaat de uitnodiging heen.")]
            is_valid = False
        return is_valid

    def wanted(self) -> dict[str, Any]:
        """What is asked for, with the name."""
        return {**super().wanted(), "name": self.name.data}


class ChangeAccountForm(AccountForm):
    """An account that is to become different, closed, or without its second step."""

    state = RadioField(
        _l("Account"),
        choices=[SelectChoice(OPEN, _l("Open")), SelectChoice(CLOSED, _l("Gesloten"))],
        default=OPEN,
    )
    reset_second_factor = BooleanField(
        _l("Tweede stap weghalen: telefoon en herstelcodes zijn kwijt")
    )

    def wanted(self) -> dict[str, Any]:
        """What is asked for, with closing and the second step."""
        return {
            **super().wanted(),
            "is_active": self.state.data == OPEN,
            "reset_second_factor": bool(self.reset_second_factor.data),
        }
