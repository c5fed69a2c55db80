"""Every pair that an allocation may choose, right away or through one start of a programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.domain.candidate import CandidateProfile
from matcher.domain.pathways import Pathways
from matcher.domain.vacancy import VacancyProfile
from matcher.engine.batch import BestPairs, best_pairs, every_pair
from matcher.engine.layout import Country
from matcher.engine.problem import NO_SEAT
from matcher.engine.pruned import COMPLETE, Cuts
from matcher.services.allocation_inputs import Participant, site_hours
from matcher.services.allocation_seats import Seat, followers


@dataclass(frozen=True, slots=True)
class PossiblePairs:
    """All that could be proposed: rows of participants, vacancies and seats, fits in hundredths.

    `cuts` say what was left out: each is about the lists of one part, by participant and vacancy;
    none are there as long as every feasible pair is in it.
    """

    candidate: NDArray[np.int64]
    vacancy: NDArray[np.int64]
    seat: NDArray[np.int64]
    fit: NDArray[np.int64]
    seats: tuple[Seat, ...] = ()
    cuts: tuple[Cuts, ...] = ()

    @property
    def pruned(self) -> bool:
        """Whether only the best of both sides are in it."""
        return bool(self.cuts)

    def only(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> PossiblePairs:
        """Some of the pairs."""
        return replace(
            self,
            candidate=self.candidate[which],
            vacancy=self.vacancy[which],
            seat=self.seat[which],
            fit=self.fit[which],
        )


def possible_pairs(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
    *,
    threads: int = 1,
) -> PossiblePairs:
    """Every feasible pair of `people`, right away or through one start of a programme.

    Feasible is eligible under the rules of the candidate's region, not `ask_first`, and at a site
    whose guidance hours are known or follow from its buddies. A seat is only in it where the same
    pair is not feasible without.
    """
    regions = [pathways[person.profile.region] for person in people]
    rows = {
        routes: [row for row, own in enumerate(regions) if own is routes]
        for routes in dict.fromkeys(regions)
    }
    listed = [
        _Under(routes, [people[row] for row in own], own, vacancies, threads)
        for routes, own in rows.items()
    ]
    maximum = sum(part.maximum for part in listed[:1])
    prune = sum(part.feasible for part in listed) > maximum
    count = 0
    found = []
    for part in listed:
        pairs, count = part.pairs(len(people), maximum, count, prune=prune)
        found.append(pairs)
    return _joined(found)


class _Under:
    """The participants and sites under one rule set; `rows` are the numbers of the participants."""

    def __init__(
        self,
        pathways: Pathways,
        people: Sequence[Participant],
        rows: Sequence[int],
        vacancies: Sequence[VacancyProfile],
        threads: int,
    ) -> None:
        setting = pathways.setting
        self.pathways = pathways
        self.rows = np.array(rows, np.int64)
        self.profiles = [person.profile for person in people]
        self.vacancies = len(vacancies)
        # A site whose guidance is not known at all takes no part (contract.md section 3).
        self.sites = np.array(
            [row for row, v in enumerate(vacancies) if site_hours(v, setting) is not None], np.int64
        )
        self.country = Country([vacancies[row] for row in self.sites], setting)
        self.threads = threads
        self.limits = setting.rules.allocation
        self.maximum = self.limits.pairs_maximum
        self.best = self._best(self.profiles)
        self.feasible = int(self.best.eligible.sum())

    def pairs(
        self, everybody: int, maximum: int, count: int, *, prune: bool
    ) -> tuple[PossiblePairs, int]:
        """The pairs in numbers of all participants and vacancies, and how many there are so far.

        Pairs through a seat are pruned as soon as there would be more than `maximum` with them.
        """
        numbers = np.arange(len(self.profiles))
        parts = [self._part(self.profiles, numbers, self.best, everybody, prune=prune)]
        count += len(parts[0].fit)
        direct = self._keys(parts[0])
        seats: list[Seat] = []
        for programme in self.pathways.programmes:
            who, after, starts_on = followers(self.profiles, programme, self.pathways)
            if not who or starts_on is None:
                continue
            best = self._best(after)
            cut = prune or count + int(best.eligible.sum()) > maximum
            part = self._part(after, np.array(who, np.int64), best, everybody, prune=cut)
            part = part.only(~np.isin(self._keys(part), direct))
            if len(part.fit):
                room = everybody if programme.seats is None else programme.seats
                seat = np.full(len(part.fit), len(seats), np.int64)
                parts.append(replace(part, seat=seat))
                seats.append(Seat(programme, starts_on, room))
                count += len(part.fit)
        return _side_by_side(parts, tuple(seats)), count

    def _best(self, profiles: Sequence[CandidateProfile]) -> BestPairs:
        return best_pairs(
            profiles,
            self.country,
            top=self.limits.pairs_kept,
            take_ask_first=False,
            threads=self.threads,
        )

    def _part(
        self,
        profiles: Sequence[CandidateProfile],
        who: NDArray[np.int64],
        best: BestPairs,
        everybody: int,
        *,
        prune: bool,
    ) -> PossiblePairs:
        people = self.rows[who]
        cuts: tuple[Cuts, ...] = ()
        if prune:
            own, site, fit = _both_sides(best)
            cuts = (self._cuts(best, people, everybody),)
        else:
            pairs = every_pair(profiles, self.country, best.eligible, take_ask_first=False)
            own, site = pairs.candidate, pairs.vacancy.astype(np.int64)
            fit = pairs.fit.astype(np.int64)
        seat = np.full(len(own), NO_SEAT, np.int64)
        return PossiblePairs(people[own], self.sites[site], seat, fit, (), cuts)

    def _cuts(self, best: BestPairs, people: NDArray[np.int64], everybody: int) -> Cuts:
        """The last of each list that is full; nobody was left out of the others."""
        cuts = Cuts(
            np.full(everybody, COMPLETE, np.int64), np.full(self.vacancies, COMPLETE, np.int64)
        )
        last = np.where(best.vacancies[:, -1] >= 0, best.vacancy_fits[:, -1], COMPLETE)
        cuts.person[people] = last
        last = np.where(best.candidates[:, -1] >= 0, best.candidate_fits[:, -1], COMPLETE)
        cuts.vacancy[self.sites] = last
        return cuts

    def _keys(self, pairs: PossiblePairs) -> NDArray[np.int64]:
        return pairs.candidate * self.vacancies + pairs.vacancy


def _side_by_side(parts: Sequence[PossiblePairs], seats: tuple[Seat, ...]) -> PossiblePairs:
    empty = np.zeros(0, np.int64)
    return PossiblePairs(
        candidate=np.concatenate([empty, *(part.candidate for part in parts)]),
        vacancy=np.concatenate([empty, *(part.vacancy for part in parts)]),
        seat=np.concatenate([empty, *(part.seat for part in parts)]),
        fit=np.concatenate([empty, *(part.fit for part in parts)]),
        seats=seats,
        cuts=tuple(cut for part in parts for cut in part.cuts),
    )


def _joined(parts: Sequence[PossiblePairs]) -> PossiblePairs:
    """The parts of several rule sets as one; a start of a programme is shared by all of them."""
    numbers: dict[tuple[str, date], int] = {}
    seats: list[Seat] = []
    renumbered = []
    for part in parts:
        own = [NO_SEAT]
        for seat in part.seats:
            key = (seat.programme.reference, seat.starts_on)
            if key not in numbers:
                numbers[key] = len(seats)
                seats.append(seat)
            own.append(numbers[key])
        renumbered.append(np.array(own, np.int64)[part.seat + 1])
    shared = [replace(part, seat=seat) for part, seat in zip(parts, renumbered, strict=True)]
    return _side_by_side(shared, tuple(seats))


def _both_sides(
    best: BestPairs,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The pairs that stand in a list of either side, each once, so that no place stays empty for
    want of an entry in the lists of candidates."""
    vacancies, candidates = best.vacancies, best.candidates
    own = np.repeat(np.arange(len(vacancies)), vacancies.shape[1])
    theirs = np.repeat(np.arange(len(candidates)), candidates.shape[1])
    rows = np.stack(
        [
            np.concatenate([own, candidates.reshape(-1)]),
            np.concatenate([vacancies.reshape(-1), theirs]),
            np.concatenate([best.vacancy_fits.reshape(-1), best.candidate_fits.reshape(-1)]),
        ]
    ).astype(np.int64)
    rows = np.unique(rows[:, (rows[:2] >= 0).all(axis=0)], axis=1)
    return rows[0], rows[1], rows[2]
