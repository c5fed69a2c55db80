"""A firm says what it did for its contract: one short form a kind, which counts at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField
from wtforms.fields import SelectChoice

from matcher.domain.declaring import needed
from matcher.domain.errors import Conflict, InvalidInput, Stale
from matcher.files.columns_contract import CENTS_MAXIMUM, WEEK_HOURS_MAXIMUM
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.idempotency import once_only
from matcher.http.identity import the_viewer
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.repositories.declarations import DeclarationRecord
from matcher.services import declarations as service
from matcher.services.contracts import AccountView, get_account
from matcher.services.declarations import Asked
from matcher.web.codes import label_of
from matcher.web.forms import CHOOSE_ONE, DayField, MatcherForm, Required, WholeNumberField
from matcher.web.navigation import belongs_to
from matcher.web.social_return.blueprint import OWN, blueprint, of_the_firm
from matcher.web.social_return.declared_words import declaration_line, to_show
from matcher.web.social_return.fields import AmountField, NumberField

_SOMEBODY_NEW = "new"
_ACTIVITY_HOURS_MAXIMUM = 100_000
_AGE_MAXIMUM = 99
_YES, _NO = "yes", "no"


class DeclareForm(MatcherForm):
    """One declaration; which fields it has follows from the rules and the kind."""

    reference = HiddenField()
    asked: tuple[str, ...] = ()
    about_somebody = False
    """Whether it is about a person, who then has a pseudonym also where none was chosen."""

    @property
    def fields(self) -> list[Field]:
        """What is asked, in the order in which it is asked."""
        return [self[name] for name in self.asked]

    def values(self, people: Mapping[str, date | None]) -> dict[str, Any]:
        """What the service takes; somebody who was not declared before gets the next pseudonym."""
        found: dict[str, Any] = {name: self[name].data for name in self.asked}
        if "permanent" in found:
            found["permanent"] = {_YES: True, _NO: False}.get(str(found["permanent"]))
        if self.about_somebody and found.get("person") not in people:
            found["person"] = _next_pseudonym(people)
        return {"reference": self.reference.data, **found}


def _next_pseudonym(people: Mapping[str, date | None]) -> str:
    numbers = [int(name[2:]) for name in people if re.fullmatch(r"P-[0-9]{1,4}", name)]
    return f"P-{max(numbers, default=0) + 1:02d}"


def declare_form(
    asked: Asked, kind: str, people: Mapping[str, date | None], *, whole: bool
) -> DeclareForm:
    """The form for one kind under the rules of a contract."""
    names = [name for name in asked.fields(kind, whole=whole) if name != "person" or people]
    must = needed(kind, asked.rules)
    fields: dict[str, Any] = {
        name: _field(name, kind, asked, people, name in must) for name in names
    }
    fields |= {"asked": tuple(names), "about_somebody": "person" in asked.fields(kind, whole=whole)}
    made: DeclareForm = type("AskedDeclareForm", (DeclareForm,), fields)()
    if not made.reference.data:
        made.reference.data = service.own_number()
    return made


def _field(
    name: str, kind: str, asked: Asked, people: Mapping[str, date | None], must: bool
) -> Any:
    """One field; `must` marks what the declaration cannot do without."""
    blocks = asked.rules.building_blocks.value
    by_invoice = any(group.by_invoice for group in blocks.groups.values())
    if name == "start_on":
        text = _("Sinds welke dag?") if kind == "placement" else _("Op welke dag?")
        return DayField(text, [Required(_l("Vul de dag in"))])
    if name == "end_on":
        last = _("Tot en met welke dag?")
        hint = _("Laat leeg als het doorloopt.") if kind == "placement" else ""
        return DayField(last, description=hint)
    must_answer = ("group",) if must else ()
    if name == "hours_week":
        checks = [] if by_invoice and not blocks.is_uniform else [Required(_l("Vul de uren in"))]
        return NumberField(_("Hoeveel uur per week?"), checks, maximum=WEEK_HOURS_MAXIMUM)
    if name == "activity_hours":
        return NumberField(
            _("Hoeveel uur samen?"),
            [Required(_l("Vul de uren in"))],
            maximum=_ACTIVITY_HOURS_MAXIMUM,
            description=_("De uren van iedereen die meedeed, bij elkaar."),
        )
    if name == "invoice_cents":
        checks = [] if kind == "placement" else [Required(_l("Vul het bedrag in"))]
        return AmountField(
            _("Hoeveel hebt u betaald?"),
            checks,
            maximum=CENTS_MAXIMUM,
            description=_("Zonder btw."),
        )
    if name == "age":
        return WholeNumberField(
            _("Leeftijd bij de start"), minimum=15, maximum=_AGE_MAXIMUM,
            description=_("Alleen voor een bonus."),
        )  # fmt: skip
    label, choices = _choices(name, asked, people)
    return RadioField(
        label,
        [Required(CHOOSE_ONE)] if name in (*must_answer, "person") else [],
        choices=choices,
        validate_choice=False,
    )


def _choices(
    name: str, asked: Asked, people: Mapping[str, date | None]
) -> tuple[str, list[SelectChoice]]:
    if name == "group":
        language = current_language()
        groups = asked.rules.building_blocks.value.groups
        return _("Welke groep?"), [
            SelectChoice(code, groups[code].label(language)) for code in asked.groups
        ]
    if name == "permanent":
        return _("Is het een vast contract?"), [
            SelectChoice(_YES, _("ja")),
            SelectChoice(_NO, _("nee")),
        ]
    found = [SelectChoice(_SOMEBODY_NEW, _("Iemand die u nog niet meldde"))]
    for name_, since in people.items():
        text = name_ if since is None else _("%(who)s, sinds %(day)s", who=name_, day=day(since))
        found.append(SelectChoice(name_, text))
    return _("Om wie gaat het?"), found


def kind_words(kind: str) -> tuple[str, str]:
    """What a kind is called on the form, and when to choose it."""
    return {
        "placement": (_("Iemand aan het werk"), _("In dienst, gedetacheerd of op een leerplek.")),
        "activity": (_("Sociale activiteit"), _("Uren van uw mensen, zoals een gastles.")),
        "purchase": (_("Inkoop bij een sociale firma"), _("Wat u daar betaalde.")),
        "training": (_("Opleiding of begeleiding"), _("Wat u daarvoor betaalde.")),
    }.get(kind, (label_of("contribution_kinds", kind), ""))


@blueprint.route("/opdrachten/<int:contract_id>/melden", methods=["GET", "POST"])
@of_the_firm
@belongs_to(OWN)
@once_only
def declare(contract_id: int) -> Any:
    """First which kind, then its form; what is sent counts at once."""
    session, viewer = current_session(), the_viewer()
    view = get_account(session, viewer, contract_id, today())
    asked = service.asked_of(session, view)
    if asked is None or not service.is_open(view):
        flash(_("Voor deze opdracht kunt u niets meer melden."), "near")
        return redirect(_back(contract_id))
    kind = request.values.get("soort", "")
    if kind not in asked.kinds:
        return _page(view, asked, None, None, whole=False)
    whole = "alles" in request.values
    people = service.people_of(service.declarations_of(session, viewer, contract_id))
    form = declare_form(asked, kind, people, whole=whole)
    if form.validate_on_submit():
        try:
            made = service.declare(
                session, viewer, contract_id, {"kind": kind, **form.values(people)}, now=now()
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        except Conflict:
            form.form_errors.append(_("Dit is al gemeld, of de opdracht wordt afgerekend."))
        else:
            is_looked_at = made.check is not None and made.check.number < made.check.rate
            flash(
                _("Gemeld. Het telt meteen mee. Iemand kijkt het met u na.")
                if is_looked_at
                else _("Gemeld. Het telt meteen mee.")
            )
            return redirect(_back(contract_id), 303)
    return _page(view, asked, kind, form, whole=whole)


def _back(contract_id: int) -> str:
    return url_for("social_return.own_contract", contract_id=contract_id) + "#gemeld"


def _page(view: AccountView, asked: Asked, kind: str | None, form: Any, *, whole: bool) -> Any:
    page = render_template(
        "social_return/declare.html",
        view=view,
        asked=asked,
        kind=kind,
        form=form,
        whole=whole,
        has_more=kind is not None and asked.fields(kind) != asked.fields(kind, whole=True),
        kind_words=kind_words,
        form_at=url_for("social_return.declare", contract_id=view.record.id),
        back=url_for("social_return.own_contract", contract_id=view.record.id),
    )
    return page, 400 if form is not None and form.errors else 200


class EndForm(MatcherForm):
    """The last day of a placement."""

    end_on = DayField(_l("Wat was de laatste dag?"), [Required(_l("Vul de laatste dag in"))])


@blueprint.route(
    "/opdrachten/<int:contract_id>/gemeld/<int:contribution_id>", methods=["GET", "POST"]
)
@of_the_firm
@belongs_to(OWN)
def declared(contract_id: int, contribution_id: int) -> Any:
    """One declaration of the firm: end the placement, or take the declaration back."""
    session, viewer = current_session(), the_viewer()
    one = service.get_declaration(session, viewer, contract_id, contribution_id)
    return declared_page(
        one,
        lambda **how: service.end_declaration(session, viewer, contract_id, one.id, **how),
        _back(contract_id),
    )


def declared_page(one: DeclarationRecord, end: Callable[..., Any], back: str) -> Any:
    """The page of one declaration, for the firm that made it; `end` ends it or takes it back."""
    form = EndForm(data={"version": str(one.version)})
    takes_back = "neem-terug" in request.form
    sent = form.is_submitted()
    if sent and (takes_back or form.validate()):
        try:
            end(
                end_on=None if takes_back else form.end_on.data,
                expected_version=form.read_version,
                now=now(),
            )
        except InvalidInput as error:
            form.add_problems(error.problems)
        except (Conflict, Stale):
            flash(_("Hier is intussen iets veranderd. Kijk het opnieuw na."), "near")
            return redirect(back, 303)
        else:
            flash(_("Teruggenomen. Het telt niet meer mee.") if takes_back else _("Opgeslagen."))
            return redirect(back, 303)
    page = render_template(
        "social_return/declared.html",
        one=declaration_line(one, the_viewer()),
        back=back.partition("#")[0],
        to_show=to_show(one.kind),
        form=form,
    )
    return page, 400 if sent and form.errors else 200
