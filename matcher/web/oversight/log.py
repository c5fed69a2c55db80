"""*Logboek*: who did what with whose data and why, by whose data, account, right and period.

What is typed goes by post and is looked up; the address of what is found carries numbers and codes
only, so that it says nothing about anybody.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.files.writing import table_bytes
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day as day_words
from matcher.http.translate import gettext as _
from matcher.models.states import AuditAction
from matcher.repositories.audit_entries import EntryFilter
from matcher.services import audit
from matcher.services.calendar import start_of
from matcher.services.visibility import Kind, show, visible_fields
from matcher.web.forms import CHOOSE_ONE, DayField, MatcherForm, TextField, longest
from matcher.web.navigation import belongs_to, right_names
from matcher.web.oversight.blueprint import HOME, blueprint, overseeing
from matcher.web.oversight.words import action_names, entry_line

E = TypeVar("E", bound=StrEnum)

_LIMIT = 25
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
_ONE_DAY = timedelta(days=1)
_ANY = ""
_FILTERS = ("dossier", "account", "recht", "handeling", "van", "tot")
_COLUMNS = (
    ("id", "whole"),
    ("at", "text"),
    ("account_id", "whole"),
    ("account", "text"),
    ("right_used", "text"),
    ("purpose", "text"),
    ("action", "text"),
    ("kind", "text"),
    ("object_id", "whole"),
    ("candidate_id", "whole"),
    ("fields", "list"),
    ("query", "text"),
    ("count", "whole"),
    ("versions", "text"),
    ("request_id", "text"),
)
"""Columns of the file, of which each right gets what it may see."""


class SearchForm(MatcherForm):
    """What to look for; every answer narrows."""

    reference = TextField(
        _l("Referentie van de kandidaat"), [longest(200)], render_kw={"autocomplete": "off"}
    )
    account = TextField(_l("Account"), [longest(120)], render_kw={"autocomplete": "off"})
    right = SelectField(_l("Recht"), invalid_choice_message=CHOOSE_ONE)
    action = SelectField(_l("Wat er gebeurde"), invalid_choice_message=CHOOSE_ONE)
    since = DayField(_l("Van"))
    until = DayField(_l("Tot en met"))


def search_form(**values: Any) -> SearchForm:
    """The form, as sent or with what is searched for now."""
    form = SearchForm(data=values)
    rights = [SelectChoice(right.value, name) for right, name in right_names().items()]
    actions = [SelectChoice(action.value, name) for action, name in action_names().items()]
    form.right.choices = [SelectChoice(_ANY, _("Elk recht")), *rights]
    form.action.choices = [SelectChoice(_ANY, _("Alles")), *actions]
    return form


@blueprint.get("/toezicht/logboek")
@overseeing
@belongs_to(HOME)
def log() -> ResponseReturnValue:
    """What was searched for, latest first; without a search only the form."""
    if not any(request.args.get(name) for name in (*_FILTERS, "alles")):
        return _render(search_form())
    wanted, viewer = _wanted(), the_viewer()
    page = audit.search(
        current_session(), viewer, wanted, cursor=request.args.get("vanaf"), limit=_LIMIT
    )
    asked = _asked()
    return _render(
        search_form(
            right=asked.get("recht", _ANY),
            action=asked.get("handeling", _ANY),
            since=_day("van"),
            until=_day("tot"),
        ),
        lines=[entry_line(entry, viewer) for entry in page.items],
        asked_words=_asked_words(wanted, asked),
        csv_url=url_for("oversight.log_file", **asked),
        next_url=None
        if page.next_cursor is None
        else url_for("oversight.log", **asked, vanaf=page.next_cursor, alles="1"),
    )


@blueprint.post("/toezicht/logboek")
@overseeing
@belongs_to(HOME)
def find_in_log() -> ResponseReturnValue:
    """Looks up what was typed and goes to an address of numbers and codes."""
    form = search_form()
    if not form.validate():
        return _render(form), 400
    session, viewer = current_session(), the_viewer()
    found: dict[str, Any] = {
        "recht": form.right.data,
        "handeling": form.action.data,
        "van": form.since.data,
        "tot": form.until.data,
    }
    if form.reference.data:
        found["dossier"] = audit.find_person(session, viewer, form.reference.data)
        if found["dossier"] is None:
            form.reference.errors = [_("Deze referentie is er niet in uw regio. Kijk haar na.")]
    if form.account.data:
        found["account"] = audit.find_account(session, viewer, form.account.data)
        if found["account"] is None:
            form.account.errors = [_("Dit account is er niet in uw regio. Vul naam of nummer in.")]
    if form.since.data and form.until.data and form.until.data < form.since.data:
        form.until.errors = [_("De laatste dag ligt voor de eerste. Verander een van beide.")]
    if form.errors:
        return _render(form), 400
    given = {name: value for name, value in found.items() if value}
    return redirect(url_for("oversight.log", **given, alles="1"))


@blueprint.get("/toezicht/logboek/bestand")
@overseeing
@belongs_to(HOME)
def log_file() -> ResponseReturnValue:
    """What was searched for as a CSV file; taking it along is an entry."""
    viewer = the_viewer()
    found = audit.export(current_session(), viewer, _wanted())
    allowed = visible_fields(Kind.AUDIT_ENTRY, viewer.rights)
    columns = [column for column in _COLUMNS if column[0] in allowed]
    rows = [show(Kind.AUDIT_ENTRY, entry.as_mapping(), viewer.rights) for entry in found]
    data = table_bytes("csv", rows, columns, "logboek")
    name = f"logboek-{today().isoformat()}.csv"
    return Response(
        data,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _render(form: SearchForm, **more: Any) -> str:
    return render_template("oversight/log.html", form=form, **{"lines": None, **more})


def _asked() -> dict[str, Any]:
    return {name: request.args[name] for name in _FILTERS if request.args.get(name)}


def _wanted() -> EntryFilter:
    since, until = _day("van"), _day("tot")
    return EntryFilter(
        candidate_id=_number("dossier"),
        account_id=_number("account"),
        right=_one_of(Right, "recht"),
        action=_one_of(AuditAction, "handeling"),
        since=None if since is None else start_of(since),
        until=None if until is None else start_of(until + _ONE_DAY),
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if _FIRST_DAY <= found <= _LAST_DAY else None


def _one_of(kind: type[E], name: str) -> E | None:
    value = request.args.get(name)
    return kind(value) if value in {member.value for member in kind} else None


def _asked_words(wanted: EntryFilter, asked: dict[str, Any]) -> str:
    parts = []
    if wanted.candidate_id is not None:
        parts.append(_("dossier %(number)s", number=wanted.candidate_id))
    if wanted.account_id is not None:
        parts.append(_("account %(number)s", number=wanted.account_id))
    if wanted.right is not None:
        parts.append(right_names()[wanted.right])
    if wanted.action is not None:
        parts.append(action_names()[wanted.action])
    if wanted.since is not None:
        parts.append(_("van %(day)s", day=day_words(date.fromisoformat(asked["van"]))))
    if wanted.until is not None:
        parts.append(_("tot en met %(day)s", day=day_words(date.fromisoformat(asked["tot"]))))
    return ", ".join(parts) or _("alles")
