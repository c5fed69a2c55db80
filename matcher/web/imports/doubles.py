"""Files that may be of one person: put together, kept apart, or taken back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from matcher.domain.errors import Conflict
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.models.states import DoubleState, ImportKind
from matcher.services import doubles as service
from matcher.services.doubles import DoubleLine
from matcher.services.visibility import Kind, show
from matcher.web.forms import MatcherForm
from matcher.web.imports.blueprint import RIGHTS, blueprint
from matcher.web.imports.words import label_of_target
from matcher.web.navigation import belongs_to

_LIMIT = 10
_OVERVIEW = "imports.overview"


@blueprint.get("/dubbelen")
@requires(*RIGHTS)
@belongs_to(_OVERVIEW)
def double_files() -> Any:
    """Pairs to look at; with ``stand=bekeken`` those that somebody decided about."""
    session, viewer = current_session(), the_viewer()
    decided = request.args.get("stand") == "bekeken"
    page = service.list_doubles(
        session, viewer, decided=decided, cursor=request.args.get("vanaf"), limit=_LIMIT
    )
    return render_template(
        "imports/doubles.html",
        form=MatcherForm(formdata=None),
        lines=[_shown(line) for line in page.items],
        decided=decided,
        waiting=service.count_open(session, viewer),
        next_cursor=page.next_cursor,
    )


def _shown(line: DoubleLine) -> dict[str, Any]:
    double = show(Kind.PROBABLE_DOUBLE, line.double.as_mapping(), the_viewer().rights)
    return {
        **double,
        "name": line.earlier["first_name"] or line.earlier["reference"],
        "files": [_file(line.earlier), _file(line.later)],
        "adds": list(dict.fromkeys(_label(name) for name in line.adds)),
        "differs": [_label(name) for name in line.differs],
        "is_merged": line.double.state is DoubleState.MERGED,
    }


def _label(name: str) -> str:
    if name.startswith("contact"):
        return _("hoe iemand te bereiken is")
    if name.startswith("owner"):
        return _("de coach")
    return label_of_target(ImportKind.CANDIDATES, name).lower()


def _file(person: Any) -> dict[str, str]:
    since = person.get("waiting_since")
    return {
        "reference": person["reference"],
        "since": day(since) if since else "–",
        "pc4": str(person.get("pc4") or "–"),
        "came": day(person["created_at"].date()),
    }


@blueprint.post("/dubbelen/<int:double_id>/<any(samen, apart, terug):what>")
@requires(*RIGHTS)
@belongs_to(_OVERVIEW)
def decide_double(double_id: int, what: str) -> Any:
    """Does what the button says; each of the three can be taken back."""
    if not MatcherForm().validate():
        abort(400)
    session, viewer = current_session(), the_viewer()
    acts = {"samen": service.merge, "apart": service.keep_apart, "terug": service.undo}
    words = {
        "samen": _("Samengevoegd. U kunt het terugdraaien onder ‘Bekeken’."),
        "apart": _("Onthouden: dit zijn twee mensen."),
        "terug": _("Teruggedraaid. Beide dossiers staan er weer zoals eerst."),
    }
    try:
        acts[what](session, viewer, double_id, now=now())
        flash(words[what])
    except Conflict:
        flash(_("Een van de twee dossiers is intussen gesloten. Open het eerst."), "near")
    return redirect(
        url_for("imports.double_files", stand="bekeken" if what == "terug" else None), 303
    )
