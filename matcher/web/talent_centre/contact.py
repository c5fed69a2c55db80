"""How to reach somebody, after saying what for: it is logged, and the candidate sees it."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import ContactKind
from matcher.services import candidates
from matcher.services.purposes import purposes_of, read_for_purpose
from matcher.services.visibility import Kind, show
from matcher.web.forms import CHOOSE_ONE, MatcherForm, Required
from matcher.web.navigation import belongs_to
from matcher.web.talent_centre.blueprint import blueprint


class PurposeForm(MatcherForm):
    """What it is asked for; one tap."""

    purpose = RadioField(
        _l("Waarvoor?"), [Required(_l("Kies waarvoor"))], invalid_choice_message=CHOOSE_ONE
    )


@blueprint.route("/mensen/<int:candidate_id>/contact", methods=["GET", "POST"])
@requires(Right.TRIAGER)
@belongs_to("talent_centre.people")
def contact(candidate_id: int) -> Any:
    """Asks what for, and then says how to reach somebody; the answer is not kept anywhere."""
    session, viewer = current_session(), the_viewer()
    record = candidates.get_candidate(session, viewer, candidate_id)
    person = show(Kind.CANDIDATE, record.as_mapping(), viewer.rights)
    form = PurposeForm()
    form.purpose.choices = [
        SelectChoice(code.code, code.label(current_language())) for code in purposes_of(viewer)
    ]
    found = None
    if form.validate_on_submit():
        found = read_for_purpose(session, viewer, candidate_id, form.purpose.data, now=now())
    page = render_template(
        "talent_centre/contact.html",
        form=form,
        candidate_id=candidate_id,
        name=person["first_name"] or person["reference"],
        found=None if found is None else _words(found),
    )
    return page, 400 if form.errors else 200


def _words(found: dict[str, Any]) -> tuple[str, str | None]:
    """How to reach somebody in words, and the number or address for it."""
    kind = found.get("contact_kind")
    words = {
        ContactKind.CALL: _("Bel op dit nummer"),
        ContactKind.SMS: _("Stuur een sms naar dit nummer"),
        ContactKind.MAIL: _("Stuur een e-mail naar dit adres"),
        ContactKind.LETTER: _("Stuur een brief"),
        ContactKind.VIA_COACH: _("Vraag het de coach"),
    }
    if kind is None:
        return _("We weten nog niet hoe. Vraag het de coach."), None
    return words[ContactKind(kind)], found.get("contact_value")
