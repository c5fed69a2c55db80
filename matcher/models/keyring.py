"""The keys that rows are sealed with, and where they are kept: never in the database.

``MATCHER_DATA_KEY`` holds them (32 bytes in base64; several separated by commas), which is how a
service in use should get them: from outside the database server. Without it they stand in the file
``data_keys`` beside the embedded database, or for a server in the instance folder; the first is
made on first use. The first key seals, all of them open, so that a new one can come without a day
on which nothing is readable.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from matcher.domain.errors import MatcherError

VARIABLE: Final = "MATCHER_DATA_KEY"
FILE_NAME: Final = "data_keys"
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_MARK: Final = "s1"
"""The form of a sealed text: ``s1.<number of the key>.<nonce and ciphertext in base64>``."""


class DataKeyError(MatcherError):
    """What was sealed cannot be opened here, or the keys given are no keys."""


@dataclass(frozen=True)
class DataKey:
    """One secret; what seals and what else needs a key is derived from it, each apart."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuses a secret of another length: a short one would be guessed."""
        if len(self.secret) != KEY_BYTES:
            raise DataKeyError(f"a data key is {KEY_BYTES} bytes in base64")

    @classmethod
    def new(cls) -> DataKey:
        """A key that nobody has seen."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_text(cls, text: str) -> DataKey:
        """The key as `text` writes it, in base64 of either alphabet."""
        plain = text.strip().replace("-", "+").replace("_", "/")
        try:
            return cls(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
        except (binascii.Error, ValueError):
            # `from None`: the cause would carry the text that was given as a key.
            raise DataKeyError(f"a data key is {KEY_BYTES} bytes in base64") from None

    @property
    def text(self) -> str:
        """The key as it stands in a file."""
        return base64.b64encode(self.secret).decode("ascii")

    def derived(self, use: str) -> bytes:
        """32 bytes for one other use; knowing them tells nothing of the key."""
        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"matcher:{use}".encode())
        return hkdf.derive(self.secret)

    @cached_property
    def number(self) -> str:
        """What names the key in what it sealed: eight characters that tell nothing of it."""
        return self.derived("number").hex()[:8]

    @cached_property
    def cipher(self) -> AESGCM:
        """AES-256-GCM under a key of its own."""
        return AESGCM(self.derived("seal"))


class Keyring:
    """The keys of one installation; read when something is first sealed or opened.

    `given` are keys from the environment; else they are in a file in `folder`; with neither they
    live as long as this object, for a database in memory. `database` is the name of the database,
    for what else is kept beside the keys.
    """

    def __init__(
        self, given: Sequence[DataKey] = (), folder: Path | None = None, database: str = ""
    ) -> None:
        self.folder = folder
        self.database = database
        self.is_given = bool(given)
        self._keys: tuple[DataKey, ...] = tuple(given)
        self._lock = Lock()

    @property
    def keys(self) -> tuple[DataKey, ...]:
        """All keys, the one that seals first."""
        if not self._keys:
            with self._lock:
                if not self._keys:
                    self._keys = self._read()
        return self._keys

    def _read(self) -> tuple[DataKey, ...]:
        if self.folder is None:
            return (DataKey.new(),)
        path = self.folder / FILE_NAME
        if not path.exists():
            _make(path)
        return _keys_in(path.read_text(encoding="ascii"), str(path))

    def seal(self, text: str, use: str) -> str:
        """`text` sealed for one `use` (table and column): opened for another it is refused."""
        key = self.keys[0]
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + key.cipher.encrypt(nonce, text.encode(), use.encode())
        return f"{_MARK}.{key.number}.{base64.b64encode(sealed).decode('ascii')}"

    def open(self, sealed: str, use: str) -> str:
        """The text again; DataKeyError without its key, or when it was tampered with or moved."""
        mark, _, rest = sealed.partition(".")
        number, _, body = rest.partition(".")
        if mark != _MARK:
            raise DataKeyError(f"{use} holds something that was never sealed")
        data = base64.b64decode(body)
        try:
            plain = self._key(number, use).cipher.decrypt(
                data[:_NONCE_BYTES], data[_NONCE_BYTES:], use.encode()
            )
        except InvalidTag:
            raise DataKeyError(f"a row of {use} was changed outside the program") from None
        return plain.decode()

    def _key(self, number: str, use: str) -> DataKey:
        for key in self.keys:
            if key.number == number:
                return key
        if not self.is_given and self.folder is not None:
            # Another process may have made a new key since this one read the file.
            with self._lock:
                self._keys = self._read()
            for key in self._keys:
                if key.number == number:
                    return key
        raise DataKeyError(
            f"{use} is sealed with key {number}, which is not here; "
            f"add that key to {VARIABLE} or to the file {FILE_NAME}"
        )

    def sealed_under(self, key: DataKey) -> str:
        """How every text begins that `key` sealed."""
        return f"{_MARK}.{key.number}."

    def derived_key(self, use: str) -> bytes:
        """32 bytes for another use, such as ``audit``.

        They come from the oldest key, so that they stay the same when a newer one seals.
        """
        return self.keys[-1].derived(use)

    def derived_keys(self, use: str) -> tuple[bytes, ...]:
        """Those of every key, for recognising what was made under any of them."""
        return tuple(key.derived(use) for key in self.keys)

    def beside(self, kind: str) -> Path | None:
        """The file of a `kind` that is kept beside the keys; None for a database in memory."""
        return None if self.folder is None else self.folder / f"{self.database}.{kind}"

    def add(self, *keys: DataKey, seals: bool) -> None:
        """Puts keys on the ring: before all others when they are to seal, else behind them.

        DataKeyError for a ring from the environment, which only its owner can change.
        """
        if self.is_given:
            raise DataKeyError(f"the keys stand in {VARIABLE}; add the new one there, in front")
        known = {key.number for key in self.keys}
        new = tuple(key for key in keys if key.number not in known)
        ring = (*new, *self.keys) if seals else (*self.keys, *new)
        if self.folder is not None:
            _replace(self.folder / FILE_NAME, ring)
        self._keys = ring


def _keys_in(text: str, where: str) -> tuple[DataKey, ...]:
    found = tuple(DataKey.from_text(part) for part in text.replace(",", "\n").split())
    if not found:
        raise DataKeyError(f"{where} holds no data key")
    return found


def _written_aside(path: Path, keys: Iterable[DataKey]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.writelines(f"{key.text}\n" for key in keys)
        stream.flush()
        os.fsync(stream.fileno())
    return name


def _make(path: Path) -> None:
    # Written aside and then linked: workers that start together all read the same whole key.
    name = _written_aside(path, [DataKey.new()])
    with contextlib.suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)


def _replace(path: Path, keys: Iterable[DataKey]) -> None:
    Path(_written_aside(path, keys)).replace(path)


def number_in(sealed: str) -> str | None:
    """The number of the key that sealed a text; None for a text that is not sealed."""
    mark, _, rest = sealed.partition(".")
    return rest.partition(".")[0] if mark == _MARK else None


_RINGS: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()
"""The ring of each engine, by its dialect: all that a column type gets to see of an engine."""


def keyring_for(url: URL, given: str | None, folder: Path | None) -> Keyring:
    """The ring of the database at `url`.

    `given` are keys as text, by default those of the environment. `folder` is the instance
    folder, for a database on a server; an embedded one has its keys beside it.
    """
    text = given or os.environ.get(VARIABLE)
    keys = _keys_in(text, VARIABLE) if text else ()
    database = url.database or ""
    if url.get_backend_name() == "sqlite":
        if database in ("", ":memory:"):
            return Keyring(keys)
        file = Path(database).absolute()
        return Keyring(keys, file.parent, file.name)
    named = os.environ.get("MATCHER_INSTANCE_DIR")
    return Keyring(keys, folder or (Path(named) if named else Path.cwd() / "instance"), database)


def attach(engine: Engine, ring: Keyring) -> None:
    """From now on sealed columns of `engine` use `ring`."""
    _RINGS[engine.dialect] = ring


def keyring_of(bind: Session | Connection | Engine | Dialect) -> Keyring:
    """The ring behind a session, connection or engine that ``make_engine`` made."""
    if isinstance(bind, Session):
        bind = bind.get_bind()
    dialect = bind if isinstance(bind, Dialect) else bind.dialect
    try:
        return _RINGS[dialect]
    except KeyError:
        raise DataKeyError("this engine has no data keys; make it with make_engine") from None
