"""*Vandaag*, ten lines at most, and all candidates behind the second tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for

from matcher.domain.access import Right
from matcher.http.clock import now
from matcher.http.clock import today as on_today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.records import CandidateRecord, NextReview, TodayLine
from matcher.services import (
    agreements,
    caseload,
    follow_up,
    intake,
    introduction_lists,
    own_requests,
)
from matcher.services import candidates as candidate_service
from matcher.web.agreement_words import side_names
from matcher.web.coach.agreements import next_steps
from matcher.web.coach.blueprint import blueprint, coaching
from matcher.web.coach.cards import card_title
from matcher.web.coach.money import FIELD as MONEY
from matcher.web.coach.own_say import asked_words
from matcher.web.coach.people import person_in_list
from matcher.web.coach.quick_start import CARD as QUICK_START
from matcher.web.coach.seen import seen_candidate, the_candidate
from matcher.web.coach.subjects import joined, subject_words
from matcher.web.codes import label_of
from matcher.web.follow_up_words import task_url, task_words
from matcher.web.navigation import belongs_to

MOST_LINES = 10
MOST_TASKS = 4
"""Of people at work; all of them stand under *Nazorg*."""
MOST_SHEETS = 2
"""Of agreements with an empty side; each stands with the person too."""
PEOPLE_A_PAGE = 20
LONGEST_SEARCH = 60
LATE_FOR = timedelta(days=7)
"""How long an appointment stays on the list after its day."""
_SEARCH = "candidate_search"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do today: who, what, and where one tap leads."""

    who: str
    what: str
    url: str
    action: str
    kind: str


@blueprint.get("/vandaag")
@coaching
@belongs_to("coach.today")
def today() -> Any:
    """What asks for attention today, each line one tap to act."""
    found = caseload.today_list(
        current_session(),
        the_viewer(),
        on=on_today(),
        limit=MOST_LINES,
        one_in=current_app.config["BLIND_ONE_IN"],
    )
    kept = [*filter(caseload.stands_nowhere_else, found)][:1]
    others = [
        *_introductions(),
        *_requests(),
        *_follow_up(),
        *_agreements(),
        *_appointments(),
    ]
    room = max(0, MOST_LINES - len(others) - len(kept))
    ours = [line for number, line in enumerate(found) if number < room or line in kept]
    lines = [*others[: MOST_LINES - len(kept)], *(_line(line) for line in ours)][:MOST_LINES]
    return render_template("coach/today.html", lines=lines, heading=_heading(len(lines)))


def _heading(count: int) -> str:
    if not count:
        return _("Vandaag hoeft er niets.")
    return ngettext("Eén ding voor vandaag.", "%(num)s dingen voor vandaag.", count)


def _introductions() -> list[Line]:
    """Who wants to talk before answering an invitation, and who said yes."""
    lines = []
    for line in introduction_lists.for_today(current_session(), the_viewer(), now=now()):
        firm = line.contractor
        if line.wants_talk:
            what = _("Wil met u overleggen over een uitnodiging van %(firm)s", firm=firm)
        else:
            what = _("Wil kennismaken bij %(firm)s", firm=firm)
        who = person_in_list(line.first_name, line.reference)
        url = url_for("coach.advice", candidate_id=line.candidate_id, _anchor="kennismaken")
        lines.append(Line(who, what, url, _("Neem contact op"), "ask" if line.wants_talk else "ok"))
    return lines


def _requests() -> list[Line]:
    """What candidates asked themselves, due first on top; what they wrote stays on its page."""
    found = own_requests.open_requests(current_session(), the_viewer(), limit=MOST_LINES)
    return [
        Line(
            person_in_list(line.first_name, line.reference),
            _(
                "%(asked)s. Antwoord uiterlijk %(day)s",
                asked=asked_words(line.request.kind),
                day=day(line.request.due_on),
            ),
            url_for(
                "coach.own_request",
                candidate_id=line.request.candidate_id,
                request_id=line.request.id,
            ),
            _("Bekijk en antwoord"),
            "near" if line.request.due_on < on_today() else "ok",
        )
        for line in found
    ]


def _follow_up() -> list[Line]:
    """Moments of contact, questions and signals about the own people at work or in a programme."""
    lines = []
    for task in follow_up.own_tasks(
        current_session(), the_viewer(), on=on_today(), limit=MOST_TASKS
    ):
        what, action, kind = task_words(task, on_today())
        who = person_in_list(task.first_name, task.reference) or task.reference
        lines.append(Line(who, what, task_url(task), action, kind))
    return lines


def _agreements() -> list[Line]:
    """Sides of *Onze afspraken* with nothing in them, of people who met or work at an employer."""
    lines = []
    for sheet in agreements.to_fill(current_session(), the_viewer())[:MOST_SHEETS]:
        names = [side_names()[side] for side in sheet.empty]
        about = (
            {"placement_id": sheet.about.placement_id}
            if sheet.about.placement_id is not None
            else {"introduction_id": sheet.about.introduction_id}
        )
        what = _("Onze afspraken: nog niets van %(sides)s", sides=joined(names, most=len(names)))
        who = person_in_list(sheet.first_name, sheet.reference) or sheet.reference
        url = url_for("agreeing.edit_sheet", **about)
        lines.append(Line(who, what, url, _("Vul samen in"), "near"))
    return lines


