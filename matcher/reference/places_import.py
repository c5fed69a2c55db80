"""GeoNames postal-code files into centroids: what can be used, and why the rest cannot.

The files come as tab-separated text, or as the zip that GeoNames serves. Nothing in them is
trusted: sizes are limited while reading, and a row is refused by its number.
"""

from __future__ import annotations

import io
import math
import os
import re
import time
import urllib.request
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from statistics import fmean, median
from typing import Any, Protocol
from urllib.parse import urlsplit

from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.places import great_circle_km
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

DEFAULT_URL = "https://download.geonames.org/export/zip/NL.zip"
"""The public GeoNames export of Dutch four-digit postcodes (CC BY 4.0)."""
URL_VARIABLE = "MATCHER_PLACES_URL"

COLUMNS = 12
"""country, postal code, place, three pairs of name and code, latitude, longitude, accuracy."""
MEBIBYTE = 1024 * 1024
MAXIMUM_BYTES = 128 * MEBIBYTE
"""The full export of six-character postcodes is about 40 MB of text."""
MAXIMUM_MEMBERS = 20
CHUNK = 64 * 1024
POSTCODE = re.compile(r"([1-9]\d{3})\s?(?:[A-Za-z]{2})?")
FILE = "file"
UNREADABLE_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a compression that Python does not know
    RuntimeError,  # encrypted
    EOFError,
)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


