"""*Wat wij van u weten*: every field that is kept, in words, with where it came from and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import browser_session, the_viewer
from matcher.http.translate import gettext as _
from matcher.models.base import DataClass, Purpose, Retention
from matcher.services import candidates, links, notes, own_file
from matcher.services.demo_own_page import DEMO_CODE
from matcher.services.folded import FOLDED_FIELDS
from matcher.services.own_file import KnownField
from matcher.web.candidate.blueprint import blueprint, fold_open_until, is_fold_open, own
from matcher.web.candidate.register_words import Why, source_words, why_words
from matcher.web.candidate.values import (
    GROUPS,
    card_words,
    empty_words,
    field_title,
    field_words,
    group_title,
)
from matcher.web.forms import MatcherForm, Required, TextField, longest
from matcher.web.navigation import belongs_to


class FoldForm(MatcherForm):
    """The code once more, before answers about money and home are shown."""

    code = TextField(
        _l("Uw code"),
        [Required(_l("Vul uw code in")), longest(20)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One thing that is kept; without `words` it is not known."""

    name: str
    title: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """The things of one card, and why they are kept."""

    code: str
    title: str
    lines: tuple[KnownLine, ...]
    why: tuple[Why, ...]
    source: str
    """Who wrote all of it and when, when that is one; else it stands at each line."""

    @property
    def known(self) -> int:
        """How many of them are known."""
        return sum(bool(line.words) for line in self.lines)


@blueprint.get("/gegevens")
@own
def known() -> ResponseReturnValue:
    """Everything that is kept, group by group."""
    return _render(FoldForm(formdata=None))


@blueprint.post("/gegevens/open")
@own
@belongs_to("candidate.known")
def open_fold() -> ResponseReturnValue:
    """Unfolds money and home for a while, after the code."""
    form = FoldForm()
    opened = browser_session()
    if form.validate() and opened is not None:
        if links.unlock_money(current_session(), opened.id, form.code.data or "", now()):
            return redirect(url_for("candidate.known", _anchor="achter-uw-code"))
        form.code.errors = [_("Deze code klopt niet. Kijk nog eens goed en probeer het opnieuw.")]
    return _render(form), 400


@blueprint.post("/gegevens/dicht")
@own
@belongs_to("candidate.known")
def close_fold() -> ResponseReturnValue:
    """Folds money and home in again before their time."""
    opened = browser_session()
    if opened is not None:
        links.fold_money(current_session(), opened.id)
    flash(_("Dat deel is weer dicht."))
    return redirect(url_for("candidate.known"))


def _render(form: FoldForm) -> str:
    session, viewer = current_session(), the_viewer()
    record = own_file.own_record(session, viewer)
    fields = own_file.known_fields(session, viewer, with_folded=is_fold_open())
    folded = [fields[name] for name in FOLDED_FIELDS if name in fields]
    advices = own_file.own_assessments(session, viewer, with_folded=is_fold_open())
    drafts = own_file.own_drafts(session, viewer)
    return render_template(
        "candidate/known.html",
        record=record,
        groups=known_groups(fields),
        folded=[known_line(field) for field in folded],
        folded_why=_whys(folded),
        folded_said=advices[0].folded if advices else (),
        open_until=fold_open_until(),
        form=form,
        demo_code=DEMO_CODE,
        commitments=candidates.list_commitments(session, viewer, record.id),
        notes=notes.list_notes(session, viewer, record.id),
        drafts=[(card_words(draft.card), draft.updated_at) for draft in drafts],
    )


def known_groups(fields: dict[str, KnownField]) -> list[KnownGroup]:
    """The fields in their groups, in the order of the page; folded ones are not among them."""
    groups = []
    for code, names in GROUPS.items():
        held = [fields[name] for name in names if name in fields]
        lines = tuple(known_line(field) for field in held)
        sources = {line.source for line in lines if line.source}
        source = sources.pop() if len(sources) == 1 else ""
        if source:
            lines = tuple(replace(line, source="") for line in lines)
        groups.append(KnownGroup(code, group_title(code), lines, _whys(held), source))
    return groups


def known_line(field: KnownField) -> KnownLine:
    """One field in words; of what is not known, nobody wrote anything."""
    words = empty_words(field.name)
    if field.is_known:
        words = field_words(field.name, field.value)
    source = source_words(field.source) if field.is_known else ""
    return KnownLine(field.name, field_title(field.name), words, source)


def _whys(fields: Sequence[KnownField]) -> tuple[Why, ...]:
    found: dict[tuple[Purpose, Retention], set[DataClass]] = {}
    for field in fields:
        found.setdefault((field.purpose, field.retention), set()).add(field.data_class)
    return tuple(why_words(*each, classes) for each, classes in found.items())