def _appointments() -> list[Line]:
    """What was agreed for today, or for a day this past week."""
    session, viewer, on = current_session(), the_viewer(), on_today()
    lines = []
    for candidate_id, (step, when) in next_steps(intake.list_drafts(session, viewer)).items():
        if when is not None and timedelta(0) <= on - when <= LATE_FOR:
            record = the_candidate(candidate_id)
            who = person_in_list(record.first_name, record.profile.reference)
            url = url_for("coach.agreements", candidate_id=candidate_id)
            what = _("Afgesproken voor %(day)s: %(step)s", day=day(when), step=step)
            lines.append(Line(who, what, url, _("Open het blad"), "ok"))
    return lines


def _line(line: TodayLine) -> Line:
    who = person_in_list(line.first_name, line.reference) or _("Iemand die u net ontmoette")
    if line.why == "draft":
        return _draft_line(line, who)
    url = url_for("coach.advice", candidate_id=line.candidate_id)
    if line.why == "answers":
        return Line(who, _("Er zijn nieuwe antwoorden"), url, _("Bekijk het advies"), "ok")
    if line.why == "review":
        what = _("Samen opnieuw kijken, uiterlijk %(day)s", day=day(line.due_on))
        return Line(who, what, url, _("Bekijk het advies"), "ok")
    if line.why == "returns":
        what = _("Is er weer vanaf %(day)s", day=day(line.due_on))
        return Line(who, what, url, _("Neem contact op"), "ok")
    if line.why == "unreached":
        what = _("Drie keer niet bereikt, er staat een brief klaar")
        url = url_for("coach.person_page", candidate_id=line.candidate_id)
        return Line(who, what, url, _("Neem contact op"), "near")
    if line.why == "elsewhere":
        what = _("Elders nog niet bevestigd sinds %(day)s", day=day(line.due_on))
        url = url_for("talent_centre.elsewhere")
        return Line(who, what, url, _("Bel wie verder helpt"), "near")
    if line.why == "missing":
        what = _("Vraag nog: %(answers)s", answers=_missing(line.detail))
        return Line(who, what, f"{url}#vragen", _("Vul aan"), "ask")
    return Line(who, _("Heeft nog geen advies"), url, _("Maak het advies"), "ask")


def _missing(fields: Sequence[str]) -> str:
    """Answers to ask for, in words; money is asked for in its own fold, never in a list."""
    return joined([subject_words(field) for field in fields if field != MONEY], most=3)


def _draft_line(line: TodayLine, who: str) -> Line:
    card = line.detail[0] if line.detail else QUICK_START
    if card == QUICK_START:
        url = url_for("coach.quick_start_draft", draft_id=line.draft_id)
        return Line(who, _("Snelle start is nog niet af"), url, _("Ga verder"), "near")
    url = url_for("coach.card", candidate_id=line.candidate_id, card=card)
    what = _("Kaart ‘%(card)s’ is nog niet af", card=card_title(card))
    return Line(who, what, url, _("Ga verder"), "near")


@dataclass(frozen=True, slots=True)
class Person:
    """One candidate in the list: never readiness, and nothing sorts by it."""

    reference: str
    first_name: str | None
    next_step: str
    next_on: date | None
    url: str
    has_coach: bool


@blueprint.get("/kandidaten")
@coaching
def candidates() -> Any:
    """The own candidates, or on request all in reach; searched by name or reference."""
    viewer = the_viewer()
    whose = "region" if request.args.get("wie") == "regio" else "own"
    search = session.get(_SEARCH)
    page = candidate_service.list_candidates(
        current_session(),
        viewer,
        caseload=whose,
        search=search,
        cursor=request.args.get("vanaf"),
        limit=PEOPLE_A_PAGE,
    )
    return render_template(
        "coach/candidates.html",
        people=_people(page.items),
        next_cursor=page.next_cursor,
        search=search,
        whose=whose,
        is_first=not request.args.get("vanaf"),
        sees_region=viewer.has(Right.LEAD),
    )


@blueprint.post("/kandidaten")
@coaching
def search_candidates() -> Any:
    """Keeps what is searched for in the session: a name has no place in an address."""
    text = " ".join(request.form.get("zoek", "").split())[:LONGEST_SEARCH]
    if text and "alles" not in request.form:
        session[_SEARCH] = text
    else:
        session.pop(_SEARCH, None)
    return redirect(url_for("coach.candidates", wie=request.args.get("wie")))


def _people(records: Sequence[CandidateRecord]) -> list[Person]:
    """The people of one page with what was agreed, else with what the advice says comes next."""
    session, viewer = current_session(), the_viewer()
    reviews = caseload.next_reviews(
        session,
        viewer,
        [record.id for record in records],
        on=on_today(),
        one_in=current_app.config["BLIND_ONE_IN"],
    )
    agreed = next_steps(intake.list_drafts(session, viewer))
    people = []
    for record in map(seen_candidate, records):
        step, on = _next(record, reviews.get(record.id), agreed.get(record.id))
        url = url_for("coach.advice", candidate_id=record.id)
        has_coach = record.owner_account_id is not None
        if not has_coach:
            url = url_for("coach.person_page", candidate_id=record.id)
        people.append(Person(record.profile.reference, record.first_name, step, on, url, has_coach))
    return people


def _next(
    record: CandidateRecord,
    review: NextReview | None,
    agreed: tuple[str, date | None] | None,
) -> tuple[str, date | None]:
    if record.profile.is_paused(on_today()):
        return _("Pauze"), record.profile.paused_until
    if agreed is not None:
        return agreed
    if record.manual_only:
        return _("Advies door een mens"), None
    if review is None:
        return _("Nog geen advies"), None
    if review.lane is None:
        return _("Kies eerst zelf"), None
    return label_of("lanes", review.lane.value), review.review_on