Point = tuple[float, float]
Outline = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One four-digit postcode and the mean of its accepted rows, in degrees (WGS 84)."""

    pc4: int
    place: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class PlacesImport:
    """What a file gave: the codes in order, a problem a refused row, and the rows it had."""

    rows: tuple[PlaceRow, ...]
    problems: tuple[Problem, ...]
    rows_read: int


@dataclass(frozen=True, slots=True)
class Country:
    """The outline of ``data/places/country.yaml``; a point on or inside it is in the country."""

    code: str
    outline: Outline
    maximum_km: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether the point lies inside, by counting the edges east of it."""
        inside = False
        edges = zip(self.outline, (*self.outline[1:], self.outline[0]), strict=True)
        for (lat_a, lon_a), (lat_b, lon_b) in edges:
            if (lat_a > latitude) != (lat_b > latitude):
                crossing = lon_a + (latitude - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
                if longitude < crossing:
                    inside = not inside
        return inside


@dataclass(frozen=True, slots=True)
class _Read:
    row: int
    pc4: int
    place: str
    point: Point


def load_country() -> Country:
    """The country of the data folder."""
    return _country(data_dir() / "places" / "country.yaml")


@lru_cache(maxsize=8)
def _country(path: Path) -> Country:
    content: Mapping[str, Any] = read_yaml(path)
    outline = tuple((float(lat), float(lon)) for lat, lon in content["outline"])
    return Country(content["country_code"], outline, float(content["maximum_km_from_group"]))


def read_places(path: Path) -> PlacesImport:
    """The places of the file at `path`; `InvalidInput` when the file as a whole cannot be read."""
    if path.stat().st_size > MAXIMUM_BYTES:
        raise _refused(f"larger than {MAXIMUM_BYTES // MEBIBYTE} MB")
    return parse_places(path.read_bytes())


def parse_places(content: bytes, country: Country | None = None) -> PlacesImport:
    """The places in the bytes of a GeoNames file, text or zip.

    Every row is refused on its own, with the reason: a wrong number of columns, another country, a
    code or coordinates that cannot be read, a point outside the outline, or one further than the
    country allows from the median of the codes with its first two digits. The rows that are left
    of one code count with their mean, so the order of rows does not matter.
    """
    country = country or load_country()
    text = _unzipped(content) if zipfile.is_zipfile(io.BytesIO(content)) else content
    if not text.strip():
        raise _refused("empty; expected a GeoNames postal-code file")
    problems: list[Problem] = []
    read: list[_Read] = []
    rows = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        rows += 1
        parsed = _parse(number, line, country)
        if isinstance(parsed, Problem):
            problems.append(parsed)
        else:
            read.append(parsed)
    kept, far = _near_their_group(read, country.maximum_km)
    problems.extend(far)
    problems.sort(key=lambda problem: problem.row or 0)
    return PlacesImport(tuple(_means(kept)), tuple(problems), rows)


def _parse(number: int, line: bytes, country: Country) -> _Read | Problem:
    try:
        cells = line.decode("utf-8-sig" if number == 1 else "utf-8").split("\t")
    except UnicodeDecodeError:
        return Problem("line", "not UTF-8 text", number)
    if len(cells) != COLUMNS:
        why = f"{len(cells)} columns, a GeoNames postal-code row has {COLUMNS} separated by tabs"
        return Problem("line", why, number)
    if cells[0].strip() != country.code:
        return Problem("country", f"not {country.code}", number)
    code = POSTCODE.fullmatch(cells[1].strip())
    if code is None:
        return Problem("postal code", "not four digits from 1000 to 9999", number)
    latitude, longitude = _degrees(cells[9], 90), _degrees(cells[10], 180)
    if latitude is None:
        return Problem("latitude", "not a number of degrees from -90 to 90", number)
    if longitude is None:
        return Problem("longitude", "not a number of degrees from -180 to 180", number)
    if not country.holds(latitude, longitude):
        why = f"{latitude:.4f}, {longitude:.4f} lies outside the country"
        return Problem("latitude", why, number)
    return _Read(number, int(code[1]), cells[2].strip(), (latitude, longitude))


def _degrees(cell: str, most: float) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None


def _near_their_group(
    read: Iterable[_Read], maximum_km: float
) -> tuple[list[_Read], list[Problem]]:
    """The rows within `maximum_km` of the median of the codes with their first two digits.

    A code counts once in the median, by the median of its own rows: a code with many rows weighs
    no more than one with a single row.
    """
    codes: dict[int, list[_Read]] = defaultdict(list)
    for row in read:
        codes[row.pc4].append(row)
    groups: dict[int, list[Point]] = defaultdict(list)
    for pc4, rows in codes.items():
        groups[pc4 // 100].append(_median([row.point for row in rows]))
    centres = {group: _median(points) for group, points in groups.items()}
    kept, far = [], []
    for pc4, rows in codes.items():
        for row in rows:
            away = great_circle_km(row.point, centres[pc4 // 100])
            if away <= maximum_km:
                kept.append(row)
                continue
            why = (
                f"{away:.0f} km from the other codes that begin with {pc4 // 100}, "
                f"more than {maximum_km:.0f}"
            )
            far.append(Problem("latitude", why, row.row))
    return kept, far


def _median(points: list[Point]) -> Point:
    return median(point[0] for point in points), median(point[1] for point in points)


def _means(kept: Iterable[_Read]) -> Iterator[PlaceRow]:
    codes: dict[int, list[_Read]] = defaultdict(list)
    for row in kept:
        codes[row.pc4].append(row)
    for pc4, rows in sorted(codes.items()):
        points = sorted(row.point for row in rows)
        yield PlaceRow(
            pc4=pc4,
            place=min(row.place for row in rows),
            latitude=round(fmean(point[0] for point in points), 6),
            longitude=round(fmean(point[1] for point in points), 6),
        )


def _unzipped(content: bytes) -> bytes:
    """The postal-code table in a zip; never more than `MAXIMUM_BYTES`, whatever its header says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAXIMUM_MEMBERS:
                raise _refused(f"a zip with more than {MAXIMUM_MEMBERS} files in it")
            tables = [
                member
                for member in members
                if member.filename.lower().endswith((".txt", ".csv"))
                and "readme" not in member.filename.lower()
            ]
            if len(tables) != 1:
                raise _refused(f"a zip with {len(tables)} tables (.txt) in it, expected one")
            with archive.open(tables[0]) as table:
                return _limited(table)
    except UNREADABLE_ZIP as error:
        raise _refused("a zip that cannot be opened") from error


def _limited(source: _Readable, until: float = math.inf) -> bytes:
    """Everything in `source`, refused as soon as it is over `MAXIMUM_BYTES`.

    `until` is a moment on the monotonic clock: a server that keeps dripping is given up on.
    """
    parts: list[bytes] = []
    size = 0
    while part := source.read(CHUNK):
        size += len(part)
        if size > MAXIMUM_BYTES:
            raise _refused(f"larger than {MAXIMUM_BYTES // MEBIBYTE} MB once read")
        if time.monotonic() > until:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)


def places_url() -> str:
    """Where `--download` gets the table: ``MATCHER_PLACES_URL``, else the public export."""
    return os.environ.get(URL_VARIABLE) or DEFAULT_URL


def download(url: str, timeout_seconds: float = 120) -> bytes:
    """The bytes at `url`, by http or https only, at most `MAXIMUM_BYTES` and `timeout_seconds`.

    `InvalidInput` says what went wrong.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise _refused("the address must begin with https:// or http://")
    until = time.monotonic() + timeout_seconds
    request = urllib.request.Request(url, headers={"User-Agent": "matcher"})  # noqa: S310 - scheme checked above
    try:
        with urllib.request.urlopen(request, timeout=timeout_seconds) as answer:  # noqa: S310  # nosec B310 - likewise
            return _limited(_Pieces(answer), until)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise _refused(f"not downloaded within {timeout_seconds:g} s") from error
        raise _refused(f"could not be downloaded: {reason or type(error).__name__}") from error


class _Pieces:
    """Reads what has arrived instead of waiting for a whole chunk, so that time can be watched."""

    def __init__(self, answer: HTTPResponse) -> None:
        self._answer = answer

    def read(self, size: int) -> bytes:
        return self._answer.read1(size)


def _refused(why: str) -> InvalidInput:
    return InvalidInput([Problem(FILE, why)])
