"""Files as people really send them: each fault one clear line, and the good rows are in."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass

import pytest

from matcher.domain.errors import InvalidInput
from matcher.files.loading import load_candidates
from matcher.files.results import Options
from matcher.files.source import source_of

HEAD = "reference,region,rhythm,hours_min,hours_max,sectors,start_from,benefit"
GOOD = "K1,demo,3,20,32,F42,2027-03-01,ww"
LAST = "K9,demo,2,,,,,"
SECTORS = "is not a known code of sectors; nearest"
BSN = "holds a citizen service number (BSN), which is never needed here; take it out"
QUOTES = "double quotes are opened and not closed, or closed too early; correct the quotes"


def lines(*rows: str) -> bytes:
    return "\n".join([HEAD, GOOD, *rows, LAST, ""]).encode()


def many(*objects: object) -> bytes:
    good = {"reference": "K1", "region": "demo", "rhythm": 3}
    last = {"reference": "K9", "region": "demo"}
    return json.dumps([good, *objects, last]).encode()


def raw_object(text: str) -> bytes:
    return many().replace(b"}, {", f"}}, {text}, {{".encode())


@dataclass(frozen=True)
class Bad:
    """A file and the one line that is said of it; the rows K1 and K9 in it are good."""

    name: str
    data: bytes
    line: str
    format: str = "csv"


ROW_FAULTS = [
    Bad(
        "a duplicate reference",
        lines("K1,demo,1,,,,,"),
        "row 3, column reference: stands in row 2 already; the first one stays, "
        "this one is left out",
    ),
    Bad(
        "an unknown sector",
        lines("K2,demo,1,,,F44,,"),
        f"row 3, column sectors: 'F44' {SECTORS}: F43, F42, F41",
    ),
    Bad(
        "hours 50 to 10",
        lines("K2,demo,1,50,10,,,"),
        "row 3, column hours_min: must be a number from 1 to 40",
    ),
    Bad(
        "hours 30 to 10",
        lines("K2,demo,1,30,10,,,"),
        "row 3, column hours_min: is more than hours_max; correct one of the two",
    ),
    Bad(
        "a date in 9999",
        lines("K2,demo,1,,,,9999-12-31,"),
        "row 3, column start_from: must be a date from 1900-01-01 to 2100-12-31",
    ),
    Bad(
        "a cell of 1 MB",
        lines("x" * 1_000_000 + ",demo,1,,,,,"),
        "row 3, column reference: holds 1000000 characters, at most 32767 are allowed; shorten it",
    ),
    Bad(
        "a quoted cell of 1 MB over many lines",
        lines('"' + "x\n" * 90 + "x" * 1_000_000 + '",demo,1,,,,,'),
        "row 3, column reference: holds 1000180 characters, at most 32767 are allowed; shorten it",
    ),
    Bad(
        "a service number in a text field",
        lines("klant 123456782,demo,1,,,,,"),
        f"row 3, column reference: {BSN}",
    ),
    Bad(
        "a service number in a field that scoring never reads",
        lines("K2,demo,1,,,,,1234.56.782"),
        f"row 3, column benefit: {BSN}",
    ),
    Bad(
        "a service number in a field of codes",
        lines("K2,demo,1,,,123456782,,"),
        f"row 3, column sectors: {BSN}",
    ),
    Bad(
        "NaN in a number",
        lines("K2,demo,NaN,,,,,"),
        "row 3, column rhythm: 'NaN' is not a number; leave it empty when it is not known",
    ),
    Bad(
        "no reference",
        lines(",demo,1,,,,,"),
        "row 3, column reference: is required; fill it in",
    ),
    Bad(
        "a NUL character",
        lines("K\x002,demo,1,,,,,"),
        "row 3, column reference: holds a character that cannot be shown, such as NUL; remove it",
    ),
    Bad(
        "a decimal comma that splits a cell",
        lines("K2,demo,1,20,5,32,5,2027-03-01,ww"),
        "row 3, column 9: is past the last column of the header; put a text with a comma in it "
        "between quotes",
    ),
    Bad("a quote that never closes", lines('"K2,demo,1,,,,,'), f"row 3, column row: {QUOTES}"),
    Bad("a quote closed too early", lines('"K"2,demo,1,,,,,'), f"row 3, column row: {QUOTES}"),
    Bad(
        "NaN in JSON",
        raw_object('{"reference": "K2", "region": "demo", "rhythm": NaN}'),
        "row 2, column rhythm: NaN is not a number; leave it empty when it is not known",
        "json",
    ),
    Bad(
        "Infinity in JSON",
        raw_object('{"reference": "K2", "region": "demo", "hours_max": -Infinity}'),
        "row 2, column hours_max: -Infinity is not a number; leave it empty when it is not known",
        "json",
    ),
    Bad(
        "a number beyond every number in JSON",
        raw_object('{"reference": "K2", "region": "demo", "hours_max": 1e999}'),
        "row 2, column hours_max: holds a number too large to keep; correct it",
        "json",
    ),
    Bad(
        "a huge integer in JSON",
        raw_object('{"reference": "K2", "region": "demo", "rhythm": ' + "9" * 5000 + "}"),
        "row 2, column rhythm: holds a number too large to keep; correct it",
        "json",
    ),
    Bad(
        "a key that stands twice in JSON",
        raw_object('{"reference": "K2", "region": "demo", "rhythm": 1, "rhythm": 4}'),
        "row 2, column rhythm: stands twice in this object; keep one",
        "json",
    ),
    Bad(
        "an object inside a field in JSON",
        many({"reference": "K2", "region": "demo", "sectors": {"code": "F42"}}),
        "row 2, column sectors: must be one value or a list of values, not an object",
        "json",
    ),
    Bad(
        "half a character in JSON",
        raw_object('{"reference": "K\\ud800", "region": "demo"}'),
        "row 2, column reference: holds a character that cannot be shown, such as NUL; remove it",
        "json",
    ),
    Bad(
        "something that is no object in JSON",
        many(["K2", "demo"]),
        "row 2, column row: must be an object with the columns as its names",
        "json",
    ),
]


@pytest.mark.parametrize("bad", ROW_FAULTS, ids=lambda bad: bad.name)
def test_a_bad_row_is_one_line_and_the_good_rows_are_in(bad: Bad) -> None:
    loaded = load_candidates(source_of("candidates", bad.data, bad.format))
    assert [str(problem) for problem in loaded.problems] == [bad.line]
    assert [profile.reference for profile, _ in loaded.items] == ["K1", "K9"]
    assert "123456782" not in " ".join(map(str, loaded.problems))


@pytest.mark.parametrize("bad", ROW_FAULTS, ids=lambda bad: bad.name)
def test_strict_stops_at_the_same_row(bad: Bad) -> None:
    source = source_of("candidates", bad.data, bad.format)
    with pytest.raises(InvalidInput) as refused:
        load_candidates(source, Options(strict=True))
    assert [str(problem) for problem in refused.value.problems] == [bad.line]


FILE_FAULTS = [
    Bad("0 bytes", b"", "candidates: is empty (0 bytes); export it again"),
    Bad("only blank lines", b"\n \n", "candidates: holds no text; export it again"),
    Bad(
        "no header",
        b"K1,demo,3\nK2,demo,2\n",
        "header: the header row lacks reference, region; row 1 must hold the names of the columns",
    ),
    Bad(
        "a header that names a column twice",
        b"reference,region,rhythm,Rhythm\nK1,demo,1,2\n",
        "row 1, column rhythm: stands twice in the header; keep one",
    ),
    Bad(
        "a million columns",
        b"reference,region" + b",x" * 1_000_000,
        "candidates: has more than 1000 columns; is the separator right?",
    ),
    Bad(
        "bytes that are no text",
        HEAD.encode() + b"\nK\x81\x8d\x8f\xff,demo,1\n",
        "candidates: is neither UTF-8 (byte 73) nor Windows-1252 text; save it as UTF-8",
    ),
    Bad(
        "UTF-16 that breaks off",
        codecs.BOM_UTF16_LE + "reference".encode("utf-16-le") + b"\x00",
        "candidates: breaks off or is damaged at byte 21 (utf-16); save it as UTF-8",
    ),
    Bad(
        "a workbook named CSV",
        b"PK\x03\x04rest",
        "candidates: is an Excel workbook or a zip file; name it .xlsx or unpack it",
    ),
    Bad("parquet named CSV", b"PAR1rest", "candidates: is a parquet file; name it .parquet"),
    Bad(
        "CSV named a workbook",
        lines(),
        "candidates: is no Excel workbook, whatever its name says; save it as .xlsx",
        "xlsx",
    ),
    Bad(
        "an old workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old",
        "candidates: is an old or a password-protected Excel file; save it as .xlsx without a "
        "password",
        "xlsx",
    ),
    Bad(
        "CSV named parquet",
        lines(),
        "candidates: is no parquet file, whatever its name says",
        "parquet",
    ),
    Bad(
        "damaged parquet",
        b"PAR1" + b"\x00" * 40 + b"PAR1",
        "candidates: is a damaged parquet file; export it again",
        "parquet",
    ),
    Bad(
        "broken JSON",
        b'[{"reference": "K1",}]',
        "candidates: is not JSON: line 1, column 21: Expecting property name enclosed in double "
        "quotes",
        "json",
    ),
    Bad(
        "JSON that is no array",
        b'{"reference": "K1"}',
        "candidates: must be an array of objects: [{...}, {...}]",
        "json",
    ),
    Bad(
        "JSON nested a hundred thousand deep",
        b"[" * 100_000 + b"]" * 100_000,
        "candidates: nests lists and objects too deep to be a table",
        "json",
    ),
]


@pytest.mark.parametrize("bad", FILE_FAULTS, ids=lambda bad: bad.name)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(bad: Bad) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_candidates(source_of("candidates", bad.data, bad.format))
    assert [str(problem) for problem in refused.value.problems] == [bad.line]
