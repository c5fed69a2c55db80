"""What officers do on the page of a version: advice, offer, decision, end."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Stale
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.services import rule_steps
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to
from matcher.web.rules.blueprint import HOME, blueprint, ruling
from matcher.web.rules.forms import CouncilForm, OfferForm, WhyForm
from matcher.web.rules.one import render_version


@blueprint.get("/regels/<int:version_id>")
@ruling
@belongs_to(HOME)
def version(version_id: int) -> ResponseReturnValue:
    """One version, from its difference to who decided."""
    return render_version(version_id)


@blueprint.post("/regels/<int:version_id>/raad")
@ruling
@belongs_to(HOME)
def advise(version_id: int) -> ResponseReturnValue:
    """Records what the client council advised, or why it was not asked."""
    form = CouncilForm()
    if form.validate():
        values = {
            name: form[name].data
            for name in ("council_advice", "council_on", "council_done", "not_asked_why")
        }
        done = _tried(
            form,
            lambda: rule_steps.advise(
                current_session(), the_viewer(), version_id, values, now=now()
            ),
            _("Vastgelegd."),
        )
        if done:
            return back(version_id)
    return render_version(version_id, council=form), 400


@blueprint.post("/regels/<int:version_id>/aanbieden")
@ruling
@belongs_to(HOME)
def offer(version_id: int) -> ResponseReturnValue:
    """Asks a colleague to approve it from a day."""
    form = OfferForm()
    if form.validate():
        done = _tried(
            form,
            lambda: rule_steps.offer(
                current_session(), the_viewer(), version_id, form.effective_on.data, now=now()
            ),
            _("Aangeboden. Een collega keurt het goed of geeft het terug."),
        )
        if done:
            return back(version_id)
    return render_version(version_id, offer=form), 400


@blueprint.post("/regels/<int:version_id>/goedkeuren")
@ruling
@belongs_to(HOME)
def approve(version_id: int) -> ResponseReturnValue:
    """The second person's yes, on the version that was read."""
    form = MatcherForm()
    _tried(
        form,
        lambda: rule_steps.approve(
            current_session(),
            the_viewer(),
            version_id,
            now=now(),
            expected_version=form.read_version or None,
        ),
        _("Goedgekeurd. Tot de eerste dag verandert er niets."),
    )
    for message in form.form_errors:
        flash(message, "near")
    return back(version_id)


@blueprint.post("/regels/<int:version_id>/<any(teruggeven, intrekken):step>")
@ruling
@belongs_to(HOME)
def end(version_id: int, step: str) -> ResponseReturnValue:
    """Gives a version back, or ends it, with the reason."""
    form = WhyForm()
    goes_back = step == "teruggeven"
    work = rule_steps.send_back if goes_back else rule_steps.withdraw
    if form.validate():
        done = _tried(
            form,
            lambda: work(current_session(), the_viewer(), version_id, form.why.data, now=now()),
            _("Teruggegeven.") if goes_back else _("Ingetrokken. Er verandert niets."),
        )
        if done:
            return back(version_id)
    return render_version(version_id, why=form), 400


@blueprint.post("/regels/<int:version_id>/bijwerken")
@ruling
@belongs_to(HOME)
def catch_up(version_id: int) -> ResponseReturnValue:
    """Sets the draft beside the version that was approved last."""
    form = MatcherForm()
    _tried(
        form,
        lambda: rule_steps.catch_up(current_session(), the_viewer(), version_id, now=now()),
        _("Bijgewerkt. Kijk na wat er verschilt."),
    )
    for message in form.form_errors:
        flash(message, "near")
    return back(version_id)


def _tried(form: MatcherForm, work: Callable[[], object], done: str) -> bool:
    """Does a step; what stands in its way goes to the form, in words."""
    try:
        work()
    except InvalidInput as error:
        form.add_problems(error.problems)
        names = {field.name for field in form}
        if any(problem.where not in names for problem in error.problems):
            form.form_errors[:] = [_("De tekst klopt nog niet. Kijk naar de punten hieronder.")]
        for name in ("effective_on", "council_on", "council_advice", "council_done"):
            if name in names and form[name].errors:
                form[name].errors = [_words_of(name)]
        if "not_asked_why" in names and form["not_asked_why"].errors:
            form["not_asked_why"].errors = [_words_of("not_asked_why")]
        return False
    except Stale:
        form.form_errors.append(_("Er is iets gewijzigd. Lees het opnieuw en kies dan."))
        return False
    except Forbidden:
        form.form_errors.append(_("Dit doet iemand anders: wie het schreef, keurt het niet goed."))
        return False
    except Conflict:
        form.form_errors.append(
            _("Dat kan nu niet: iemand was u voor, of er is een nieuwere versie.")
        )
        return False
    flash(done)
    return True


def _words_of(name: str) -> str:
    return {
        "effective_on": _("Kies een dag na vandaag, en na de versie ervoor"),
        "council_on": _("Vul de dag van het advies in; die is geweest"),
        "council_advice": _("Schrijf het advies op, of waarom de raad niet is gevraagd"),
        "council_done": _("Schrijf op wat er met het advies is gedaan"),
        "not_asked_why": _("Laat dit leeg als de raad is gevraagd"),
    }[name]


def back(version_id: int) -> ResponseReturnValue:
    """To the page of the version."""
    return redirect(url_for("rules.version", version_id=version_id), 303)
