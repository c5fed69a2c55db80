"""One artefact: what it says of whom, how well it did, whether it holds, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.domain.access import Viewer
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.models.states import ArtefactState, ChangeState
from matcher.reference.artefact_terms import load_artefact_terms
from matcher.repositories.artefacts import ArtefactRecord, MonthRecord, StepRecord
from matcher.services import artefacts
from matcher.services.artefact_watch import CALIBRATION, SHIFT, Alert, alerts_of
from matcher.services.artefacts import STEPPERS
from matcher.services.visibility import Kind, show
from matcher.web.artefacts import plots, words
from matcher.web.artefacts.blueprint import HOME, blueprint, watching
from matcher.web.artefacts.forms import StepForm
from matcher.web.navigation import belongs_to


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that can be taken now: its address word, its button, and what it does."""

    step: str
    button: str
    about: str


@blueprint.get("/voorspellingen/<int:artefact_id>")
@watching
@belongs_to(HOME)
def artefact(artefact_id: int) -> ResponseReturnValue:
    """One artefact in words and pictures."""
    return render_artefact(artefact_id)


def render_artefact(artefact_id: int, form: StepForm | None = None) -> str:
    """The page of one artefact; `form` is one that was sent and could not be used."""
    session, viewer = current_session(), the_viewer()
    record = artefacts.get_artefact(session, viewer, artefact_id)
    told: dict[str, Any] = show(
        Kind.ARTEFACT, artefacts.told(session, viewer, record), viewer.rights
    )
    refusal = artefacts.why_not_used(session, viewer, artefact_id)
    steps = artefacts.steps_of(session, viewer, artefact_id)
    months = artefacts.months_of(session, viewer, artefact_id)
    terms = load_artefact_terms(today())
    return render_template(
        "artefacts/artefact.html",
        record=record,
        told=told,
        outcome=words.outcome_words(told["outcome"] or {}),
        refusal=None if refusal is None else words.refusal_words(refusal),
        metrics=_metrics(told["metrics"] or {}),
        features=[_feature(one) for one in told["features"] or ()],
        steps=steps,
        waiting=_waiting(steps),
        may_confirm=_may_confirm(viewer, _waiting(steps)),
        offers=_offers(record, viewer, steps),
        form=form or StepForm(formdata=None),
        drift=plots.drift_plot(months, terms),
        held=plots.held_plot(months, terms),
        features_now=_features_now(months, terms),
        alerts=[_alert(one) for one in alerts_of(months, terms)],
        months=months,
        terms=terms,
        words=words,
    )


def _metrics(metrics: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Figures with their interval and what they mean, in plain words."""
    known = (
        ("auc", _("Onderscheid"), _("0,50 is gokken; boven 0,85 klopt iets niet")),
        ("brier", _("Afstand (Brier)"), _("hoe ver de kans van de uitkomst ligt; lager is beter")),
        ("ece", _("Scheefheid"), _("hoeveel een kans ernaast ligt; nul is recht")),
        ("slope", _("Helling"), _("1,00 is precies zeker genoeg; lager is te zeker")),
    )  # fmt: skip
    return [
        (name, words.with_interval(metrics[key]), about)
        for key, name, about in known
        if key in metrics
    ]


def _feature(entry: dict[str, Any]) -> str:
    return words.feature_words(str(entry["name"]))


def _waiting(steps: list[StepRecord]) -> StepRecord | None:
    return next((step for step in steps if step.state is ChangeState.ASKED), None)


def _may_confirm(viewer: Viewer, waiting: StepRecord | None) -> bool:
    return waiting is not None and viewer.has(*STEPPERS) and waiting.asked_by != viewer.account_id


def _offers(record: ArtefactRecord, viewer: Viewer, steps: list[StepRecord]) -> list[Offer]:
    found = []
    may_step = viewer.has(*STEPPERS)
    if record.tripped_code is not None:
        about = _(
            "Daarna rekent hij weer mee. Gebeurt het opnieuw, dan slaat de zekering weer door."
        )
        found.append(Offer("opnieuw", _("Zet de zekering om"), about))
    if record.state is ArtefactState.PROMOTED:
        about = _("Het geldt meteen. Wat er eerder stond, komt terug als het bestand heel is.")
        found.append(Offer("terug", _("Zet terug"), about))
        about = _("Het geldt meteen. Er staat dan geen voorspelling meer naast het advies.")
        found.append(Offer("regels", _("Alleen de regels"), about))
    if record.state is ArtefactState.SHADOW:
        if may_step and _waiting(steps) is None:
            about = _("Iemand anders bevestigt. Tot dan verandert er niets.")
            found.append(Offer("vragen", _("Vraag om naast het advies te zetten"), about))
        found.append(Offer("stoppen", _("Laat stoppen"), _("Hij rekent dan niet meer mee.")))
    elif may_step and record.state is not ArtefactState.PROMOTED:
        about = _("Hij rekent bij elk advies mee. Niemand ziet wat eruit komt.")
        found.append(Offer("meerekenen", _("Laat meerekenen"), about))
    return found


@dataclass(frozen=True, slots=True)
class FeatureNow:
    """How far one feature moved in the last month that could be judged."""

    label: str
    index: str
    kind: str
    percent: float


def _features_now(months: list[MonthRecord], terms: Any) -> tuple[str, list[FeatureNow]] | None:
    judged = [one for one in months if plots.most_moved(one.drift) is not None]
    if not judged:
        return None
    last = judged[-1]
    known = sorted(
        ((index, name) for name, index in last.drift.items() if index is not None), reverse=True
    )
    top = 2 * terms.shift
    return words.month(last.month), [
        FeatureNow(
            label=words.feature_words(name),
            index=words.index_words(index),
            kind=plots.meaning_of(index, terms),
            percent=round(100 * min(index / top, 1), 2),
        )
        for index, name in known
    ]


def _alert(alert: Alert) -> tuple[str, str]:
    """The meaning of something to look at, and its sentence."""
    month = words.month(alert.month)
    if alert.kind == CALIBRATION:
        return "no", _(
            "%(month)s: wat er gebeurde, past niet bij wat er voorspeld was.", month=month
        )
    what = words.feature_words(str(alert.feature))
    index = words.index_words(alert.value)
    if alert.kind == SHIFT:
        return "no", _(
            "%(month)s: mensen zijn anders dan toen er geleerd werd: %(what)s (%(index)s).",
            month=month, what=what, index=index,
        )  # fmt: skip
    return "near", _(
        "%(month)s: kijk naar %(what)s (%(index)s).", month=month, what=what, index=index
    )
