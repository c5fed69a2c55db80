"""How jobs are spoken of: what a kind does, how far one is, and what to do when it stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flask_babel import format_time

from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import JobFailure, JobState
from matcher.repositories.jobs import JobRecord
from matcher.services import inflow_count, region_matches, upload_checks, upload_jobs, weekly
from matcher.services.calendar import AMSTERDAM, day_of

Words = Callable[[], str]
Meaning = Literal["ok", "near", "ask", "no", "plain"]

UNATTENDED = timedelta(minutes=1)
"""A job that waits longer than this has nobody to work on it."""


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of job on the pages; `template` shows its result, None shows that it is done.

    `page` is where the result stands when that is a page of its own.
    """

    title: Words
    about: Words
    start: Words
    template: str | None = None
    page: str | None = None


KINDS: Mapping[str, KindWords] = {
    region_matches.NAME: KindWords(
        title=lambda: _("Wie past waar?"),
        about=lambda: _(
            "Voor iedereen in de regio de plekken die het best passen, en voor elke plek hoeveel "
            "mensen passen. Wie gestopt is, pauze heeft of alleen advies van een mens wil, doet "
            "niet mee."
        ),
        start=lambda: _("Reken de regio door"),
        template="jobs/region_match.html",
    ),
    inflow_count.NAME: KindWords(
        title=lambda: _("Instroom tellen"),
        about=lambda: _(
            "Hoeveel plekken open staan, wie nu kan starten, wie erbij komt, en wat de anderen nog "
            "missen. De uitkomst staat op het instroombord."
        ),
        start=lambda: _("Tel de instroom"),
        page="inflow.board",
    ),
    weekly.NAME: KindWords(
        title=lambda: _("Wie kan waar beginnen?"),
        about=lambda: _(
            "De beste verdeling van mensen over open plekken en programma's, als voorstel om over "
            "te besluiten. Er wordt niemand geplaatst."
        ),
        start=lambda: _("Maak een verdeling"),
    ),
}
"""Kinds that can be asked for on the page, in its order."""


OTHERS: Mapping[str, KindWords] = {
    upload_checks.NAME: KindWords(
        title=lambda: _("Bestand nakijken"), about=lambda: "", start=lambda: _("Begin")
    ),
    upload_jobs.NAME: KindWords(
        title=lambda: _("Bestand inlezen"), about=lambda: "", start=lambda: _("Begin")
    ),
}
"""Kinds that begin elsewhere."""


def kind_words(name: str) -> KindWords:
    """The words of a kind; plain ones for a kind of another version of the program."""
    plain = KindWords(lambda: _("Rekenwerk"), lambda: "", lambda: _("Begin"))
    return {**KINDS, **OTHERS}.get(name, plain)


def is_unattended(job: JobRecord, now: datetime) -> bool:
    """Whether it waits for a worker that does not come."""
    return job.state is JobState.QUEUED and now - job.submitted_at > UNATTENDED


def progress_words(job: JobRecord, now: datetime) -> str:
    """How far a job is, in one sentence; the same on the page and for its script."""
    if job.state is JobState.QUEUED:
        if is_unattended(job, now):
            return _("Er is nog niemand mee bezig. Dat duurt langer dan gewoon.")
        return _("Het staat klaar en begint zo.")
    if job.state is not JobState.RUNNING:
        return _("Klaar.")
    if job.cancel_asked_at is not None:
        return _("Het stopt na het deel dat nu loopt.")
    if job.is_silent(now):
        return _("Het ligt even stil. Zo gaat het verder waar het was.")
    if job.total is None:
        return _("De gegevens worden klaargezet.")
    return ngettext(
        "%(done)s van %(num)s deel is klaar.",
        "%(done)s van %(num)s delen zijn klaar.",
        job.total,
        done=job.done,
    )


def state_words(job: JobRecord) -> tuple[Meaning, str]:
    """(meaning, words) of the chip that says where a job stands."""
    match job.state:
        case JobState.QUEUED:
            return "ask", _("wacht")
        case JobState.RUNNING:
            return "near", _("bezig") if job.cancel_asked_at is None else _("stopt")
        case JobState.DONE:
            return "ok", _("klaar")
        case JobState.FAILED:
            return "no", _("niet gelukt")
        case JobState.CANCELLED:
            return "plain", _("gestopt")


def failure_words(job: JobRecord) -> str:
    """Why it did not work out, and the way out."""
    match job.failure:
        case JobFailure.REFUSED:
            return _(
                "De gegevens lieten dit niet toe, of deze versie van het programma kent dit werk "
                "niet. Kijk of er open plekken en mensen zijn en begin opnieuw."
            )
        case JobFailure.WORKERS_LOST:
            return _(
                "Het rekenen viel steeds weer stil. Vraag de beheerder of de server genoeg "
                "geheugen heeft, en begin daarna opnieuw."
            )
        case _:
            return _(
                "Er zat een fout in het programma. Begin opnieuw. Gaat het weer mis, meld dan "
                "nummer %(number)s bij de beheerder.",
                number=job.id,
            )


def moment(at: datetime) -> str:
    """“4 januari om 09:35”."""
    time = format_time(at.astimezone(AMSTERDAM), "HH:mm", rebase=False)
    return _("%(day)s om %(time)s", day=day(day_of(at)), time=time)


def lasted(job: JobRecord) -> str | None:
    """How long was worked on a job that ended; None where nobody began."""
    if job.started_at is None or job.finished_at is None:
        return None
    seconds = max(1, round((job.finished_at - job.started_at).total_seconds()))
    if seconds < 120:
        return ngettext("%(num)s seconde", "%(num)s seconden", seconds)
    return ngettext("%(num)s minuut", "%(num)s minuten", round(seconds / 60))
