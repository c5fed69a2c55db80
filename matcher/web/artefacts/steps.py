"""What people do with an artefact: let it reckon along, ask, confirm or refuse, take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.errors import Conflict, Forbidden, InvalidInput
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.scoring.refusals import ArtefactRefused
from matcher.services import artefact_steps
from matcher.web.artefacts import words
from matcher.web.artefacts.blueprint import HOME, blueprint, stepping, watching
from matcher.web.artefacts.forms import StepForm
from matcher.web.artefacts.one import render_artefact
from matcher.web.forms import MatcherForm
from matcher.web.navigation import belongs_to


def _rules_alone(*given: Any, **named: Any) -> object:
    return artefact_steps.roll_back(*given, **named, to_rules=True)


STEPS: dict[str, Callable[..., object]] = {
    "meerekenen": artefact_steps.begin_shadow,
    "vragen": artefact_steps.ask_promotion,
    "terug": artefact_steps.roll_back,
    "regels": _rules_alone,
    "opnieuw": artefact_steps.try_again,
    "stoppen": artefact_steps.retire,
}
"""Steps by the word in their address."""


@blueprint.post(
    "/voorspellingen/<int:artefact_id>/"
    "<any(meerekenen, vragen, terug, regels, opnieuw, stoppen):step>"
)
@watching
@once_only
@belongs_to(HOME)
def take(artefact_id: int, step: str) -> ResponseReturnValue:
    """Takes a step, or says in words why it cannot be taken now."""
    form = StepForm()
    if form.validate():
        try:
            STEPS[step](current_session(), the_viewer(), artefact_id, form.why.data, now=now())
        except InvalidInput as error:
            form.add_problems(error.problems)
        except ArtefactRefused as refusal:
            flash(words.refusal_words(refusal), "near")
            return _back(artefact_id)
        except Conflict:
            flash(_("Dat kan nu niet: iemand was u voor, of de stand is anders."), "near")
            return _back(artefact_id)
        else:
            flash(done_words(step))
            return _back(artefact_id)
    return render_artefact(artefact_id, form), 400


@blueprint.post(
    "/voorspellingen/<int:artefact_id>/voorstel/<int:promotion_id>/"
    "<any(bevestigen, weigeren):answer>"
)
@stepping
@belongs_to(HOME)
def decide(artefact_id: int, promotion_id: int, answer: str) -> ResponseReturnValue:
    """Confirms or refuses what somebody else asked for."""
    form = MatcherForm()
    is_yes = answer == "bevestigen"
    work = artefact_steps.confirm_promotion if is_yes else artefact_steps.refuse_promotion
    version = form.read_version or None
    try:
        work(
            current_session(),
            the_viewer(),
            artefact_id,
            promotion_id,
            now=now(),
            expected_version=version,
        )
    except ArtefactRefused as refusal:
        flash(words.refusal_words(refusal), "near")
    except Forbidden:
        flash(_("Wie het vroeg, bevestigt niet. Dat doet iemand anders."), "near")
    except Conflict:
        flash(_("Dit is al beslist. Er is niets veranderd."), "near")
    else:
        flash(_("Bevestigd. Het geldt vanaf nu.") if is_yes else _("Er is niets veranderd."))
    return _back(artefact_id)


def done_words(step: str) -> str:
    """What is so after a step."""
    return {
        "meerekenen": _("Hij rekent vanaf nu mee. Niemand ziet wat eruit komt."),
        "vragen": _("Gevraagd. Iemand anders moet het bevestigen."),
        "terug": _("Teruggezet. Het geldt vanaf nu."),
        "regels": _("Teruggezet. Vanaf nu spreken de regels alleen."),
        "opnieuw": _("De zekering is weer om."),
        "stoppen": _("Gestopt. Hij rekent niet meer mee."),
    }[step]


def _back(artefact_id: int) -> ResponseReturnValue:
    return redirect(url_for("artefacts.artefact", artefact_id=artefact_id), 303)
