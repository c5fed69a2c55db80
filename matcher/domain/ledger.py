"""The ledger of an account: postings that are only added, and contra-entries instead of edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.domain.postings import Part, Step

Key = tuple[str, str, str]
"""Part, rule and what it is about: what a posting stands for."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line: what is owed counts up, what was done counts down; `contra` takes a line back."""

    step: Step
    cents: int
    is_contra: bool = False

    @property
    def key(self) -> Key:
        """What the line stands for."""
        return self.step.key


def signed(step: Step) -> int:
    """The cents of a step as the ledger adds them up: the sum is what is still to do."""
    return step.cents if step.part is Part.OBLIGATION else -step.cents


def balance(postings: Iterable[Posting]) -> int:
    """What is still to do: the sum of all lines, whatever their order."""
    return sum(posting.cents for posting in postings)


def standing(postings: Iterable[Posting]) -> dict[Key, Posting]:
    """The line that stands for each key: the last one that was not taken back."""
    found: dict[Key, Posting] = {}
    for posting in postings:
        if posting.is_contra:
            found.pop(posting.key, None)
        else:
            found[posting.key] = posting
    return found


def additions(postings: Sequence[Posting], steps: Sequence[Step]) -> tuple[Posting, ...]:
    """The lines that make the ledger say what `steps` say: first contra-entries, then new lines.

    A line that still holds stays; one whose cents or arithmetic changed is taken back and posted
    anew; one that is wanted no more is taken back. Nothing is ever edited.
    """
    stands = standing(postings)
    wanted = unique(steps)
    contra = [
        Posting(line.step, -line.cents, is_contra=True)
        for key, line in stands.items()
        if key not in wanted or _differs(line, wanted[key])
    ]
    fresh = [
        Posting(step, signed(step))
        for key, step in wanted.items()
        if key not in stands or _differs(stands[key], step)
    ]
    return (*contra, *fresh)


def _differs(line: Posting, step: Step) -> bool:
    return line.cents != signed(step) or line.step.arithmetic != step.arithmetic


def unique(steps: Sequence[Step]) -> dict[Key, Step]:
    """The steps by what they are about; one rule says one thing about one contribution."""
    found: dict[Key, Step] = {}
    for step in steps:
        if step.key in found:
            raise ValueError(f"two steps about {step.key}")
        found[step.key] = step
    return found


def totals(postings: Iterable[Posting]) -> dict[str, int]:
    """The sum by part, contra-entries included."""
    sums: dict[str, int] = defaultdict(int)
    for posting in postings:
        sums[posting.step.part.value] += posting.cents
    return dict(sums)
