"""Money for seats: what there is, what is set apart, and what goes from one sector to another."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.models.seat import CENTS_MAXIMUM
from matcher.repositories.funding import FundingRecord
from matcher.services import funding as service
from matcher.web.codes import codes_of, label_of
from matcher.web.forms import DayField, MatcherForm, Required, TextField, WholeNumberField, longest
from matcher.web.navigation import belongs_to
from matcher.web.programmes.blueprint import OVERVIEW, area_tabs, blueprint, planning
from matcher.web.seat_words import euros


class BudgetForm(MatcherForm):
    """How much there is, and until when."""

    budget_euros = WholeNumberField(
        _l("Hoeveel geld is er, in euro's?"),
        [Required(_l("Vul in hoeveel geld er is"))],
        minimum=0,
        maximum=CENTS_MAXIMUM // 100,
    )
    until = DayField(
        _l("Tot en met welke startdag?"), description=_l("Leeg: er is geen einddatum.")
    )


class FundingForm(BudgetForm):
    """A new budget."""

    name = TextField(_l("Hoe heet dit budget?"), [Required(_l("Vul een naam in")), longest(120)])
    source = SelectField(_l("Wie betaalt?"))
    from_sector = SelectField(_l("Uit welke sector komt het geld?"))
    to_sector = SelectField(_l("Voor werk in welke sector?"))


@blueprint.get("/geld-voor-plekken")
@planning
@belongs_to(OVERVIEW)
def funding() -> Any:
    """Every budget with what is left, and the euros that cross from sector to sector."""
    records = service.list_funding(current_session(), the_viewer())
    flows = service.flows(records)
    return render_template(
        "programmes/funding.html",
        tabs=area_tabs("funding"),
        headline=_headline(records),
        records=records,
        flows=flows,
        crossed=euros(sum(flow.spent_cents for flow in flows)),
        euros=euros,
        sector=lambda code: label_of("sectors", code) if code else _("elke sector"),
        source=lambda code: label_of("funding", code),
        percent=lambda one: (
            round(100 * one.spent_cents / one.budget_cents) if one.budget_cents else 0
        ),
    )


def _headline(records: list[FundingRecord]) -> str:
    if not records:
        return _("Er is nog geen budget ingevuld.")
    left = sum(record.left_cents for record in records)
    total = sum(record.budget_cents for record in records)
    return _("Er is nog %(left)s van %(total)s.", left=euros(left), total=euros(total))


@blueprint.route("/geld-voor-plekken/nieuw", methods=["GET", "POST"])
@planning
@once_only
@belongs_to(OVERVIEW)
def add_funding() -> Any:
    """Adds a budget."""
    form = FundingForm()
    language = current_language()
    form.source.choices = [(code.code, code.label(language)) for code in codes_of("funding")]
    sectors = [
        (code.code, code.label(language)) for code in codes_of("sectors") if len(code.code) > 1
    ]
    form.from_sector.choices = [("", _("Geen: een overheid betaalt")), *sectors]
    form.to_sector.choices = [("", _("Elke sector")), *sectors]
    if form.validate_on_submit():
        try:
            service.add_funding(
                current_session(),
                the_viewer(),
                name=form.name.data,
                source=form.source.data,
                from_sector=form.from_sector.data or None,
                to_sector=form.to_sector.data or None,
                budget_cents=100 * (form.budget_euros.data or 0),
                until=form.until.data,
                now=now(),
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        except Conflict:
            form.name.errors = [_("Er is al een budget met deze naam. Kies een andere naam.")]
        else:
            flash(_("Opgeslagen."))
            return redirect(url_for("programmes.funding"), 303)
    page = render_template("programmes/funding_form.html", form=form, record=None)
    return page, 400 if form.errors else 200


@blueprint.route("/geld-voor-plekken/<int:line_id>", methods=["GET", "POST"])
@planning
@belongs_to(OVERVIEW)
def change_funding(line_id: int) -> Any:
    """Changes how much there is; never less than is set apart."""
    session, viewer = current_session(), the_viewer()
    record = service.get_funding(session, viewer, line_id)
    kept = {
        "version": record.version,
        "budget_euros": record.budget_cents // 100,
        "until": record.until,
    }
    form = BudgetForm(data=kept)
    if form.validate_on_submit():
        try:
            service.change_budget(
                session,
                viewer,
                line_id,
                budget_cents=100 * (form.budget_euros.data or 0),
                until=form.until.data,
                expected_version=form.read_version,
                now=now(),
            )
        except Conflict:
            spent = euros(record.spent_cents)
            form.budget_euros.errors = [
                _("Er is al %(spent)s vastgelegd. Minder kan niet.", spent=spent)
            ]
        else:
            flash(_("Opgeslagen."))
            return redirect(url_for("programmes.funding"), 303)
    page = render_template("programmes/funding_form.html", form=form, record=record)
    return page, 400 if form.errors else 200
