"""*Onze afspraken*: an employer reads the own side and an allowlist, an empty side is a task."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.agreements import Commitments, Side, for_employer, open_sides, sides_asked
from matcher.files.free_text import found_in
from matcher.reference.codes import load_codes

CODES = load_codes().list("commitments").codes
NEVER = re.compile(r"(?i)\b(schuld|geld|zorg|ziek|gezond|debt|health|care\b|money)")
SHOWN = {name for name, code in CODES.items() if code.attributes["shown"] == "yes"}
commitments = st.builds(
    Commitments,
    st.lists(st.sampled_from(sorted(CODES)), max_size=3).map(tuple),
    st.none() | st.text(max_size=20),
)
sides = st.dictionaries(st.sampled_from(list(Side)), commitments)


@given(sides)
def test_an_employer_reads_the_own_side_whole_and_of_others_the_allowlist(
    kept: dict[Side, Commitments],
) -> None:
    seen = for_employer(kept, SHOWN)
    assert set(seen) == set(kept)
    for side, found in seen.items():
        if side is Side.EMPLOYER:
            assert found == kept[side]
            continue
        assert found.text is None
        assert set(found.codes) <= SHOWN
        assert [code for code in kept[side].codes if code in SHOWN] == list(found.codes)


@given(sides, sides)
def test_what_is_not_on_the_allowlist_changes_nothing_that_an_employer_reads(
    kept: dict[Side, Commitments], hidden: dict[Side, Commitments]
) -> None:
    changed = {
        side: Commitments(
            (*found.codes, *(code for code in _of(hidden, side).codes if code not in SHOWN)),
            _of(hidden, side).text,
        )
        if side is not Side.EMPLOYER
        else found
        for side, found in kept.items()
    }
    assert for_employer(changed, SHOWN) == for_employer(kept, SHOWN)


def _of(found: dict[Side, Commitments], side: Side) -> Commitments:
    return found.get(side, Commitments())


@given(sides, st.booleans())
def test_the_open_sides_are_those_asked_with_nothing_in_them(
    kept: dict[Side, Commitments], fund_pays: bool
) -> None:
    found = open_sides(kept, fund_pays)
    assert set(found) <= set(sides_asked(fund_pays))
    assert (Side.FUND in sides_asked(fund_pays)) == fund_pays
    for side in sides_asked(fund_pays):
        said = _of(kept, side)
        assert (side in found) == (not said.codes and not said.text)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_no_label_names_health_debt_or_care(code: object) -> None:
    for language in ("nl", "en"):
        text = code.label(language)  # type: ignore[attr-defined]  # a code of the list
        assert not found_in(text)
        assert not NEVER.search(text)
