"""Arrangements: firms, a school and the region, with one target between two dates."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from matcher.domain.errors import Conflict, InvalidInput
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.services import arrangements as service
from matcher.services.arrangements import TARGET_MAXIMUM, ArrangementView
from matcher.web.codes import codes_of, label_of
from matcher.web.forms import (
    BoxesField,
    DayField,
    MatcherForm,
    Required,
    TextField,
    WholeNumberField,
    longest,
)
from matcher.web.navigation import belongs_to
from matcher.web.programmes.blueprint import OVERVIEW, area_tabs, blueprint, planning


class ArrangementForm(MatcherForm):
    """Who works together towards which target, by when."""

    name = TextField(
        _l("Hoe heet de samenwerking?"), [Required(_l("Vul een naam in")), longest(120)]
    )
    target = WholeNumberField(
        _l("Hoeveel mensen aan het werk is het doel?"), minimum=1, maximum=TARGET_MAXIMUM
    )
    starts_on = DayField(_l("Vanaf welke dag?"))
    until = DayField(_l("Tot en met welke dag?"))
    provider = TextField(_l("Welke school of opleider doet mee?"), [longest(200)])
    firms = TextAreaField(
        _l("Welke bedrijven doen mee?"), description=_l("Elk bedrijf op een eigen regel.")
    )
    sectors = BoxesField(_l("In welke sectoren?"))

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("name", "target", "starts_on", "until", "provider")
        return {
            **{name: self[name].data for name in names},
            "firms": [line.strip() for line in (self.firms.data or "").splitlines()],
            "sectors": tuple(self.sectors.data or ()),
        }


def _form(one: ArrangementView | None) -> ArrangementForm:
    data: dict[str, Any] = {}
    if one is not None:
        record = one.record
        data = {
            **{name: getattr(record, name) for name in ("name", "target", "starts_on", "until")},
            "provider": record.provider,
            "firms": "\n".join(record.firms),
            "sectors": list(record.sectors),
            "version": record.version,
        }
    form = ArrangementForm(data=data)
    form.sectors.choices = [
        (code.code, code.label(current_language()))
        for code in codes_of("sectors")
        if len(code.code) > 1
    ]
    return form


@blueprint.get("/samenwerkingen")
@planning
@belongs_to(OVERVIEW)
def arrangements() -> Any:
    """Every arrangement of the region with its target and its end."""
    found = service.list_arrangements(current_session(), the_viewer())
    return render_template(
        "programmes/arrangements.html",
        tabs=area_tabs("arrangements"),
        headline=_headline(found),
        found=found,
        **_words(),
    )


def _headline(found: list[ArrangementView]) -> str:
    if not found:
        return _("Er is nog geen samenwerking.")
    target = sum(one.record.target or 0 for one in found)
    first = ngettext("%(num)s samenwerking", "%(num)s samenwerkingen", len(found))
    people = ngettext("%(num)s mens aan het werk", "%(num)s mensen aan het werk", target)
    return _("%(count)s, samen voor %(people)s.", count=first, people=people)


def _words() -> dict[str, Any]:
    return {
        "target_words": target_words,
        "sector_words": sector_words,
        "time_percent": time_percent,
    }


def target_words(one: ArrangementView) -> str:
    """The target with its last day: “50 mensen aan het werk op 31 december 2028”."""
    record = one.record
    if record.target is None:
        return _("Nog geen doel afgesproken")
    people = ngettext("%(num)s mens aan het werk", "%(num)s mensen aan het werk", record.target)
    if record.until is None:
        return people
    return _("%(people)s op %(day)s", people=people, day=day(record.until))


def sector_words(one: ArrangementView) -> str:
    """Its sectors, in words."""
    return ", ".join(label_of("sectors", code) for code in one.record.sectors)


def time_percent(one: ArrangementView) -> int | None:
    """Which part of its time has passed, in percent; None without two days."""
    first, last = one.record.starts_on, one.record.until
    if first is None or last is None or last <= first:
        return None
    passed = min(max((today() - first).days, 0), (last - first).days)
    return round(100 * passed / (last - first).days)


@blueprint.get("/samenwerkingen/<int:arrangement_id>")
@planning
@belongs_to(OVERVIEW)
def arrangement(arrangement_id: int) -> Any:
    """One arrangement: its target, who takes part, and what is in it."""
    one = service.get_arrangement(current_session(), the_viewer(), arrangement_id)
    return render_template("programmes/arrangement.html", one=one, **_words())


@blueprint.route("/samenwerkingen/nieuw", methods=["GET", "POST"])
@planning
@once_only
@belongs_to(OVERVIEW)
def add_arrangement() -> Any:
    """Adds an arrangement."""
    return _edit(None)


@blueprint.route("/samenwerkingen/<int:arrangement_id>/wijzigen", methods=["GET", "POST"])
@planning
@belongs_to(OVERVIEW)
def change_arrangement(arrangement_id: int) -> Any:
    """Changes an arrangement; its name stays, as vacancies and programmes call it by that."""
    return _edit(service.get_arrangement(current_session(), the_viewer(), arrangement_id))


def _edit(one: ArrangementView | None) -> Any:
    form = _form(one)
    if one is not None and request.method == "POST":
        form.name.data = one.record.name
    if form.validate_on_submit():
        try:
            saved = _save(one, form)
        except InvalidInput as error:
            form.add_problems(error.problems)
        except Conflict:
            form.name.errors = [_("Er is al een samenwerking met deze naam. Kies een andere.")]
        else:
            flash(_("Opgeslagen."))
            address = url_for("programmes.arrangement", arrangement_id=saved.record.id)
            return redirect(address, 303)
    page = render_template("programmes/arrangement_form.html", form=form, one=one)
    return page, 400 if form.errors else 200


def _save(one: ArrangementView | None, form: ArrangementForm) -> ArrangementView:
    session, viewer = current_session(), the_viewer()
    if one is None:
        return service.create_arrangement(session, viewer, form.values(), now=now())
    return service.update_arrangement(
        session,
        viewer,
        one.record.id,
        form.values(),
        expected_version=form.read_version,
        now=now(),
    )
