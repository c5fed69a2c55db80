"""What candidates ask, in the words of who has to answer."""

from __future__ import annotations

from matcher.http.translate import gettext as _
from matcher.models.states import OwnRequestKind, OwnRequestState


def asked_words(kind: OwnRequestKind) -> str:
    """What somebody asked, as a line in a list."""
    return {
        OwnRequestKind.CORRECTION: _("Zegt dat iets niet klopt"),
        OwnRequestKind.ADDITION: _("Wil iets toevoegen"),
        OwnRequestKind.OBJECTION: _("Wil advies alleen van een mens"),
        OwnRequestKind.PERSON: _("Wil een mens spreken"),
        OwnRequestKind.DELETION: _("Wil de gegevens laten weghalen"),
    }[kind]


def state_words(state: OwnRequestState) -> str:
    """How far staff came with it."""
    return {
        OwnRequestState.OPEN: _("wacht op antwoord"),
        OwnRequestState.DONE: _("gedaan"),
        OwnRequestState.DECLINED: _("niet gedaan, met reden"),
        OwnRequestState.WITHDRAWN: _("teruggenomen"),
    }[state]
