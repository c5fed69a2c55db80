"""The postcode table that ships, and GeoNames files read row by row."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import permutations
from pathlib import Path

import pytest

from matcher.domain.errors import InvalidInput
from matcher.reference import places_import
from matcher.reference.paths import data_dir
from matcher.reference.places import PlacesError, load_place_names, load_places
from matcher.reference.places_import import (
    DEFAULT_URL,
    download,
    load_country,
    parse_places,
    places_url,
    read_places,
)

SAMPLE = Path(__file__).parents[1] / "data" / "places" / "with-refused-rows.txt"
PUBLIC_TABLE = Path(__file__).parents[3] / "shared" / "places" / "NL.txt"

DEMO_POSTCODES = {
    *range(3311, 3320),
    *(3328, 3329),
    *range(3331, 3337),
    *range(3351, 3357),
    *range(3361, 3365),
    *range(3341, 3345),
    *range(2951, 2955),
    *range(3371, 3374),
}
POST_OFFICE_BOXES = {3300, 3301, 2950, 3330, 3340, 3350, 3360, 3370}


def row(code: str, latitude: object, longitude: object, country: str = "NL") -> str:
    empty = "\t" * 6
    return f"{country}\t{code}\tPlaats\t{empty}{latitude}\t{longitude}\t"


def test_the_shipped_table_holds_the_postcodes_of_the_demo_region_and_no_others() -> None:
    places = load_places()

    assert set(places.points) == DEMO_POSTCODES
    assert not POST_OFFICE_BOXES & set(places.points)
    assert set(load_place_names()) == DEMO_POSTCODES
    assert set(load_place_names().values()) == {
        "Dordrecht",
        "Zwijndrecht",
        "Papendrecht",
        "Sliedrecht",
        "Hendrik-Ido-Ambacht",
        "Alblasserdam",
        "Hardinxveld-Giessendam",
    }


def test_every_shipped_place_lies_in_the_country_and_near_its_neighbours() -> None:
    country = load_country()
    places = load_places()

    assert all(country.holds(*point) for point in places.points.values())
    assert all((places.distance_km(3311, pc4) or 0) < 25 for pc4 in places.points)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("pc4,latitude,longitude\n3311,51.8,4.7\n", "columns must be"),
        ("pc4,place,latitude,longitude\n3311,Dordrecht,far,4.7\n", "line 2"),
    ],
)
def test_a_broken_table_is_refused_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, complaint: str
) -> None:
    (tmp_path / "places").mkdir()
    (tmp_path / "places" / "own.csv").write_text(content, encoding="utf-8")
    monkeypatch.setenv("MATCHER_DATA_DIR", str(tmp_path))

    with pytest.raises(PlacesError, match=complaint) as refused:
        load_places()

    assert "own.csv" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "inside"),
    [
        ("Dordrecht", 51.81, 4.67, True),
        ("Cadzand", 51.37, 3.41, True),
        ("Sas van Gent", 51.23, 3.80, True),
        ("Eijsden", 50.77, 5.71, True),
        ("Vaals", 50.77, 6.02, True),
        ("Schinveld", 50.97, 5.98, True),
        ("Dinxperlo", 51.86, 6.49, True),
        ("Overdinkel", 52.23, 7.03, True),
        ("Bad Nieuweschans", 53.18, 7.21, True),
        ("Schiermonnikoog", 53.48, 6.16, True),
        ("De Cocksdorp", 53.16, 4.87, True),
        ("Antwerp", 51.22, 4.40, False),
        ("Brussels", 50.85, 4.35, False),
        ("Liège", 50.63, 5.57, False),
        ("Aachen", 50.78, 6.20, False),
        ("Cologne", 50.94, 6.96, False),
        ("Emden", 53.37, 7.35, False),
        ("North Sea", 52.60, 3.50, False),
        ("Willemstad", 12.11, -68.93, False),
        ("nowhere", 0.0, 0.0, False),
    ],
)
def test_the_outline_holds_the_country_and_not_its_neighbours(
    name: str, latitude: float, longitude: float, inside: bool
) -> None:
    assert load_country().holds(latitude, longitude) is inside, name


def test_bad_rows_are_refused_by_their_number_and_the_good_ones_are_in() -> None:
    result = read_places(SAMPLE)

    assert [r.pc4 for r in result.rows] == [2951, 2952, 2953, 3311, 3312, 3331, 3351]
    assert result.rows_read == 18
    assert [str(problem) for problem in result.problems] == [
        "row 9, column latitude: 50.8503, 4.3517 lies outside the country",
        "row 10, column latitude: 64 km from the other codes that begin with 33, more than 40",
        "row 11, column latitude: 0.0000, 0.0000 lies outside the country",
        "row 12, column latitude: not a number of degrees from -90 to 90",
        "row 13, column latitude: not a number of degrees from -90 to 90",
        ("row 14, column line: 13 columns, a GeoNames postal-code row has 12 separated by tabs"),
        "row 15, column latitude: not a number of degrees from -90 to 90",
        "row 16, column postal code: not four digits from 1000 to 9999",
        "row 17, column line: 3 columns, a GeoNames postal-code row has 12 separated by tabs",
        "row 18, column country: not NL",
    ]


def test_rows_of_one_code_count_with_their_mean_in_any_order() -> None:
    lines = [row("3351 AB", 51.80, 4.60), row("3351CD", 51.90, 4.70), row("3352", 51.85, 4.65)]
    results = {parse_places("\n".join(order).encode()).rows for order in permutations(lines)}

    (rows,) = results
    assert [(r.pc4, r.latitude, r.longitude) for r in rows] == [
        (3351, 51.85, 4.65),
        (3352, 51.85, 4.65),
    ]


def test_a_code_with_a_wrong_row_keeps_the_mean_of_its_accepted_ones() -> None:
    good = [row(str(code), 51.8, 4.6) for code in range(3311, 3316)]
    wrong = row("3311", 52.9, 6.5)

    result = parse_places("\n".join([wrong, *good]).encode())

    assert [p.row for p in result.problems] == [1]
    assert result.rows[0].pc4 == 3311
    assert (result.rows[0].latitude, result.rows[0].longitude) == (51.8, 4.6)


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    text = "\ufeff" + row("3311", 51.8, 4.6) + "\r\n\r\n" + row("3312", 51.8, 4.6) + "\r\n"

    result = parse_places(text.encode())

    assert [r.pc4 for r in result.rows] == [3311, 3312]
    assert result.problems == ()


def test_a_line_that_is_not_text_is_refused_and_the_next_is_read() -> None:
    content = b"NL\t3311\tD\xf6rp" + b"\t" * 7 + b"51.8\t4.6\t\n" + row("3312", 51.8, 4.6).encode()

    result = parse_places(content)

    assert [str(p) for p in result.problems] == ["row 1, column line: not UTF-8 text"]
    assert [r.pc4 for r in result.rows] == [3312]


def test_the_public_table_of_the_country_is_read_and_its_stray_rows_are_refused() -> None:
    if not PUBLIC_TABLE.is_file():
        pytest.skip("the public postcode table is not beside the project")

    result = read_places(PUBLIC_TABLE)

    refused = {problem.row for problem in result.problems}
    lines = PUBLIC_TABLE.read_text("utf-8").splitlines()
    stray = {n for n, line in enumerate(lines, 1) if line.split("\t")[1] in ("1002", "1003")}
    assert stray <= refused
    assert result.rows_read == len(lines) == 4766
    assert len(result.rows) + len(refused) == result.rows_read
    assert len(refused) == 72
    shipped = load_places().points
    read = {r.pc4: (r.latitude, r.longitude) for r in result.rows}
    assert {pc4: read[pc4] for pc4 in shipped} == shipped


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_the_zip_that_geonames_serves_is_read_like_the_text_in_it() -> None:
    text = SAMPLE.read_bytes()

    assert parse_places(zipped(**{"readme.txt": b"about", "NL.txt": text})) == parse_places(text)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (zipped(**{"readme.txt": b"about"}), "0 tables"),
        (zipped(**{"NL.txt": b"", "BE.txt": b""}), "2 tables"),
        (zipped(**{"NL.txt": b""}), "empty"),
        (zipped(**{f"{n}.bin": b"" for n in range(21)}), "more than 20 files"),
        (zipped(**{"NL.txt": b"NL\t" * 9000})[:-60] + b"x" * 60, None),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole_or_row_by_row(
    content: bytes, complaint: str | None
) -> None:
    if complaint is None:
        result = parse_places(content)
        assert result.rows == ()
        assert result.problems
        return
    with pytest.raises(InvalidInput, match=complaint):
        parse_places(content)


def test_a_damaged_zip_is_refused() -> None:
    whole = bytearray(zipped(**{"NL.txt": SAMPLE.read_bytes()}))
    start = whole.index(b"NL.txt") + len(b"NL.txt")
    whole[start : start + 200] = b"\xff" * 200

    with pytest.raises(InvalidInput, match="cannot be opened"):
        parse_places(bytes(whole))


def test_a_zip_bomb_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places_import, "MAXIMUM_BYTES", 1024 * 1024)
    bomb = zipped(**{"NL.txt": b"\0" * 20 * 1024 * 1024})
    assert len(bomb) < 64 * 1024

    with pytest.raises(InvalidInput, match="larger than 1 MB once read"):
        parse_places(bomb)


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places_import, "MAXIMUM_BYTES", 1024 * 1024)
    large = tmp_path / "NL.txt"
    large.write_bytes(b"\n" * (1024 * 1024 + 1))

    with pytest.raises(InvalidInput, match="larger than 1 MB"):
        read_places(large)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Export(BaseHTTPRequestHandler):
    """What a server of postal codes can do: serve, drip, flood, fail."""

    stop = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/missing.zip":
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/NL.zip":
            self.wfile.write(zipped(**{"NL.txt": SAMPLE.read_bytes()}))
        elif self.path == "/drip":
            self.repeat(b"NL\t", pause=0.05)
        else:
            self.repeat(b"NL\t" * 20_000, pause=0)

    def repeat(self, piece: bytes, pause: float) -> None:
        try:
            while not self.stop.wait(pause):
                self.wfile.write(piece)
        except OSError:  # the client hung up, as it should
            return

    def log_message(self, format: str, *args: object) -> None:
        return


def test_the_table_is_downloaded_from_the_address_given() -> None:
    with serving(Export) as address:
        content = download(f"{address}/NL.zip")

    assert parse_places(content) == read_places(SAMPLE)


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("missing.zip", "could not be downloaded"), ("flood", "larger than 1 MB")],
)
def test_a_download_that_fails_or_does_not_end_is_given_up_on(
    monkeypatch: pytest.MonkeyPatch, path: str, complaint: str
) -> None:
    monkeypatch.setattr(places_import, "MAXIMUM_BYTES", 1024 * 1024)

    with serving(Export) as address, pytest.raises(InvalidInput, match=complaint):
        download(f"{address}/{path}")


def test_a_server_that_keeps_dripping_is_given_up_on_in_time() -> None:
    with (
        serving(Export) as address,
        pytest.raises(InvalidInput, match=r"not downloaded within 0\.3 s"),
    ):
        download(f"{address}/drip", timeout_seconds=0.3)


def test_a_server_that_is_not_there_is_a_clear_message() -> None:
    with serving(Export) as address:
        gone = address

    with pytest.raises(InvalidInput, match="could not be downloaded"):
        download(f"{gone}/NL.zip", timeout_seconds=5)


@pytest.mark.parametrize("address", ["file:///etc/hosts", "ftp://example.org/NL.zip", "NL.zip"])
def test_only_web_addresses_are_downloaded(address: str) -> None:
    with pytest.raises(InvalidInput, match="https://"):
        download(address)


def test_the_address_is_the_public_export_unless_the_environment_names_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MATCHER_PLACES_URL", raising=False)
    assert places_url() == DEFAULT_URL

    monkeypatch.setenv("MATCHER_PLACES_URL", "http://localhost:8123/NL.zip")
    assert places_url() == "http://localhost:8123/NL.zip"


def test_the_outline_is_data_with_a_source() -> None:
    content = (data_dir() / "places" / "country.yaml").read_text("utf-8")

    assert "source:" in content
    assert load_country().maximum_km == 40
