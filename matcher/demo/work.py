"""Invented employers, vacancies, public contracts and the arrangement that ties some together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

import numpy as np

from matcher.demo.contracts import Contract, Contractor, draw_contracts
from matcher.demo.spec import Spec, pick, quota
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import DEMANDS, LOADS

STREAM = 716
"""Draws of work come from their own stream, so that more candidates change no vacancy."""
NEEDS = ("rhythm", "work_skills", "language_speak", "language_read")
PLACES_A_BUDDY = 2
POOL, SOCIAL = "pool", "social"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Employers, school and region with one target; vacancies and programmes carry `name`."""

    name: str
    region: str
    sectors: tuple[str, ...]
    target: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Work:
    """Everything on the side of employers."""

    vacancies: tuple[VacancyProfile, ...]
    contractors: tuple[Contractor, ...]
    contracts: tuple[Contract, ...]
    arrangements: tuple[Arrangement, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """One vacancy to be made: of which employer, class and type."""

    contractor: Contractor
    employer: Mapping[str, Any]
    kind: str


def draw_work(
    spec: Spec,
    population: Spec,
    seed: int,
    on: date,
    count: int,
    region: str,
    spots: Sequence[int] | None,
    lang: str,
) -> Work:
    """`count` vacancies of as many employers as it takes; `spots` are postcodes to spread over."""
    return _Maker(spec, population, np.random.default_rng([STREAM, seed]), on, region, spots).work(
        count, lang
    )


class _Maker:
    def __init__(
        self,
        spec: Spec,
        population: Spec,
        rng: np.random.Generator,
        on: date,
        region: str,
        spots: Sequence[int] | None,
    ) -> None:
        self.spec = spec
        self.towns = list(population["postcodes"].values())
        self.rng = rng
        self.on = on
        self.region = region
        self.spots = spots

    def work(self, count: int, lang: str) -> Work:
        contractors, slots = self.employers(count)
        arrangement = self.arrangement()
        kinds = self.contract_types(slots)
        flex = self.shuffled(self.spec["flex_weeks"], count)
        shares = {kind: self.shares_of(kind, slots) for kind in self.spec["types"]}
        seen: dict[str, int] = {}
        vacancies = []
        for number, slot in enumerate(slots):
            turn = seen.get(slot.kind, 0)
            seen[slot.kind] = turn + 1
            vacancy = self.vacancy(number, slot, kinds[number], shares[slot.kind], turn, lang)
            in_arrangement = vacancy.sector in arrangement.sectors and kinds[number] in (
                "bbl",
                "secondment",
            )
            vacancies.append(
                replace(
                    vacancy,
                    flex_weeks=flex[number],
                    arrangement=arrangement.name if in_arrangement else None,
                )
            )
        return Work(
            tuple(self.with_impossible(vacancies, slots)),
            tuple(contractors),
            draw_contracts(self.spec["employers"], contractors, self.rng, self.on),
            (arrangement,),
        )

    def employers(self, count: int) -> tuple[list[Contractor], list[_Slot]]:
        """All employers of the table in a random order, again until there are enough slots."""
        contractors: list[Contractor] = []
        slots: list[_Slot] = []
        rows = [
            (employer, work) for employer in self.spec["employers"] for work in employer["work"]
        ]
        while len(slots) < count:
            first = len(contractors)
            for position in self.rng.permutation(len(rows)):
                employer, work = rows[position]
                if len(slots) >= count:
                    break
                low, high = employer["size"]
                number = len(contractors) + 1
                contractor = Contractor(
                    reference=f"demo-b{number:03d}",
                    name=f"Voorbeeldbedrijf {number:03d} (verzonnen)",
                    region=self.region,
                    sector=work["sector"],
                    employer_size=int(self.rng.integers(low, high + 1)),
                    pc4=self.postcode(),
                    kind=employer["class"],
                )
                contractors.append(contractor)
                room = count - len(slots)
                slots += [_Slot(contractor, employer, kind) for kind in work["vacancies"][:room]]
            self.lend(contractors, first)
        return contractors, slots

    def lend(self, contractors: list[Contractor], first: int) -> None:
        """The training pool of one round lends to employers of civil engineering in that round."""
        for index in range(first, len(contractors)):
            pool = contractors[index]
            if pool.kind != POOL:
                continue
            partners = [
                c.reference
                for c in contractors[first:]
                if c.kind not in (POOL, SOCIAL) and c.sector in ("F42", "F43")
            ]
            lends_to = next(e for e in self.spec["employers"] if e["class"] == POOL)["lends_to"]
            chosen = self.rng.permutation(len(partners))[:lends_to]
            contractors[index] = replace(
                pool, lends_to=tuple(sorted(partners[position] for position in chosen))
            )

    def postcode(self) -> int:
        if self.spots is not None:
            return self.spots[int(self.rng.integers(len(self.spots)))]
        town = self.towns[int(pick(self.rng.random(1), [town["weight"] for town in self.towns])[0])]
        return int(self.rng.choice(town["pc4"]))

    def shuffled(self, shares: Mapping[Any, float], count: int) -> list[Any]:
        """`count` keys in exact shares, in random order; the first key takes what is left."""
        keys = list(shares)
        counts = {key: quota(count, shares[key]) for key in keys[1:]}
        row = [key for key in keys[1:] for _ in range(counts[key])][:count]
        row += [keys[0]] * (count - len(row))
        return [row[position] for position in self.rng.permutation(count)]

    def contract_types(self, slots: Sequence[_Slot]) -> list[str]:
        """Exact shares over all vacancies, given out where they belong.

        The pool's own are secondment, then other employers' people from the pool; ground workers
        and after them the other trades are bbl; work experience goes to the social firm, a trial
        to the smallest firms.
        """
        total = len(slots)
        left = {kind: quota(total, share) for kind, share in self.spec["contract_types"].items()}
        left["temporary"] += total - sum(left.values())
        preferences: dict[str, list[tuple[str, ...]]] = {
            "secondment": [(POOL,), ("medium", "large")],
            "work_experience": [(SOCIAL,), ("small", "medium")],
            "trial": [("smallest",), ("small", "medium", "large")],
            "permanent": [("large", "medium", "small", "smallest", SOCIAL, POOL)],
        }
        given: dict[int, str] = {}
        order = list(self.rng.permutation(total))
        for kind, classes in preferences.items():
            for wanted in classes:
                for index in order:
                    fits = slots[index].employer["class"] in wanted
                    if left[kind] > 0 and index not in given and fits:
                        given[index] = kind
                        left[kind] -= 1
        trades = [index for index in order if index not in given]
        bbl_first = sorted(
            trades, key=lambda i: self.spec["types"][slots[i].kind].get("contract_type") != "bbl"
        )
        for index in bbl_first:
            kind = "bbl" if left["bbl"] > 0 else "temporary"
            given[index] = kind
            left[kind] -= 1
        return [given[index] for index in range(total)]

    def shares_of(self, kind: str, slots: Sequence[_Slot]) -> dict[tuple[str, str], list[bool]]:
        """For each share in a type: which of its vacancies have it, in exact numbers."""
        spec = self.spec["types"][kind]
        count = sum(slot.kind == kind for slot in slots)
        found: dict[tuple[str, str], list[bool]] = {}
        for group in ("licences", "credentials", "taught", "more_shifts"):
            for code, percent in spec.get(group, {}).items():
                have = quota(count, percent)
                row = [True] * have + [False] * (count - have)
                found[group, code] = [row[position] for position in self.rng.permutation(count)]
        return found

    def vacancy(
        self,
        number: int,
        slot: _Slot,
        contract_type: str,
        shares: Mapping[tuple[str, str], list[bool]],
        turn: int,
        lang: str,
    ) -> VacancyProfile:
        spec = self.spec["types"][slot.kind]
        employer = slot.employer

        def having(group: str) -> frozenset[str]:
            return frozenset(code for (g, code), row in shares.items() if g == group and row[turn])

        places = self.between(employer["places"])
        demands: dict[str, Any] = {
            load: DEMANDS.index(spec["demands"].get(load, "none")) for load in LOADS
        }
        adaptable = frozenset(
            load
            for load in LOADS
            if demands[load] and self.rng.random() * 100 < employer["adaptable"]
        )
        credentials = having("credentials")
        taught = having("taught") | (frozenset(spec.get("taught_else", ())) - credentials)
        low, high = spec["wage"]
        wage = self.spec["minimum_wage_hour_cents"] * int(self.rng.integers(low, high + 1))
        shifts = (*spec.get("shifts", ("day",)), *sorted(having("more_shifts")))
        trained = self.rng.random() * 100 < employer["buddy"]
        return VacancyProfile(
            reference=f"demo-v{number + 1:03d}",
            contractor=slot.contractor.reference,
            region=self.region,
            sector=slot.contractor.sector,
            places=places,
            title=spec["title"]["nl" if lang == "nl" else "en"],
            employer_size=slot.contractor.employer_size,
            occupation=spec["occupation"],
            contract_type=contract_type,
            employer_of_record="Opleidingsbedrijf" if contract_type == "secondment" else None,
            learning_level=str(self.rng.choice(("entree", "2")))
            if contract_type == "bbl"
            else None,
            hours_min=spec["hours"][0],
            hours_max=spec["hours"][1],
            shifts=shifts,
            day_starts_at=time.fromisoformat(spec["starts_at"]),
            site_pc4=slot.contractor.pc4,
            reachable_by=self.reachable_by(employer),
            **demands,
            **dict(zip(NEEDS, spec["needs"], strict=True)),
            digital=0,
            education=1,
            adaptable=adaptable,
            licences=having("licences"),
            credentials=credentials,
            credentials_taught=taught,
            guidance_hours=places * self.between(employer["guidance_hours"]),
            buddies=-(-places // PLACES_A_BUDDY) if trained else 0,
            start_on=self.start_on(),
            contract_months=self.between(spec["months"]),
            wage_hour_cents=round(wage / 100),
        )

    def reachable_by(self, employer: Mapping[str, Any]) -> frozenset[str]:
        """Any way, or for a depot out of town the ways without a bus."""
        out_of_town = self.rng.random() * 100 < employer["out_of_town"]
        return frozenset(self.spec["out_of_town_by"]) if out_of_town else frozenset()

    def between(self, limits: Sequence[int]) -> int:
        return int(self.rng.integers(limits[0], limits[1] + 1))

    def start_on(self) -> date:
        """A Monday within the weeks that starts are spread over, today at the earliest."""
        monday = self.on + timedelta(days=-self.on.weekday() % 7)
        return monday + timedelta(weeks=self.between(self.spec["start_weeks"]))

    def with_impossible(
        self, vacancies: list[VacancyProfile], slots: Sequence[_Slot]
    ) -> Iterator[VacancyProfile]:
        """The vacancies, the first fitting one of each impossible combination made so."""
        todo = list(self.spec["impossible"])
        for vacancy, slot in zip(vacancies, slots, strict=True):
            for wish in todo:
                if (slot.kind, slot.employer["class"]) == (wish["type"], wish["class"]):
                    vacancy = impossible(vacancy, wish, self.spec["minimum_wage_hour_cents"])
                    todo.remove(wish)
                    break
            yield vacancy

    def arrangement(self) -> Arrangement:
        spec = self.spec["arrangement"]
        return Arrangement(
            name=spec["name"],
            region=self.region,
            sectors=tuple(spec["sectors"]),
            target=spec["target"],
            from_on=self.on - timedelta(weeks=spec["weeks_before"]),
            until_on=self.on + timedelta(weeks=spec["weeks_after"]),
        )


def impossible(
    vacancy: VacancyProfile, wish: Mapping[str, Any], minimum_wage_hour_cents: int
) -> VacancyProfile:
    """`vacancy` with the combination that nobody can meet."""
    values: dict[str, Any] = {}
    for name in ("reachable_by", "licences"):
        if name in wish:
            values[name] = frozenset(wish[name])
    if "shifts" in wish:
        values["shifts"] = tuple(wish["shifts"])
    if "starts_at" in wish:
        values["day_starts_at"] = time.fromisoformat(wish["starts_at"])
    if "language_speak" in wish:
        values["language_speak"] = wish["language_speak"]
    if "wage_percent" in wish:
        values["wage_hour_cents"] = round(minimum_wage_hour_cents * wish["wage_percent"] / 100)
    return replace(vacancy, **values)
