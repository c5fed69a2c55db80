"""Where a table comes from: its name, its bytes and its format, with a bound on its size."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from matcher.domain.errors import InvalidInput, Problem

SIZE_MAXIMUM: Final = 256 * 1024 * 1024
"""The largest file that is read, in bytes: about a million candidates."""

STANDARD_STREAM: Final = "-"
FORMATS: Final = ("csv", "xlsx", "json", "parquet")
_ENDINGS: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".parquet": "parquet",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A table as bytes; `name` is how problems call it, `format` one of `FORMATS` or ``vum``."""

    name: str
    data: bytes
    format: str

    def refused(self, why: str) -> InvalidInput:
        """The whole file refused, by name and reason."""
        return InvalidInput([Problem(self.name, why)])


def format_of(name: str) -> str:
    """The format that a file name's ending says; ``-`` is CSV. Raises `InvalidInput`."""
    if name == STANDARD_STREAM:
        return "csv"
    ending = Path(name).suffix.lower()
    if ending == ".xls":
        raise InvalidInput(
            [Problem(Path(name).name, "is an old Excel file; save it as .xlsx and try again")]
        )
    if ending not in _ENDINGS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise InvalidInput(
            [Problem(Path(name).name or name, f"has no ending that is known; use {known}")]
        )
    return _ENDINGS[ending]


def open_source(name: str | Path, file_format: str = "auto") -> Source:
    """The file `name`, or standard input for ``-``; `InvalidInput` when it cannot be read.

    With ``auto`` the ending says the format, and a JSON file in the shape of VUM is VUM.
    """
    text = str(name)
    chosen = format_of(text) if file_format == "auto" else file_format
    if text == STANDARD_STREAM:
        label = "standard input"
        data = _bounded(sys.stdin.buffer, label)
    else:
        label = Path(text).name
        data = _read(Path(text), label)
    return source_of(label, data, chosen, detect_vum=file_format == "auto")


def source_of(name: str, data: bytes, file_format: str, *, detect_vum: bool = False) -> Source:
    """Bytes at hand as a source; refused when empty or when they are plainly another format."""
    source = Source(name, data, file_format)
    if not data:
        raise source.refused("is empty (0 bytes); export it again")
    is_zip = data[:4] in (b"PK\x03\x04", b"PK\x05\x06")
    if file_format == "xlsx" and not is_zip:
        if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise source.refused(
                "is an old or a password-protected Excel file; save it as .xlsx without a password"
            )
        raise source.refused("is no Excel workbook, whatever its name says; save it as .xlsx")
    if file_format in ("csv", "json", "vum") and is_zip:
        raise source.refused("is an Excel workbook or a zip file; name it .xlsx or unpack it")
    is_parquet = data[:4] == b"PAR1"
    if file_format == "parquet" and not is_parquet:
        raise source.refused("is no parquet file, whatever its name says")
    if file_format in ("csv", "json", "vum") and is_parquet:
        raise source.refused("is a parquet file; name it .parquet")
    if detect_vum and file_format == "json" and looks_like_vum(data):
        return Source(name, data, "vum")
    return source


def looks_like_vum(data: bytes) -> bool:
    """Whether JSON names a jobseeker or vacancy the way VUM does, in its first part."""
    head = data[:65536]
    return b'"idWerkzoekende"' in head or b'"idVacature"' in head


def _read(path: Path, label: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return _bounded(stream, label)
    except FileNotFoundError:
        raise InvalidInput([Problem(label, "does not exist; check the path")]) from None
    except IsADirectoryError:
        raise InvalidInput([Problem(label, "is a folder; name a file in it")]) from None
    except OSError as error:
        raise InvalidInput([Problem(label, f"cannot be read: {error.strerror}")]) from None


def _bounded(stream: BinaryIO, label: str) -> bytes:
    data = stream.read(SIZE_MAXIMUM + 1)
    if len(data) > SIZE_MAXIMUM:
        size = SIZE_MAXIMUM // (1024 * 1024)
        raise InvalidInput([Problem(label, f"is larger than {size} MB; split it")])
    return data
