"""What a draft would have made of each account of the past year, step beside step."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.domain.account import Account
from matcher.domain.errors import Conflict
from matcher.domain.postings import Part, Step
from matcher.web.navigation import belongs_to
from matcher.web.rules import words
from matcher.web.rules.blueprint import HOME, blueprint, ruling
from matcher.web.rules.one import numbers, read
from matcher.web.social_return import words as account_words


@blueprint.get("/regels/<int:version_id>/gevolgen")
@ruling
@belongs_to(HOME)
def effects(version_id: int) -> ResponseReturnValue:
    """The accounts that change, the largest change first, each open to its steps."""
    found = read(version_id)
    counted = numbers(found)
    if counted is None:
        raise Conflict("this cannot be done with this version now")
    return render_template(
        "rules/effects.html",
        found=found,
        numbers=counted,
        steps_of=steps_of,
        words=words,
        account_words=account_words,
    )


def steps_of(account: Account) -> list[tuple[bool, Step]]:
    """The steps of an account, and whether each is owed."""
    return [(step.part is Part.OBLIGATION, step) for step in account.steps]
