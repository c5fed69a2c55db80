"""How seats in programmes go: by waiting, unless an officer switches with the price in sight."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from matcher.domain.access import Right
from matcher.domain.allocating import SeatOrder
from matcher.domain.errors import InvalidInput
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import day
from matcher.http.permissions import requires
from matcher.http.translate import gettext as _
from matcher.services import weekly_choices
from matcher.services.calendar import day_of
from matcher.services.weekly import seat_order as present
from matcher.web.coach.fields import OneTileField
from matcher.web.forms import MatcherForm, Required, longest
from matcher.web.free_text import LinesField
from matcher.web.navigation import belongs_to
from matcher.web.weekly import words
from matcher.web.weekly.blueprint import HOME, blueprint, ordering

LONGEST_WHY = 300


class OrderForm(MatcherForm):
    """The order, and why."""

    order = OneTileField(_l("Naar wie gaat een plek?"), validators=[Required(_l("Kies één"))])
    why = LinesField(
        _l("Waarom?"),
        [Required(_l("Zeg in een paar woorden waarom")), longest(LONGEST_WHY)],
        render_kw={"rows": "2"},
    )


@blueprint.get("/verdelen/volgorde")
@ordering
@belongs_to(HOME)
def seat_order() -> ResponseReturnValue:
    """What holds now and what it costs."""
    return _page(_form(False))


@blueprint.post("/verdelen/volgorde")
@requires(Right.OFFICER)
@belongs_to(HOME)
def switch_order() -> ResponseReturnValue:
    """Lets seats go by another order from the next run on."""
    form = _form(True)
    if not form.validate():
        return _page(form), 400
    try:
        weekly_choices.switch_order(
            current_session(), the_viewer(), str(form.order.data), form.why.data or "", now=now()
        )
    except InvalidInput as error:
        form.add_problems(error.problems)
        return _page(form), 400
    flash(_("Vastgelegd. Dit geldt vanaf de volgende verdeling."))
    return redirect(url_for("weekly.seat_order"), 303)


def _form(sent: bool) -> OrderForm:
    order = present(current_session(), the_viewer())
    form = OrderForm() if sent else OrderForm(formdata=None, data={"order": order.value})
    form.order.choices = [
        SelectChoice(SeatOrder.WAITING.value, _("Wie het langst wacht")),
        SelectChoice(SeatOrder.VALUE.value, _("Wie er het verst mee komt")),
    ]
    return form


def _page(form: OrderForm) -> str:
    session, viewer = current_session(), the_viewer()
    if viewer.region is None:
        abort(404)
    last = weekly_choices.present_order(session, viewer)
    price = weekly_choices.price_of_orders(session, viewer)
    return render_template(
        "weekly/seat_order.html",
        headline=words.order_words(present(session, viewer)),
        price=None if price is None else words.price_words(price),
        since=None if last is None else day(day_of(last.decided_at)),
        why=None if last is None else last.why,
        may_switch=viewer.has(Right.OFFICER),
        form=form,
    )
