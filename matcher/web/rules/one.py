"""One version of the rules: what is left to do, what differs, and what that does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

from matcher.domain.access import Viewer
from matcher.domain.rule_problems import RuleProblem
from matcher.domain.rules import RuleSetError
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.models.states import RuleState
from matcher.reference.rule_changes import Difference, differences
from matcher.reference.rule_texts import document_of
from matcher.repositories.rule_versions import RuleRecord
from matcher.services import rule_steps, rule_versions
from matcher.services.rule_numbers import Numbers, numbers_of
from matcher.services.rule_versions import FILE
from matcher.services.visibility import Kind, show
from matcher.web.codes import label_of
from matcher.web.forms import MatcherForm
from matcher.web.rules import words
from matcher.web.rules.forms import CouncilForm, OfferForm, WhyForm

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """A version with what can be told of its text; without documents while it is not good."""

    record: RuleRecord
    problems: tuple[RuleProblem, ...]
    before: Document | None
    document: Document | None
    may_write: bool
    may_decide: bool

    @property
    def differences(self) -> list[Difference]:
        """What differs from the version it was begun from."""
        if self.document is None or self.before is None:
            return []
        return differences(self.before, self.document)


def read(version_id: int) -> Read:
    """One version in reach, with its documents where its text is good."""
    session, viewer = current_session(), the_viewer()
    record = rule_steps.get_version(session, viewer, version_id)
    is_open = record.state is not RuleState.APPROVED
    problems = tuple(rule_steps.problems(session, record)) if is_open else ()
    before = document = None
    if not problems:
        document = document_of(record.text, record.region)
        before = _before(record)
    return Read(
        record=record,
        problems=problems,
        before=before,
        document=document,
        may_write=_may_write(viewer, record),
        may_decide=_may_decide(viewer, record),
    )


def _before(record: RuleRecord) -> Document | None:
    try:
        return rule_versions.numbered_document(
            current_session(), record.region, record.base_id or FILE
        )
    except RuleSetError:
        return None


def _may_write(viewer: Viewer, record: RuleRecord) -> bool:
    return record.state in (RuleState.DRAFT, RuleState.ADVISED) and record.author_id in (
        None,
        viewer.account_id,
    )


def _may_decide(viewer: Viewer, record: RuleRecord) -> bool:
    return record.state is RuleState.OFFERED and record.author_id not in (None, viewer.account_id)


def numbers(found: Read) -> Numbers | None:
    """What a draft would have made of the accounts of the past year; None once it was decided."""
    if found.document is None or found.record.state in (RuleState.APPROVED, RuleState.WITHDRAWN):
        return None
    return numbers_of(current_session(), the_viewer(), found.document, today())


def render_version(
    version_id: int,
    *,
    council: CouncilForm | None = None,
    offer: OfferForm | None = None,
    why: WhyForm | None = None,
) -> str:
    """The page of one version; a form given is one that was sent and could not be used."""
    session, viewer = current_session(), the_viewer()
    found = read(version_id)
    record = found.record
    told: dict[str, Any] = show(Kind.RULE_VERSION, record.as_mapping(), viewer.rights)
    spans = rule_versions.spans(session, record.region, today())
    in_force = next((span.number for span in spans if span.in_force), FILE)
    sent = next((form for form in (council, offer, why) if form is not None), None)
    return render_template(
        "rules/version.html",
        found=found,
        record=record,
        told=told,
        region=label_of("regions", record.region),
        headline=_headline(found, viewer),
        state=words.state_words(record, in_force, today()),
        steps=rule_steps.steps_of(session, viewer, version_id),
        behind=rule_steps.is_behind(session, record),
        left=_left(record, found.problems),
        numbers=numbers(found),
        council=council or CouncilForm(formdata=None, data=told),
        offer=offer or OfferForm(formdata=None, data={"effective_on": record.effective_on}),
        why=why or WhyForm(formdata=None),
        sent=sent,
        decision=MatcherForm(formdata=None),
        words=words,
    )


def _headline(found: Read, viewer: Viewer) -> str:
    record = found.record
    if record.state is RuleState.APPROVED and record.effective_on is not None:
        if record.effective_on > today():
            return _("Deze regels gelden vanaf %(day)s.", day=day(record.effective_on))
        return _("Deze regels gelden sinds %(day)s.", day=day(record.effective_on))
    if record.state is RuleState.WITHDRAWN:
        return _("Dit concept is ingetrokken.")
    if found.problems:
        return ngettext(
            "%(num)s punt klopt nog niet.", "%(num)s punten kloppen nog niet.", len(found.problems)
        )
    if record.state is RuleState.OFFERED:
        if found.may_decide:
            return _("Een collega vraagt uw oordeel.")
        return _("Dit concept wacht op een collega.")
    if record.state is RuleState.ADVISED:
        return _("Dit concept kan naar een collega.")
    return _("Leg vast wat de cliëntenraad vond.")


def _left(record: RuleRecord, problems: tuple[RuleProblem, ...]) -> list[tuple[bool, str]]:
    """The steps up to the first day, each with whether it is done."""
    state = record.state
    offered = state in (RuleState.OFFERED, RuleState.APPROVED)
    day_words = _("De regels gelden vanaf hun eerste dag")
    if record.effective_on is not None:
        day_words = _("De regels gelden vanaf %(day)s", day=day(record.effective_on))
    begun = record.effective_on is not None and record.effective_on <= today()
    return [
        (not problems, _("De tekst klopt en blijft binnen de grenzen")),
        (offered or state is RuleState.ADVISED, _("Het advies van de cliëntenraad staat erbij")),
        (offered, _("Aangeboden aan een collega")),
        (state is RuleState.APPROVED, _("Goedgekeurd door een tweede persoon")),
        (state is RuleState.APPROVED and begun, day_words),
    ]
