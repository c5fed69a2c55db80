"""Learned predictions in words: their state, what is wrong, what they say and how well they did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_date, format_datetime, format_decimal

from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import ArtefactState, ArtefactStep, ChangeState
from matcher.scoring.refusals import ArtefactRefused
from matcher.services.artefacts import REFUSED, RULES, SERVES, TRIPPED, Standing
from matcher.services.own_outcomes import months_of_outcome
from matcher.services.predicting import FAULT, GAVE_UP, NOT_FINITE, SLOW
from matcher.web.codes import label_of

_WHOLE = 10_000


def state_words(state: ArtefactState) -> tuple[str, str]:
    """The meaning of a state and its word, as a chip shows it."""
    return {
        ArtefactState.REGISTERED: ("ask", _("binnen, doet niets")),
        ArtefactState.SHADOW: ("ask", _("rekent mee, niemand ziet het")),
        ArtefactState.PROMOTED: ("ok", _("staat naast het advies")),
        ArtefactState.RETIRED: ("plain", _("gestopt")),
    }[state]


def tripped_words(code: str) -> str:
    """Why a breaker tripped."""
    known = {
        GAVE_UP: _("een voorspelling duurde te lang en is afgebroken"),
        SLOW: _("voorspellingen waren een paar keer achter elkaar traag"),
        NOT_FINITE: _("er kwam iets uit dat geen getal is"),
        FAULT: _("een voorspelling liep stuk"),
    }
    return known[code]


def refusal_words(refusal: ArtefactRefused) -> str:
    """The sentence of its own of whatever is wrong with a file, as a sentence."""
    text = refusal.sentence(current_language())
    return f"{text[:1].upper()}{text[1:]}."


def standing_words(standing: Standing) -> str:
    """What the advice rests on now, in one sentence; the heading of the page."""
    if standing.state == SERVES:
        return _("Naast het advies staat een geleerde voorspelling.")
    if standing.state == RULES:
        return _("Het advies komt van de regels alleen.")
    return _("De voorspelling staat nu opzij. De regels gaan door.")


def trouble_words(standing: Standing) -> str | None:
    """Why an artefact that was promoted does not serve now; None when nothing is wrong."""
    if standing.state == REFUSED and standing.refusal is not None:
        return refusal_words(standing.refusal)
    if standing.state == TRIPPED and standing.code is not None:
        return _("De zekering sloeg door: %(why)s.", why=tripped_words(standing.code))
    return None


def outcome_words(outcome: Mapping[str, Any]) -> str:
    """What is predicted."""
    months = months_of_outcome(outcome.get("name"))
    if months is None:
        return str(outcome.get("name", ""))
    return ngettext(
        "aan het werk, %(num)s maand na de start",
        "aan het werk, %(num)s maanden na de start",
        months,
    )


def step_words(step: ArtefactStep) -> str:
    """What somebody did."""
    return {
        ArtefactStep.SHADOW: _("liet meerekenen"),
        ArtefactStep.PROMOTE: _("vroeg om naast het advies te zetten"),
        ArtefactStep.ROLL_BACK: _("zette terug"),
        ArtefactStep.TRY_AGAIN: _("zette de zekering weer om"),
        ArtefactStep.RETIRE: _("liet stoppen"),
    }[step]


def decision_words(state: ChangeState) -> str:
    """What came of something that was asked for."""
    return {
        ChangeState.ASKED: _("wacht op een tweede mens"),
        ChangeState.CONFIRMED: _("bevestigd"),
        ChangeState.REFUSED: _("geweigerd"),
        ChangeState.WITHDRAWN: _("ingetrokken"),
    }[state]


def feature_words(name: str) -> str:
    """A feature as people call it, where the codes have a word for it."""
    for codes in ("dimensions", "loads", "credentials", "levels"):
        label = label_of(codes, name.removeprefix("has_"))
        if label and label != name.removeprefix("has_"):
            return label
    return _features().get(name, name)


def _features() -> dict[str, str]:
    return {
        "hours_max": _("uren per week"),
        "hours_min": _("minste uren per week"),
        "travel_max_minutes": _("reistijd"),
        "language_speak": _("spreken"),
        "language_read": _("lezen"),
        "guidance_need": _("begeleiding"),
        "education": _("opleiding"),
        "digital": _("computer"),
        "licence_b": _("rijbewijs B"),
        "sector": _("soort werk"),
    }


def share(value: float | int | None) -> str:
    """A share between nought and one as whole percents."""
    return "–" if value is None else f"{round(100 * value)} %"


def hundredths(value: float | None) -> str:
    """A figure with two decimals, with the comma or point of the language."""
    if value is None:
        return "–"
    text = f"{value:.2f}"
    return text.replace(".", ",") if current_language() == "nl" else text


def index_words(index: int | None) -> str:
    """A stability index with two decimals."""
    return "–" if index is None else hundredths(index / _WHOLE)


def thousands(count: int) -> str:
    """A large number as the language writes it."""
    return str(format_decimal(count))


def with_interval(told: Mapping[str, float] | None) -> str:
    """A figure with its interval."""
    if told is None:
        return "–"
    value, low, high = (hundredths(told[key]) for key in ("value", "low", "high"))
    return _("%(value)s (%(low)s tot %(high)s)", value=value, low=low, high=high)


def moment(at: Any) -> str:
    """A moment as people write it."""
    return str(format_datetime(at, "d MMMM y HH:mm"))


def month(day: Any) -> str:
    """A month as people write it."""
    return str(format_date(day, "MMMM y"))


def short_month(day: Any) -> str:
    """A month under a picture."""
    return str(format_date(day, "MMM"))
