"""What people read about somebody at work: states, moments of contact, answers and tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for

from matcher.domain.follow_up import OutcomeSource
from matcher.domain.follow_up_tasks import TaskKind
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import PlacementState
from matcher.reference.follow_up import STATUSES, statuses_for
from matcher.repositories.placements import EventRecord, PlacementRecord
from matcher.services.follow_up import Task
from matcher.services.outcomes import Moment, MomentState
from matcher.services.placements import ENDINGS, RESULTS
from matcher.web.codes import label_of

MEANING = {
    PlacementState.TRIAL: "near",
    PlacementState.AGREED: "near",
    PlacementState.ACTIVE: "ok",
    PlacementState.ENDED: "plain",
}
MOMENT_MEANING = {
    MomentState.LATER: "plain",
    MomentState.OPEN: "ask",
    MomentState.DIFFERS: "near",
    MomentState.KNOWN: "ok",
    MomentState.UNKNOWN: "ask",
}


def state_words(state: PlacementState) -> str:
    """How far a placement is."""
    return {
        PlacementState.TRIAL: _("proefplaatsing"),
        PlacementState.AGREED: _("afgesproken"),
        PlacementState.ACTIVE: _("aan het werk"),
        PlacementState.ENDED: _("gestopt"),
    }[state]


def place_words(one: PlacementRecord) -> str:
    """Where somebody works, as far as it is known."""
    sector = label_of("sectors", one.sector) if one.sector else None
    return one.title or sector or _("Zelf gevonden werk")


def when_words(one: PlacementRecord) -> str:
    """From when to when."""
    if one.state is PlacementState.TRIAL and one.trial_until is not None:
        return _(
            "%(from)s tot en met %(until)s",
            **{"from": day(one.starts_on), "until": day(one.trial_until)},
        )
    if one.ended_on is not None:
        return _(
            "%(from)s tot en met %(until)s",
            **{"from": day(one.starts_on), "until": day(one.ended_on)},
        )
    return _("vanaf %(day)s", day=day(one.starts_on))


def facts_of(one: PlacementRecord) -> list[tuple[str, str]]:
    """What is known of a placement, for staff; what is not known is said so."""
    unknown = _("nog niet bekend")
    hours = _("%(hours)s uur per week", hours=f"{one.hours_a_week or 0:g}")
    came = []
    if one.without_introduction:
        came = [(_("Hoe het kwam"), label_of("no_introduction", one.without_introduction))]
    if one.trial_from is not None and one.trial_until is not None:
        days = _(
            "%(from)s tot en met %(until)s",
            **{"from": day(one.trial_from), "until": day(one.trial_until)},
        )
        came.append((_("Proefplaatsing"), days))
        if one.trial_reason:
            came.append((_("Langer omdat"), label_of("trial_reasons", one.trial_reason)))
    return [
        *came,
        (_("Eerste werkdag"), day(one.starts_on)),
        (_("Uren"), unknown if one.hours_a_week is None else hours),
        (_("Contract"), label_of("job_contracts", one.contract) if one.contract else unknown),
        (_("Contract tot en met"), day(one.contract_until) if one.contract_until else unknown),
        (_("Eerste loon op"), day(one.first_pay_on) if one.first_pay_on else unknown),
    ]


def step_names() -> dict[str, str]:
    """The steps and moments of contact, as people call them."""
    return {
        "recorded": _("Start vastgelegd"),
        "tried": _("Proefplaatsing vastgelegd"),
        "agreed": _("Werk afgesproken na de proefplaatsing"),
        "started": _("Begonnen"),
        "ended": _("Gestopt"),
        "first_day": _("Eerste werkdag"),
        "first_week": _("Na een week"),
        "first_pay": _("Voor het eerste loon"),
        "first_month": _("Na een maand"),
        "between": _("Tussendoor"),
    }


def event_words(event: EventRecord) -> str:
    """A step or a moment of contact on one line."""
    name = step_names().get(event.step, event.step)
    return name if event.result is None else f"{name}: {label_of(RESULTS, event.result)}"


def moment_words(moment: Moment) -> str:
    """How far one question is, for staff."""
    if moment.state is MomentState.KNOWN and moment.settled.status:
        return label_of(STATUSES, moment.settled.status)
    return {
        MomentState.LATER: _("vanaf %(day)s", day=day(moment.asking.opens_on)),
        MomentState.OPEN: _("nu te beantwoorden"),
        MomentState.DIFFERS: _("de antwoorden verschillen"),
        MomentState.KNOWN: _("bekend"),
        MomentState.UNKNOWN: _("niet bekend"),
    }[moment.state]


def source_names() -> dict[OutcomeSource, str]:
    """Who answered."""
    return {
        OutcomeSource.CANDIDATE: _("kandidaat"),
        OutcomeSource.EMPLOYER: _("bedrijf"),
        OutcomeSource.COACH: _("coach"),
        OutcomeSource.DECIDED: _("keuze van de coach"),
    }


def months_words(months: int) -> str:
    """Which question it is."""
    return ngettext("Na %(num)s maand", "Na %(num)s maanden", months)


def answers_for(source: OutcomeSource) -> list[tuple[str, str]]:
    """The answers that a source can give, with their words."""
    return [(code, label_of(STATUSES, code)) for code in statuses_for(source.value)]


def own_answers() -> list[tuple[str, str]]:
    """The answers that a candidate can give, as somebody says them of oneself."""
    said = {
        "same_job": _("Ik werk hier nog"),
        "other_employer": _("Ik werk bij een ander bedrijf"),
        "learning": _("Ik volg een opleiding"),
        "not_working": _("Ik werk nu niet"),
    }
    return [(code, said.get(code, words)) for code, words in answers_for(OutcomeSource.CANDIDATE)]


def ending_words(one: PlacementRecord) -> str:
    """How a placement ended, for staff."""
    return label_of(ENDINGS, one.ended_code) if one.ended_code else ""


def task_words(task: Task, on: date) -> tuple[str, str, str]:
    """What is to do, the button's words, and its mark (ok, near or ask)."""
    when = day(task.due_on)
    if task.kind is TaskKind.NO_SHOW:
        return _("Kwam niet op %(day)s", day=when), _("Bel vandaag"), "near"
    if task.kind is TaskKind.SIGNAL:
        return _("Er is een teken dat het stroef gaat"), _("Bel deze week"), "near"
    if task.kind is TaskKind.DIFFERS:
        return _("Twee antwoorden over het werk verschillen"), _("Kies wat klopt"), "near"
    if task.kind is TaskKind.FIRST_DAY:
        what = _("Eerste werkdag op %(day)s", day=when)
        return what, _("Zeg of het begon"), "near" if task.due_on < on else "ok"
    if task.kind is TaskKind.FIRST_PAY:
        return _("Bel voor het eerste loon, uiterlijk %(day)s", day=when), _("Bel"), "ok"
    if task.kind is TaskKind.TRIAL_ENDS:
        what = _("Proefplaatsing tot en met %(day)s: wat volgt er?", day=when)
        return what, _("Spreek het af"), "near" if task.due_on < on else "ok"
    if task.kind is TaskKind.CONTACT:
        return _("Contactmoment op %(day)s", day=when), _("Bel"), "ok"
    months = task.months or 0
    what = ngettext(
        "Hoe is het na %(num)s maand werk?", "Hoe is het na %(num)s maanden werk?", months
    )
    return what, _("Vul in"), "ask"


def task_url(task: Task) -> str:
    """Where the task is done."""
    if task.placement_id is None:
        return url_for("coach.advice", candidate_id=task.candidate_id, _anchor="programma")
    anchor = f"werk-{task.placement_id}"
    return url_for("follow_up.person", candidate_id=task.candidate_id, _anchor=anchor)


def words() -> dict[str, Any]:
    """What templates say about placements."""
    return {
        "placement_meaning": MEANING,
        "placement_state": state_words,
        "placement_title": place_words,
        "placement_when": when_words,
        "moment_meaning": MOMENT_MEANING,
        "moment_words": moment_words,
        "months_words": months_words,
        "source_names": source_names(),
        "answer_words": lambda code: label_of(STATUSES, code),
        "reason_words": lambda code: label_of("outcome_reasons", code),
        "event_words": event_words,
        "ending_words": ending_words,
        "facts_of": facts_of,
    }
