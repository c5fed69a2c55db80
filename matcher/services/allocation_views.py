"""An allocation as rows and figures: what files, the API and pages are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.domain.allocating import Choice, Method
from matcher.engine.problem import NO_SEAT
from matcher.engine.solve import solve
from matcher.engine.worth import UNPROVEN, Worth, worth_of_more
from matcher.services.allocation_inputs import HUNDREDTHS
from matcher.services.allocations import AllocationResult


def proposal_rows(result: AllocationResult) -> list[dict[str, Any]]:
    """The proposals, in the order of the candidates' references (contract.md section 3)."""
    return [
        {
            "candidate": proposal.candidate,
            "vacancy": proposal.vacancy,
            "programme": proposal.programme,
            "value": proposal.value,
            "guidance_guessed": proposal.guidance_guessed,
            "locked": proposal.locked,
        }
        for proposal in result.proposals
    ]


def edge_rows(result: AllocationResult) -> list[dict[str, Any]]:
    """Exactly what the solver got, pair by pair in the order of the references.

    `guidance_hours` is what the candidate takes of the site's hours.
    """
    pairs, problem = result.pairs, result.problem
    rows = []
    for at in range(len(pairs.fit)):
        person = int(pairs.candidate[at])
        seat = int(pairs.seat[at])
        rows.append(
            {
                "candidate": result.placeable[person].profile.reference,
                "vacancy": result.sites[int(pairs.vacancy[at])].reference,
                "programme": None if seat == NO_SEAT else pairs.seats[seat].programme.reference,
                "value": int(pairs.fit[at]),
                "guidance_hours": int(problem.need[person]) / HUNDREDTHS,
            }
        )
    return sorted(rows, key=_edge_order)


def _edge_order(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["candidate"], row["vacancy"], row["programme"] or ""


def summary(result: AllocationResult, choice: Choice) -> dict[str, Any]:
    """The allocation in figures: what was possible, what is proposed, and what would help."""
    placed = [p for p in result.proposals if p.vacancy is not None]
    seats = [p for p in result.proposals if p.vacancy is None]
    return {
        "method": result.allocation.method,
        "lanes": [lane.value for lane in choice.lanes],
        "seed": choice.seed,
        "places": result.places,
        "proposed": len(placed),
        "seats_proposed": len(seats),
        "objective": result.allocation.value,
        "bound": result.allocation.bound,
        "gap": round(result.allocation.gap, 6),
        "pruned": result.pairs.pruned,
        "loss_at_most": result.loss,
        "edges": len(result.pairs.fit),
        "guidance_guessed": [p.candidate for p in placed if p.guidance_guessed],
        "locked": [p.candidate for p in placed if p.locked],
        "floor": {"share": choice.floor, "price_percent": round(result.floor_price * 100, 4)},
        "seats": _seat_order(result),
        **worth_rows(result),
        "unplaced": dict(result.unplaced),
    }


def _seat_order(result: AllocationResult) -> dict[str, Any]:
    """How seats alone went, and the price of that order: fit not opened, days waited passed by."""
    seats = result.seats
    lost = max(0, seats.other_value - seats.value)
    return {
        "order": seats.order.value,
        "price_percent": round(100 * lost / seats.other_value, 4) if seats.other_value else 0.0,
        "days_passed_by": max(0, seats.other_days - seats.days),
    }


def worth_rows(result: AllocationResult) -> dict[str, dict[str, int | None]]:
    """What one more place at each vacancy, and seat on each start, adds to the best value.

    In hundredths and exact; None where that would take too long to prove, and then `…_price` holds
    the estimate of the relaxation.
    """
    optimum = result.allocation
    if optimum.method != Method.OPTIMAL.value:
        optimum = solve(result.problem, Method.OPTIMAL, result.settled)
    places, seats = worth_of_more(result.problem, optimum, result.settled)
    sites = [site.reference for site in result.sites]
    starts = [seat.programme.reference for seat in result.pairs.seats]
    return {
        "one_more_place": _exact(sites, places),
        "one_more_place_price": _prices(sites, places),
        "one_more_seat": _exact(starts, seats),
        "one_more_seat_price": _prices(starts, seats),
    }


def _exact(names: Sequence[str], worth: Worth) -> dict[str, int | None]:
    found = zip(names, worth.exact.tolist(), strict=True)
    return {name: None if exact == UNPROVEN else exact for name, exact in sorted(found)}


def _prices(names: Sequence[str], worth: Worth) -> dict[str, int | None]:
    found = zip(names, worth.exact.tolist(), worth.price.tolist(), strict=True)
    return {name: price for name, exact, price in sorted(found) if exact == UNPROVEN}
