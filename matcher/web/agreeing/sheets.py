"""*Onze afspraken* about a start: the sheet for who guides somebody, and the employer's side."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from matcher.domain.agreements import Commitments, Side
from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.repositories.agreements import About
from matcher.services import agreements
from matcher.services.agreements import HEAD, Sheet
from matcher.web.agreeing.blueprint import blueprint, employing, placing
from matcher.web.agreement_words import (
    SideForm,
    about_words,
    commitment_lines,
    sheet_words,
    side_choices,
    side_names,
    side_titles,
)
from matcher.web.forms import BoxesField, DayField, MatcherForm, PhoneField, TextField, longest
from matcher.web.free_text import FreeTextField
from matcher.web.navigation import belongs_to
from matcher.web.text_rules import no_bsn

_TEXT = [longest(200)]


class SheetForm(MatcherForm):
    """The whole sheet: the next step, and what each side does. An empty side is no block."""

    next_step = FreeTextField(_l("Volgende stap"), [longest(160)])
    next_on = DayField(_l("Wanneer"))
    with_whom = TextField(_l("Met wie"), [longest(120), no_bsn])
    phone = PhoneField(_l("Telefoon"))
    candidate_codes = BoxesField(_l("Wat de kandidaat doet"), validate_choice=False)
    candidate_text = FreeTextField(_l("Nog iets van de kandidaat"), _TEXT)
    employer_codes = BoxesField(_l("Wat het bedrijf doet"), validate_choice=False)
    employer_text = FreeTextField(_l("Nog iets van het bedrijf"), _TEXT)
    municipality_codes = BoxesField(_l("Wat de gemeente doet"), validate_choice=False)
    municipality_text = FreeTextField(_l("Nog iets van de gemeente"), _TEXT)
    fund_pays = BooleanField(_l("Een fonds doet mee"))
    fund_codes = BoxesField(_l("Wat het fonds doet"), validate_choice=False)
    fund_text = FreeTextField(_l("Nog iets van het fonds"), _TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side in Side:
            self[f"{side.value}_codes"].choices = side_choices(side)

    def sides(self) -> dict[Side, Commitments]:
        """What was filled in, by side."""
        return {
            side: Commitments(
                tuple(self[f"{side.value}_codes"].data or ()), self[f"{side.value}_text"].data
            )
            for side in Side
        }


def _begun(sheet: Sheet) -> dict[str, Any]:
    found: dict[str, Any] = {name: sheet.head.get(name) for name in HEAD}
    if found["next_on"]:
        found["next_on"] = date.fromisoformat(found["next_on"])
    for side, said in sheet.sides.items():
        found[f"{side.value}_codes"] = list(said.codes)
        found[f"{side.value}_text"] = said.text
    return {**found, "fund_pays": sheet.fund_pays, "version": sheet.version}


@blueprint.get("/kennismakingen/<int:introduction_id>/onze-afspraken")
@blueprint.get("/werk/<int:placement_id>/onze-afspraken")
@placing
@belongs_to("coach.candidates")
def sheet(introduction_id: int | None = None, placement_id: int | None = None) -> Any:
    """The sheet as it comes out of the printer, and as text to copy."""
    about = About(introduction_id, placement_id)
    found = agreements.sheet_of(current_session(), the_viewer(), about)
    return render_template(
        "agreeing/sheet.html",
        sheet=sheet_words(found),
        empty=[side_names()[side] for side in found.empty],
        can_write=bool(found.writes),
        edit_url=url_for("agreeing.edit_sheet", **_numbers(about)),
        back=_back(found),
    )


@blueprint.route(
    "/kennismakingen/<int:introduction_id>/onze-afspraken/wijzigen", methods=["GET", "POST"]
)
@blueprint.route("/werk/<int:placement_id>/onze-afspraken/wijzigen", methods=["GET", "POST"])
@placing
@belongs_to("coach.candidates")
def edit_sheet(introduction_id: int | None = None, placement_id: int | None = None) -> Any:
    """Who guides somebody fills in the sheet with them."""
    about = About(introduction_id, placement_id)
    session, viewer = current_session(), the_viewer()
    found = agreements.sheet_of(session, viewer, about)
    form = SheetForm(data=_begun(found))
    if form.validate_on_submit():
        try:
            agreements.write_all(
                session,
                viewer,
                about,
                {name: form[name].data for name in HEAD},
                form.sides(),
                fund_pays=bool(form.fund_pays.data),
                expected_version=form.read_version,
                now=now(),
            )
        except InvalidInput as error:
            _say(form, error)
        except Stale:
            form.form_errors = [
                _("Iemand anders wijzigde dit net. Kijk nog eens en sla opnieuw op.")
            ]
        except Conflict:
            flash(_("Dit is voorbij. Wat er staat, blijft staan."), "near")
            return redirect(url_for("agreeing.sheet", **_numbers(about)), 303)
        else:
            return redirect(url_for("agreeing.sheet", **_numbers(about)), 303)
    page = render_template(
        "agreeing/sheet_form.html",
        form=form,
        name=found.first_name or found.reference,
        about=about_words(found),
        sides=list(Side),
        back=(url_for("agreeing.sheet", **_numbers(about)), _("Onze afspraken")),
    )
    return page, 400 if form.errors else 200


def _numbers(about: About) -> dict[str, Any]:
    if about.placement_id is not None:
        return {"placement_id": about.placement_id}
    return {"introduction_id": about.introduction_id or 0}


def _back(found: Sheet) -> tuple[str, str]:
    name = found.first_name or found.reference
    return url_for("follow_up.person", candidate_id=found.candidate_id), name


def _say(form: MatcherForm, error: InvalidInput) -> None:
    for problem in error.problems:
        if problem.where.endswith("codes") and problem.where in form:
            form[problem.where].errors = [_("Kies er ten hoogste drie.")]
        else:
            form.add_problems([problem])


# --- the employer ---------------------------------------------------------------------------------


@blueprint.route("/kennismaken/<int:introduction_id>/onze-afspraken", methods=["GET", "POST"])
@blueprint.route("/aan-het-werk/<int:placement_id>/onze-afspraken", methods=["GET", "POST"])
@employing
@belongs_to("follow_up.at_work")
def firm_sheet(introduction_id: int | None = None, placement_id: int | None = None) -> Any:
    """The employer's own side, and of the others what an employer may read."""
    about = About(introduction_id, placement_id)
    session, viewer = current_session(), the_viewer()
    found = agreements.sheet_of(session, viewer, about)
    own = found.sides.get(Side.EMPLOYER, Commitments())
    form = SideForm(data={"codes": list(own.codes), "text": own.text})
    form.codes.choices = side_choices(Side.EMPLOYER)
    if form.validate_on_submit():
        done = write_own(form, about, Side.EMPLOYER)
        if done:
            address = url_for("agreeing.firm_sheet", **_numbers(about))
            return redirect(address, 303)
    titles = side_titles()
    others = [
        (titles[side] if side is not Side.CANDIDATE else _("Wat de kandidaat doet"), lines)
        for side in found.asked
        if side is not Side.EMPLOYER
        for lines in (commitment_lines(found.sides[side]),)
    ]
    if about.placement_id is None:
        back = url_for("introductions.meeting", introduction_id=introduction_id)
    else:
        back = url_for("follow_up.at_work")
    page = render_template(
        "agreeing/firm_sheet.html",
        form=form,
        name=found.first_name or _("deze persoon"),
        about_place=found.title,
        own=commitment_lines(own),
        others=others,
        can_write=Side.EMPLOYER in found.writes,
        back=(back, _("Terug")),
    )
    return page, 400 if form.errors else 200


def write_own(form: SideForm, about: About, side: Side) -> bool:
    """Keeps one's own side; False with what is wrong at its field."""
    try:
        agreements.write_side(
            current_session(),
            the_viewer(),
            about,
            side,
            form.codes.data or (),
            form.text.data,
            now=now(),
        )
    except InvalidInput as error:
        _say(form, error)
        return False
    except Conflict:
        flash(_("Dit is voorbij. Wat er staat, blijft staan."), "near")
        return True
    flash(_("Opgeslagen."))
    return True
