"""The first page: which version holds since when, who decided, and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.errors import Conflict
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.models.states import RuleState
from matcher.repositories.rule_versions import RuleRecord
from matcher.services import rule_steps, rule_versions
from matcher.services.rule_versions import FILE, Span
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.rules import words
from matcher.web.rules.blueprint import HOME, blueprint, ruling


@dataclass(frozen=True, slots=True)
class Line:
    """One version that held, holds or will hold."""

    span: Span
    record: RuleRecord | None
    """None for the file."""


@blueprint.get("/regels")
@ruling
@belongs_to(HOME)
def overview() -> ResponseReturnValue:
    """Every version of the region, the newest first, and drafts above them."""
    session, viewer, on = current_session(), the_viewer(), today()
    region = str(viewer.region)
    records = {one.id: one for one in rule_steps.list_versions(session, viewer)}
    spans = rule_versions.spans(session, region, on)
    open_ones = [
        one
        for one in records.values()
        if one.state not in (RuleState.APPROVED, RuleState.WITHDRAWN)
    ]
    return render_template(
        "rules/overview.html",
        headline=_headline(spans),
        region=label_of("regions", region),
        lines=[Line(span, records.get(span.number)) for span in reversed(spans)],
        open_ones=open_ones,
        withdrawn=[one for one in records.values() if one.state is RuleState.WITHDRAWN],
        in_force=next((span.number for span in spans if span.in_force), FILE),
        today=on,
        form=MatcherForm(formdata=None),
        words=words,
    )


def _headline(spans: list[Span]) -> str:
    now_on = next((span for span in spans if span.in_force), None)
    if now_on is None:
        return _("Deze regio heeft nog geen eigen regels.")
    return _(
        "Versie %(version)s geldt sinds %(day)s.", version=now_on.version, day=_full(now_on.since)
    )


def _full(value: date) -> str:
    return day(value)


@blueprint.post("/regels")
@ruling
@once_only
@belongs_to(HOME)
def begin() -> ResponseReturnValue:
    """Begins a draft from the version that was approved last."""
    form = MatcherForm()
    if form.validate():
        try:
            found = rule_steps.begin(current_session(), the_viewer(), now=now())
        except Conflict:
            flash(
                _("Deze regio heeft nog geen bestand met regels. De beheerder zet het klaar."),
                "near",
            )
        else:
            flash(_("Het concept is begonnen. Er verandert nog niets."))
            return redirect(url_for("rules.version", version_id=found.id), 303)
    return redirect(url_for(HOME), 303)
