"""*Brieven*: what people get on paper or by word of mouth, and what did not get through."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import ContactKind, MessageState
from matcher.repositories.messages import MessageLine
from matcher.services import letters as service
from matcher.services.delivery import Postbox
from matcher.web.forms import MatcherForm
from matcher.web.introductions.blueprint import blueprint, posting
from matcher.web.navigation import belongs_to

_LIST = "introductions.letters"


@blueprint.get("/brieven")
@posting
def letters() -> Any:
    """Letters to post or give, oldest first, and messages that need another road."""
    session, viewer = current_session(), the_viewer()
    waiting = service.list_letters(session, viewer)
    return render_template(
        "introductions/letters.html",
        headline=_headline(len(waiting)),
        waiting=waiting,
        not_sent=service.list_not_sent(session, viewer),
        form=MatcherForm(formdata=None),
        road_words=_road_words,
        trouble_words=_trouble_words,
    )


def _headline(count: int) -> str:
    if not count:
        return _("Er ligt geen brief klaar.")
    return ngettext("%(num)s brief ligt klaar.", "%(num)s brieven liggen klaar.", count)


def _road_words(kind: ContactKind | None) -> str:
    """How this person wants to be reached."""
    if kind is None:
        return _("geen keuze bekend")
    return {
        ContactKind.CALL: _("wil gebeld worden"),
        ContactKind.SMS: _("wil een sms"),
        ContactKind.MAIL: _("wil e-mail"),
        ContactKind.LETTER: _("wil een brief"),
        ContactKind.VIA_COACH: _("hoort het van de coach"),
    }[kind]


def _trouble_words(line: MessageLine) -> str:
    if line.state is MessageState.FAILED:
        return _("kwam niet aan")
    return ngettext(
        "nog niet verstuurd, %(num)s keer geprobeerd",
        "nog niet verstuurd, %(num)s keer geprobeerd",
        line.attempts,
    )


@blueprint.get("/brieven/<int:message_id>")
@posting
@belongs_to(_LIST)
def letter(message_id: int) -> Any:
    """One letter as it comes out of the printer."""
    postbox: Postbox = current_app.extensions["matcher.postbox"]
    found = service.open_letter(
        current_session(), the_viewer(), message_id, public_url=postbox.public_url
    )
    return render_template(
        "introductions/letter.html",
        letter=found,
        written_on=date.fromisoformat(found.written_on),
        paragraphs=[part for part in found.words.text.split("\n\n") if part.strip()],
        road=_road_words(found.contact_kind),
        form=MatcherForm(formdata=None),
    )


@blueprint.post("/brieven/<int:message_id>/<any(gepost, papier):step>")
@posting
@belongs_to(_LIST)
def pass_on(message_id: int, step: str) -> Any:
    """The letter was posted or given; or a message that did not get through becomes one."""
    if not MatcherForm().validate():
        abort(400)
    session, viewer = current_session(), the_viewer()
    if step == "gepost":
        service.mark_posted(session, viewer, message_id, now=now())
        flash(_("Genoteerd als gepost."))
    else:
        service.as_letter(session, viewer, message_id, now=now())
        flash(_("Het bericht ligt nu bij de brieven."))
    return redirect(url_for(_LIST), 303)
