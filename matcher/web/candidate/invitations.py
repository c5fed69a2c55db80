"""Invitations to meet an employer: exactly what they will see, and the candidate's own answer."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.idempotency import sent_key
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.models.states import ConsentAnswer
from matcher.services import introduction_views, introductions
from matcher.services.introduction_checks import NotPossible
from matcher.services.introduction_preview import AGREE, CONTACT, GOAL, Choices
from matcher.services.introduction_views import OwnIntroduction, OwnStatus
from matcher.web.candidate.blueprint import blueprint, own
from matcher.web.candidate.values import contact_words
from matcher.web.codes import label_of
from matcher.web.forms import BoxesField, MatcherForm
from matcher.web.introduction_words import half_day_words
from matcher.web.navigation import belongs_to
from matcher.web.shown_person import person_lines

YES, NO, ASK_COACH = (
    ConsentAnswer.YES.value,
    ConsentAnswer.NO.value,
    ConsentAnswer.ASK_COACH.value,
)
_LOOK = "look"
_SEEN = "seen"
_NOTHING = "none"


class SharesForm(MatcherForm):
    """What may be shown beyond the minimum; nothing is ticked beforehand."""

    shares = BoxesField()


def status_words(status: OwnStatus) -> str:
    """How far an invitation is, for the candidate."""
    return {
        OwnStatus.TO_ANSWER: _("u kunt nog kiezen"),
        OwnStatus.SAID_NO: _("u zei nee"),
        OwnStatus.SAID_YES: _("u zei ja"),
        OwnStatus.MET: _("u hebt kennisgemaakt"),
        OwnStatus.WITHDRAWN: _("u trok het in"),
        OwnStatus.EXPIRED: _("voorbij"),
        OwnStatus.ENDED: _("voorbij"),
    }[status]


def place_title(one: OwnIntroduction) -> str:
    """What the place of an invitation is called."""
    return str(one.vacancy.get("title") or label_of("sectors", one.vacancy.get("sector")))


@blueprint.get("/uitnodigingen")
@own
def invitations() -> ResponseReturnValue:
    """All invitations, newest first."""
    found = introduction_views.for_candidate(current_session(), the_viewer(), now=now())
    return render_template(
        "candidate/invitations.html",
        lines=[(one, place_title(one), status_words(one.status)) for one in found],
    )


@blueprint.get("/uitnodigingen/<int:introduction_id>")
@own
@belongs_to("candidate.invitations")
def invitation(introduction_id: int) -> ResponseReturnValue:
    """One invitation, with what the employer would see of the minimum."""
    return _render(_one(introduction_id), ())


@blueprint.post("/uitnodigingen/<int:introduction_id>")
@own
@belongs_to("candidate.invitations")
def answer_invitation(introduction_id: int) -> ResponseReturnValue:
    """Shows the preview of what was ticked, or keeps the answer.

    A yes is taken only for the very preview that was on the page: with other ticks it is shown
    first.
    """
    one = _one(introduction_id)
    ticked = _ticked(one)
    given = request.form.get("answer", _LOOK)
    if given == YES and request.form.get(_SEEN) != _mark(ticked):
        return _render(one, ticked, look_first=True)
    if given not in (YES, NO, ASK_COACH):
        return _render(one, ticked)
    shares = ticked if given == YES else ()
    try:
        introductions.answer(
            current_session(), the_viewer(), one.id, given, shares, key=sent_key(), now=now()
        )
    except NotPossible:
        flash(_("Dat kan niet meer: de plek is weg of u hebt al geantwoord."), "near")
    else:
        flash(_answered_words(given))
    return redirect(url_for("candidate.invitation", introduction_id=introduction_id))


@blueprint.post("/uitnodigingen/<int:introduction_id>/intrekken")
@own
@belongs_to("candidate.invitations")
def withdraw_invitation(introduction_id: int) -> ResponseReturnValue:
    """Takes a yes back: from now on the employer sees nothing any more."""
    try:
        introductions.withdraw(
            current_session(), the_viewer(), introduction_id, key=sent_key(), now=now()
        )
    except NotPossible:
        flash(_("Dat kan niet meer. Het was al voorbij."), "near")
    else:
        flash(_("U hebt het ingetrokken. Het bedrijf ziet vanaf nu niets meer van u."))
    return redirect(url_for("candidate.invitation", introduction_id=introduction_id))


def _answered_words(given: str) -> str:
    return {
        YES: _("U zei ja. Het bedrijf ziet nu wat hieronder staat."),
        NO: _("U zei nee. Er verandert niets voor u. Niemand ziet dat u nee zei."),
        ASK_COACH: _("Uw coach neemt contact met u op. U kunt daarna nog ja of nee zeggen."),
    }[given]


def _one(introduction_id: int) -> OwnIntroduction:
    return introduction_views.own_introduction(
        current_session(), the_viewer(), introduction_id, now=now()
    )


def _ticked(one: OwnIntroduction) -> tuple[str, ...]:
    """What is ticked and can be: anything else is left out."""
    allowed = () if one.choices is None else one.choices.codes
    sent = set(request.form.getlist("shares"))
    return tuple(code for code in allowed if code in sent)


def _mark(ticked: Sequence[str]) -> str:
    return "|".join(ticked) or _NOTHING


def _render(one: OwnIntroduction, ticked: Sequence[str], *, look_first: bool = False) -> str:
    form, seen = None, None
    if one.can_answer and one.choices is not None:
        form = SharesForm(formdata=None, data={"shares": list(ticked)})
        form.shares.choices = _share_choices(one.choices)
        shown = introduction_views.preview(
            current_session(), the_viewer(), one.id, ticked, now=now()
        )
        seen = _mark(ticked)
    else:
        shown = dict(one.shown)
    return render_template(
        "candidate/invitation.html",
        one=one,
        title=place_title(one),
        sector=label_of("sectors", one.vacancy.get("sector")),
        status=status_words(one.status),
        ended=label_of("introduction_endings", one.ended) if one.ended else "",
        half_day=None if one.meet_on is None else half_day_words(one.meet_on, one.meet_half),
        form=form,
        seen=seen,
        look_first=look_first,
        lines=person_lines(shown),
    )


def _share_choices(choices: Choices) -> list[SelectChoice]:
    kinds = contact_words()
    found = []
    for code in choices.codes:
        if code == CONTACT and choices.contact_kind is not None:
            kind = kinds[choices.contact_kind.value].lower()
            words = _("Hoe het bedrijf mij bereikt: %(kind)s, %(value)s")
            found.append((code, words % {"kind": kind, "value": choices.contact_value}))
        elif code == GOAL:
            found.append((code, _("Wat ik wil bereiken: ‘%(goal)s’", goal=choices.goal)))
        else:
            load = label_of("loads", code.removeprefix(AGREE)).lower()
            found.append((code, _("Dat er iets af te spreken is over: %(load)s", load=load)))
    return [SelectChoice(*pair) for pair in found]
