"""Proof of effort: what a firm did for its contract, from the log, on a page and on paper."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for

from matcher.files.paper import Grid, Paper, Section, write_paper
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import CallOutcome
from matcher.repositories.settlement_efforts import Effort
from matcher.services.settlements import EffortProof, proof_of
from matcher.web.codes import label_of
from matcher.web.navigation import belongs_to
from matcher.web.social_return.blueprint import (
    OVERVIEW,
    OWN,
    blueprint,
    of_the_firm,
    ruling,
)


@blueprint.get("/opdrachten/<int:contract_id>/inspanning")
@of_the_firm
@belongs_to(OWN)
def own_effort(contract_id: int) -> Any:
    """What the firm itself did for its contract."""
    return _page(contract_id, "social_return.own_contract", "social_return.own_effort_on_paper")


@blueprint.get("/opdrachten/<int:contract_id>/inspanning.pdf")
@of_the_firm
def own_effort_on_paper(contract_id: int) -> Any:
    """The same as a PDF."""
    return _on_paper(contract_id)


@blueprint.get("/rekeningen/<int:contract_id>/inspanning")
@ruling
@belongs_to(OVERVIEW)
def effort(contract_id: int) -> Any:
    """What a firm did for its contract, for who decides about a shortfall."""
    return _page(contract_id, "social_return.account", "social_return.effort_on_paper")


@blueprint.get("/rekeningen/<int:contract_id>/inspanning.pdf")
@ruling
def effort_on_paper(contract_id: int) -> Any:
    """The same as a PDF."""
    return _on_paper(contract_id)


def _page(contract_id: int, back: str, pdf: str) -> Any:
    found = proof_of(current_session(), the_viewer(), contract_id, today())
    return render_template(
        "social_return/effort.html",
        paper=paper_of(found),
        back=url_for(back, contract_id=contract_id),
        pdf_url=url_for(pdf, contract_id=contract_id),
    )


def _on_paper(contract_id: int) -> Response:
    found = proof_of(current_session(), the_viewer(), contract_id, today())
    name = f"inspanning-{contract_id}-{today().isoformat()}.pdf"
    return Response(
        write_paper(paper_of(found)),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def paper_of(found: EffortProof) -> Paper:
    """What the proof says: one text for the page and for the PDF."""
    contract = found.view.record.contract
    return Paper(
        title=_("Wat %(firm)s deed", firm=contract.contractor),
        lead=(
            _(
                "Opdracht %(reference)s, %(first)s tot en met %(last)s.",
                reference=contract.reference,
                first=day(found.first),
                last=day(found.last),
            ),
            _headline(found),
        ),
        sections=tuple(section for section in (_days(found), _came(found), _counts(found))),
        foot=_(
            "Opgemaakt op %(day)s uit wat toen is vastgelegd. Namen van mensen staan er niet in.",
            day=day(today()),
        ),
        language=current_language(),
    )


def _headline(found: EffortProof) -> str:
    if not found.efforts:
        return _("In deze tijd is geen plek geopend en niet gebeld.")
    calls = sum(one.kind == "called" for one in found.efforts)
    places = ngettext("%(num)s plek geopend", "%(num)s plekken geopend", found.places)
    called = ngettext("%(num)s keer gebeld", "%(num)s keer gebeld", calls)
    return _("%(places)s, %(called)s.", places=places, called=called)


def effort_words(one: Effort) -> str:
    """One thing that was done."""
    if one.kind == "place":
        return ngettext("%(num)s plek geopend", "%(num)s plekken geopend", one.places or 0)
    if one.kind == "call":
        return _("gevraagd om te bellen")
    said = "" if one.outcome is None else outcome_words()[one.outcome]
    about = _("gebeld over een open plek") if one.about_place else _("gebeld")
    return f"{about}: {said}" if said else about


def outcome_words() -> dict[CallOutcome, str]:
    """What a call led to."""
    return {
        CallOutcome.VACANCY_FILED: _("plek besproken"),
        CallOutcome.CALL_AGAIN: _("later terugbellen"),
        CallOutcome.NO_ANSWER: _("nam niet op"),
        CallOutcome.NO_NEED: _("niet meer nodig"),
    }


def _days(found: EffortProof) -> Section:
    rows = tuple((effort_words(one), day(one.on)) for one in found.efforts)
    title = _("Wat er is gedaan")
    if not rows:
        return Section(title, (_("Er is niets vastgelegd."),))
    return Section(title, grid=Grid((_("Wat"), _("Dag")), rows))


def _came(found: EffortProof) -> Section:
    came = found.came
    rows = (
        (_("Mensen uitgenodigd"), str(came.invited)),
        (_("Kennisgemaakt"), str(came.met)),
        (_("Begonnen met werken"), str(came.started)),
    )
    return Section(
        _("Wat ervan kwam"),
        (_("Uitnodigingen die niet meer worden bewaard, staan hier niet bij."),),
        grid=Grid((_("Wat"), _("Aantal")), rows),
    )


def _counts(found: EffortProof) -> Section:
    shown = found.view.shown
    lines = () if shown is None else shown.lines
    rows = tuple((label_of("contribution_kinds", line.kind), str(line.count)) for line in lines)
    title = _("Wat er telt voor de opdracht")
    if not rows:
        return Section(title, (_("Er telt nog niets."),))
    return Section(title, grid=Grid((_("Soort"), _("Aantal")), rows))
