"""How ties are shown: an order that nobody can influence and that is the same everywhere.

Pairs of equal fit have equal rank; where a list must be cut or written down, this decides. It is a
mix of the two references and a seed, after splitmix64 (Steele, Lea and Flood, 2014), so that the
batch kernel can compute the same numbers for hundreds of millions of pairs.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

TIE_BITS = 50
"""Bits of a tie; a fit in hundredths stands above them in one 64-bit key."""
_ALL = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB


@lru_cache(maxsize=65_536)
def reference_key(reference: str) -> int:
    """64 bits that stand for a reference wherever ties are ordered."""
    return int.from_bytes(sha256(reference.encode()).digest()[:8], "little")


def tie(candidate: str, vacancy: str, seed: int = 0) -> int:
    """A number below 2 to the power `TIE_BITS`; among equal fits the larger one comes first."""
    own = reference_key(candidate) ^ (seed & _ALL)
    mixed = (own + reference_key(vacancy) * GOLDEN) & _ALL
    mixed = ((mixed ^ (mixed >> 30)) * FIRST) & _ALL
    mixed = ((mixed ^ (mixed >> 27)) * SECOND) & _ALL
    return (mixed ^ (mixed >> 31)) >> (64 - TIE_BITS)
