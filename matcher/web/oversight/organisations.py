"""Which organisations are the municipality, another public body, or take work back in house."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.domain.errors import Stale
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.repositories.records import OrganisationRecord
from matcher.services import organisations as service
from matcher.services.visibility import Kind, show
from matcher.web.codes import choices_of
from matcher.web.forms import CHOOSE_ONE, MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.oversight.blueprint import HOME, blueprint
from matcher.web.paging import page_of

_LIST = "oversight.organisations"
_A_PAGE = 25


class KindForm(MatcherForm):
    """What kind of organisation it is; empty for a firm like any other."""

    kind = SelectField(_l("Soort organisatie"), invalid_choice_message=CHOOSE_ONE)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice("", _("Een bedrijf")), *choices_of("organisation_kinds")]


@blueprint.get("/toezicht/organisaties")
@requires(Right.OFFICER)
@belongs_to(HOME)
def organisations() -> Any:
    """Every organisation of the region, those that are marked first."""
    found = service.list_organisations(current_session(), the_viewer())
    page = page_of(found, request.args.get("pagina", 1, int), _A_PAGE)
    return render_template(
        "oversight/organisations.html",
        page=page,
        lines=[_line(each) for each in page.items],
        own=sum(each.kind is not None for each in found),
    )


@blueprint.post("/toezicht/organisaties/<int:organisation_id>")
@requires(Right.OFFICER)
@belongs_to(HOME)
def mark_organisation(organisation_id: int) -> Any:
    """Keeps the kind of one organisation."""
    form = KindForm()
    if form.validate():
        try:
            service.mark_organisation(
                current_session(),
                the_viewer(),
                organisation_id,
                form.kind.data or None,
                expected_version=form.read_version,
                now=now(),
            )
            flash(_("Opgeslagen."))
        except Stale:
            flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
    else:
        flash(str(CHOOSE_ONE), "near")
    number = request.form.get("pagina", 1, int)
    return redirect(url_for(_LIST, pagina=number if number > 1 else None), 303)


def _line(record: OrganisationRecord) -> dict[str, Any]:
    shown = show(Kind.ORGANISATION, record.as_mapping(), the_viewer().rights)
    data = {"version": str(record.version), "kind": record.kind or ""}
    form = KindForm(formdata=None, data=data)
    form.kind.id = f"kind-{record.id}"
    form.kind.label.field_id = form.kind.id
    return {**shown, "form": form}
