"""Bit counting inside compiled code: one machine instruction each, which numba does not expose."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic


@intrinsic
def population_count(_context: Any, value: Any) -> Any:
    """How many bits of an unsigned integer are set."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return value(value), generate


@intrinsic
def lowest_bit(_context: Any, value: Any) -> Any:
    """The position of the lowest set bit of a 64-bit unsigned integer that is not 0."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        never_zero = context.get_constant(types.boolean, True)
        return builder.cttz(arguments[0], never_zero)

    return value(value), generate
