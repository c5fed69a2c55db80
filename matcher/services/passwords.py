"""Hashes of what people remember or type: passwords, and the short codes of candidates."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


@cache
def hasher() -> PasswordHasher:
    """The settings that new hashes get."""
    # The defaults of the library: RFC 9106's low-memory profile, 64 MiB and 0.12 s a hash.
    return PasswordHasher()


@cache
def nobodys_hash() -> str:
    """What a password is compared with for a name that does not exist.

    Every answer so takes as long.
    """
    return hasher().hash(secrets.token_urlsafe(32))


def hash_text(text: str) -> str:
    """The argon2id hash of `text`."""
    return hasher().hash(text)


def is_hash_of(known: str, text: str) -> bool:
    """Whether `known` was made of `text`."""
    try:
        return hasher().verify(known, text)
    except (VerificationError, InvalidHashError):
        return False


def renewed(known: str, text: str) -> str:
    """`known`, or a new hash of `text` when the settings have become stronger since."""
    return hash_text(text) if hasher().check_needs_rehash(known) else known
