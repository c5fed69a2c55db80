"""Writing a draft: the usual numbers in boxes, or the whole text; and saving it as a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue

from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.reference.rule_changes import UsualValue, decision_key, usual_values, with_values
from matcher.services import rule_steps
from matcher.web.navigation import belongs_to
from matcher.web.rules import words
from matcher.web.rules.blueprint import HOME, blueprint, ruling
from matcher.web.rules.forms import TextForm, ValuesForm, values_form
from matcher.web.rules.one import Document, Read, read
from matcher.web.rules.steps import back


@blueprint.route("/regels/<int:version_id>/waarden", methods=["GET", "POST"])
@ruling
@belongs_to(HOME)
def values(version_id: int) -> ResponseReturnValue:
    """The numbers that change most, each in its own box."""
    found = _to_write(version_id)
    if found.document is None:
        flash(_("Maak eerst de tekst goed; daarna staan hier de getallen."), "near")
        return back(version_id)
    usual = usual_values(found.document)
    labels = [words.part_words(one.entry, one.keys, found.document) for one in usual]
    form = values_form(usual, [label[:1].upper() + label[1:] for label in labels])
    if form.effective_on.data is None and not form.is_submitted():
        form.effective_on.data = found.record.effective_on
        form.source.data = found.document["sources"].get(decision_key(str(found.record.name)))
    if form.validate_on_submit() and _save_values(found, usual, form):
        return back(version_id)
    page = render_template(
        "rules/values.html",
        found=found,
        form=_with_version(form, found),
        rules=_by_rule(usual, form, found.document),
        words=words,
    )
    return page, 400 if form.errors else 200


def _save_values(found: Read, usual: list[UsualValue], form: ValuesForm) -> bool:
    changes = {one: form[one.name].data for one in usual}
    for one, value in changes.items():
        if value is None and one.value is not None:
            form[one.name].errors = [_("Vul een getal in, zoals 5 of 30.000")]
            return False
    day: date = form.effective_on.data or today()
    text = with_values(
        found.record.text,
        changes,
        source=str(form.source.data),
        version=str(found.record.name),
        on=day,
    )
    return _written(form, found, text, day)


def _by_rule(
    usual: list[UsualValue], form: ValuesForm, document: Document
) -> list[tuple[str, list[Any]]]:
    """The boxes of each rule, in the order of the form."""
    rules: dict[str, list[Any]] = {}
    for one in usual:
        name = words.whose(words.entry_words(one.entry), one.municipality, document)
        rules.setdefault(name, []).append((form[one.name], one.unit))
    return list(rules.items())


@blueprint.route("/regels/<int:version_id>/tekst", methods=["GET", "POST"])
@ruling
@belongs_to(HOME)
def text(version_id: int) -> ResponseReturnValue:
    """The whole text, typed or from a file."""
    found = _to_write(version_id)
    form = TextForm()
    if form.validate_on_submit():
        sent = _sent(form)
        if sent is None:
            form.file.errors = [_("Dit bestand is geen tekst. Kies een YAML-bestand in UTF-8.")]
        elif _written(form, found, sent, None):
            return back(version_id)
    elif not form.is_submitted():
        form.rules_text.data = found.record.text
    page = render_template(
        "rules/text.html", found=found, form=_with_version(form, found), words=words
    )
    return page, 400 if form.errors else 200


def _sent(form: TextForm) -> str | None:
    """What was sent: the file where there is one, else what was typed; None for no text at all."""
    if not form.file.data:
        return str(form.rules_text.data or "")
    try:
        found: str = form.file.data.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return found


def _written(form: Any, found: Read, text: str, effective_on: Any) -> bool:
    try:
        rule_steps.write(
            current_session(),
            the_viewer(),
            found.record.id,
            text,
            now=now(),
            effective_on=effective_on,
            expected_version=form.read_version or None,
        )
    except InvalidInput:
        form.form_errors.append(_("Deze tekst is te lang of bevat tekens die geen tekst zijn."))
        return False
    except Stale:
        form.form_errors.append(_("Er is iets gewijzigd. Lees het opnieuw en kies dan."))
        return False
    flash(_("Opgeslagen. Er verandert nog niets."))
    return True


def _to_write(version_id: int) -> Read:
    found = read(version_id)
    if not found.may_write:
        raise Conflict("this cannot be done with this version now")
    return found


def _with_version(form: Any, found: Read) -> Any:
    if not form.is_submitted():
        form.version.data = str(found.record.version)
    return form


@blueprint.get("/regels/<int:version_id>/bestand")
@ruling
@belongs_to(HOME)
def file(version_id: int) -> ResponseReturnValue:
    """The text as a file, for the command line or another region."""
    record = rule_steps.get_version(current_session(), the_viewer(), version_id)
    name = f"{record.region}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(record.text, mimetype="application/yaml", headers=headers)
