"""Which executor an address asks for, and what must hold before anybody's answers go there."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from matcher.domain.errors import InvalidInput, Problem
from matcher.engine.spread import Executor

SETTING = "MATCHER_SCHEDULER"
LOCAL_MAXIMUM = 256
"""More processes than any one machine has cores for."""
_LOCAL = re.compile(r"local:([1-9][0-9]{0,3})")
_WAY_OUT = "give local:N, N processes on this machine, or tls://HOST:PORT of a scheduler"


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files that both sides of a link show: of the authority, of this side, and its key."""

    authority: Path
    certificate: Path
    key: Path


def executor_at(
    address: str,
    *,
    authority: str | None = None,
    certificate: str | None = None,
    key: str | None = None,
) -> Executor:
    """The executor that `address` names, not connected yet.

    ``local:N`` is N processes of this machine; ``tls://HOST:PORT`` a Dask scheduler, for which the
    three files are needed; ``tcp://`` only on this machine. InvalidInput names what is wrong.
    """
    local = _LOCAL.fullmatch(address)
    if local is not None:
        processes = int(local[1])
        if processes > LOCAL_MAXIMUM:
            raise InvalidInput([Problem(SETTING, f"at most local:{LOCAL_MAXIMUM}")])
    else:
        _check_address(address)
    try:
        from matcher.engine.cluster import OnScheduler, OnThisMachine
    except ImportError as error:
        why = "needs the extra distributed: pip install 'matcher[distributed]'"
        raise InvalidInput([Problem(SETTING, why)]) from error
    if local is not None:
        return OnThisMachine(processes)
    files = {"CA": authority, "CERT": certificate, "KEY": key}
    if address.startswith("tcp://") and not any(files.values()):
        return OnScheduler(address, None)
    return OnScheduler(address, Certificates(**_present(files)))


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    try:
        known = parts.hostname is not None and parts.port is not None
    except ValueError:
        known = False
    if parts.scheme not in ("tls", "tcp") or not known:
        raise InvalidInput([Problem(SETTING, f"{address!r} is no such address: {_WAY_OUT}")])
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname or ""):
        why = f"{address!r} is not sealed: people's answers leave this machine over tls:// only"
        raise InvalidInput([Problem(SETTING, why)])


def _is_loopback(host: str) -> bool:
    # Names are not looked up: what they lead to may change.
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _present(files: dict[str, str | None]) -> dict[str, Path]:
    problems = []
    for name, given in files.items():
        if not given:
            problems.append(Problem(f"{SETTING}_{name}", "a tls:// address needs this PEM file"))
        elif not Path(given).is_file():
            problems.append(Problem(f"{SETTING}_{name}", f"there is no file {given}"))
    if problems:
        raise InvalidInput(problems)
    names = {"CA": "authority", "CERT": "certificate", "KEY": "key"}
    return {names[name]: Path(given) for name, given in files.items() if given}
