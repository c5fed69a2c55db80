"""What waits for a second admin: confirm, refuse, or take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import ChangeState
from matcher.services import rights_changes as service
from matcher.services.rights_changes import ChangeRecord
from matcher.web.account.entering import moment_words
from matcher.web.admin.blueprint import blueprint
from matcher.web.admin.words import Line, lines_of, state_words
from matcher.web.navigation import belongs_to

_LIST = "admin.accounts"


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change as the pages show it, and what this viewer may do with it."""

    id: int
    account_id: int | None
    account_name: str
    lines: list[Line]
    why: str
    state: str
    asked: str
    decided: str | None
    is_waiting: bool
    may_decide: bool
    may_withdraw: bool
    needs_operator: bool


def shown(session: Session, viewer: Viewer, change: ChangeRecord) -> ShownChange:
    """`change` in words, for `viewer`."""
    is_waiting = change.state is ChangeState.ASKED
    # What it was before is only known while nothing was carried out.
    present = service.as_it_is(session, change) if is_waiting else None
    decided = None
    if change.decided_at is not None:
        decided = _(
            "%(state)s door %(who)s op %(when)s",
            state=state_words(change.state),
            who=change.decided_by_name or _("de beheerder van de server"),
            when=moment_words(change.decided_at),
        )
    return ShownChange(
        id=change.id,
        account_id=change.account_id,
        account_name=change.account_name,
        lines=lines_of(change.wanted, present),
        why=change.why,
        state=state_words(change.state),
        asked=_(
            "gevraagd door %(who)s op %(when)s",
            who=change.asked_by_name or _("iemand van wie het account weg is"),
            when=moment_words(change.created_at),
        ),
        decided=decided,
        is_waiting=is_waiting,
        may_decide=service.may_decide(viewer, change),
        may_withdraw=is_waiting and change.asked_by == viewer.account_id,
        needs_operator=is_waiting and not service.has_second_admin(session, change),
    )


@blueprint.post("/wijzigingen/<int:change_id>/bevestigen")
@requires(Right.ADMIN)
@belongs_to(_LIST)
def confirm(change_id: int) -> Any:
    """Carries the change out."""
    try:
        done = service.confirm_change(current_session(), the_viewer(), change_id, now=now())
    except (Conflict, Forbidden) as refused:
        return _not_now(refused)
    if done.invitation is not None:
        flash(_("Bevestigd. De uitnodiging gaat per e-mail naar de eigenaar van het account."))
    else:
        flash(_("Bevestigd. Het geldt vanaf nu; wie was aangemeld, meldt zich opnieuw aan."))
    return redirect(url_for("admin.account", account_id=done.account_id), 303)


@blueprint.post("/wijzigingen/<int:change_id>/weigeren")
@requires(Right.ADMIN)
@belongs_to(_LIST)
def refuse(change_id: int) -> Any:
    """Leaves everything as it is."""
    try:
        service.refuse_change(current_session(), the_viewer(), change_id, now=now())
    except (Conflict, Forbidden) as refused:
        return _not_now(refused)
    flash(_("Geweigerd. Er is niets gewijzigd."))
    return redirect(url_for(_LIST), 303)


@blueprint.post("/wijzigingen/<int:change_id>/intrekken")
@requires(Right.ADMIN)
@belongs_to(_LIST)
def withdraw(change_id: int) -> Any:
    """Takes back what one asked for."""
    try:
        service.withdraw_change(current_session(), the_viewer(), change_id, now=now())
    except (Conflict, Forbidden) as refused:
        return _not_now(refused)
    flash(_("Ingetrokken. Er is niets gewijzigd."))
    return redirect(url_for(_LIST), 303)


def _not_now(refused: Conflict | Forbidden) -> Any:
    """Back to the list with the reason in words; a stranger's number is 404 as ever."""
    if isinstance(refused, Forbidden):
        flash(_("Iemand anders beslist: niet wie het vroeg, en niet over wie het gaat."), "near")
    else:
        flash(_("Dit kan niet meer: iemand was u voor, of er bleef geen beheerder over."), "near")
    return redirect(url_for(_LIST), 303)
