"""The code lists: complete, in two languages, and helpful about a code they do not know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matcher.domain import vocabulary
from matcher.reference.codes import Code, CodeListError, UnknownCodeError, load_codes

CODES = load_codes()


@pytest.mark.parametrize("name", CODES.names())
def test_every_list_names_its_source_and_date_and_labels_every_code_in_two_languages(
    name: str,
) -> None:
    code_list = CODES.list(name)

    assert code_list.source
    assert date(2020, 1, 1) < code_list.dated < date(2030, 1, 1)
    assert code_list.title["nl"]
    assert code_list.title["en"]
    assert code_list.codes
    assert all(code.nl.strip() and code.en.strip() for code in code_list.codes.values())


@pytest.mark.parametrize(
    ("name", "fixed"),
    [
        ("travel_modes", vocabulary.MODES),
        ("windows", vocabulary.WINDOWS),
        ("shifts", vocabulary.SHIFTS),
        ("contract_types", vocabulary.CONTRACT_TYPES),
        ("learning_levels", vocabulary.LEARNING_LEVELS),
        ("wants_start", vocabulary.WANTS_START),
        ("evidence", vocabulary.EVIDENCE),
        ("blockers", vocabulary.BLOCKERS),
        ("dimensions", vocabulary.DIMENSIONS),
        ("loads", vocabulary.LOADS),
        ("levels", vocabulary.LEVELS),
        ("lanes", tuple(vocabulary.Lane)),
        ("certainty", tuple(vocabulary.Certainty)),
        ("demands", vocabulary.DEMANDS),
        ("abilities", tuple(reversed(vocabulary.ABILITIES))),
    ],
)
def test_a_list_that_the_rules_speak_of_holds_exactly_their_words(
    name: str, fixed: tuple[str, ...]
) -> None:
    assert tuple(CODES.list(name).codes) == tuple(fixed)


@pytest.mark.parametrize(("level", "maximum"), vocabulary.LEVEL_MAXIMUM.items())
def test_every_step_of_every_level_has_an_anchor(level: str, maximum: int) -> None:
    assert tuple(CODES.list(f"levels.{level}").codes) == tuple(
        str(step) for step in range(maximum + 1)
    )


@pytest.mark.parametrize("load", vocabulary.LOADS)
def test_every_load_says_what_each_ability_and_each_demand_means(load: str) -> None:
    code = CODES.list("loads")[load]

    assert set(CODES.list(f"loads.{load}").codes) == set(vocabulary.ABILITIES)
    assert set(code.attributes["demand"]) == set(vocabulary.DEMANDS)
    assert code.attributes["kind"] == ("body" if load in vocabulary.BODY_LOADS else "head")


def test_sectors_are_all_sections_and_divisions_of_sbi_2008() -> None:
    sectors = CODES.list("sectors").codes
    divisions = [code for code in sectors if len(code) == 3]

    assert [code for code in sectors if len(code) == 1] == list("ABCDEFGHIJKLMNOPQRSTU")
    assert len(divisions) == 88
    assert all(code[0] in sectors for code in divisions)
    assert {"F41", "F42", "F43", "N81", "H49", "Q87", "E38"} <= set(divisions)


def test_regions_are_the_35_labour_market_regions_and_demo() -> None:
    regions = CODES.list("regions")

    assert len(regions.codes) == 36
    assert {"drechtsteden", "midden-utrecht", "haaglanden", "holland-rijnland", "demo"} <= set(
        regions.codes
    )


def test_isco_holds_every_major_sub_major_and_unit_group() -> None:
    codes = CODES.list("occupations").codes

    assert [sum(len(code) == digits for code in codes) for digits in (1, 2, 4)] == [10, 43, 436]
    assert codes["9312"].en == "Civil engineering labourers"
    assert codes["2512"].attributes["parent"] == "25"
    assert all(code[:2] in codes for code in codes if len(code) > 2)


@pytest.mark.parametrize("tile", CODES.list("sector_tiles").codes.values())
def test_a_tile_for_wanted_work_stands_for_known_sectors(tile: Code) -> None:
    for sector in tile.attributes["sectors"]:
        assert CODES.require("sectors", sector) == sector


@pytest.mark.parametrize("preset", CODES.list("window_presets").codes.values())
def test_a_preset_of_hours_blocks_known_windows(preset: Code) -> None:
    assert set(preset.attributes["blocked"]) <= set(vocabulary.WINDOWS)


@pytest.mark.parametrize(
    ("name", "target", "attribute"),
    [
        ("vum_transport", "travel_modes", "mode"),
        ("vum_licence", "licences", "licence"),
    ],
)
def test_a_vum_code_is_read_as_a_code_that_exists(name: str, target: str, attribute: str) -> None:
    read = [c.attributes[attribute] for c in CODES.list(name).codes.values() if c.attributes]

    assert read
    assert set(read) <= set(CODES.list(target).codes)


@pytest.mark.parametrize(
    ("name", "code", "nearest"),
    [
        ("sectors", "F24", "F42"),
        ("regions", "drechtstede", "drechtsteden"),
        ("regions", "Midden Utrecht", "midden-utrecht"),
        ("credentials", "vca", "vca_basic"),
        ("credentials", "Heftruckcertificaat", "forklift"),
        ("occupations", "8355", "8350"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest_known_ones(
    name: str, code: str, nearest: str
) -> None:
    with pytest.raises(UnknownCodeError) as refused:
        CODES.require(name, code)

    assert nearest in refused.value.nearest
    assert nearest in str(refused.value.problem("sector", row=3))
    assert str(refused.value.problem("sector", row=3)).startswith("row 3, column sector: ")


@pytest.mark.parametrize("name", ["sectors", "regions", "credentials", "licences"])
def test_even_a_code_like_no_other_is_answered_with_known_ones(name: str) -> None:
    with pytest.raises(UnknownCodeError) as refused:
        CODES.require(name, "%%%%")

    assert len(refused.value.nearest) == 3


def test_a_stored_code_that_was_removed_stays_readable() -> None:
    assert CODES.label("regions", "gone-since", "nl") == "gone-since"
    assert CODES.label("regions", "demo", "en") == "Demo region (invented)"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("title: {nl: a, en: a}\nsource: s\ncodes: {}\n", "'dated' is missing"),
        ("- a\n", "'title' is missing"),
        (
            "title: {nl: a, en: a}\nsource: s\ndated: 2026-01-01\ncodes: {1: {nl: a, en: a}}\n",
            "quotes",
        ),
        ("title: {nl: a, en: a}\nsource: s\ndated: 2026-01-01\ncodes: {a: {nl: a}}\n", "English"),
        (
            (
                "title: {nl: a, en: a}\nsource: s\ndated: 2026-01-01\n"
                "codes: {a: {nl: a, en: a, members: [12]}}\n"
            ),
            "quotes",
        ),
    ],
)
def test_a_broken_list_is_refused_with_its_file_and_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, complaint: str
) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "broken.yaml").write_text(content, encoding="utf-8")
    monkeypatch.setenv("MATCHER_DATA_DIR", str(tmp_path))

    with pytest.raises(CodeListError, match=complaint) as refused:
        load_codes()

    assert "broken.yaml" in str(refused.value)


def test_a_data_folder_without_lists_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_DATA_DIR", str(tmp_path))

    with pytest.raises(CodeListError, match="MATCHER_DATA_DIR"):
        load_codes()


def test_a_code_added_to_the_data_is_known_without_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "credentials.yaml").write_text(
        "title: {nl: a, en: a}\nsource: s\ndated: 2026-01-01\n"
        "codes: {welding: {nl: Lassen, en: Welding}}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("MATCHER_DATA_DIR", str(tmp_path))

    assert load_codes().require("credentials", "welding") == "welding"
