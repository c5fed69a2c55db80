"""The accountability pack is made from the code, up to date, and not made when something lacks."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matcher import create_app
from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput
from matcher.domain.vocabulary import Lane
from matcher.models import Base, Candidate
from matcher.models.audit_entry import AuditEntry
from matcher.models.base import DataClass, Purpose, Retention
from matcher.reference.accountability import load_accountability
from matcher.services import register
from matcher.services.documents import (
    Document,
    Facts,
    Grid,
    Note,
    Part,
    Points,
    Text,
    to_html,
    to_markdown,
)
from matcher.services.oversight import LaneFigure
from matcher.services.pack import make_pack
from matcher.services.pack_use import Figures
from matcher.services.register import check_register, held_fields, readers
from matcher.web.coach.cards import CARDS, questions_of

ON = date(2026, 11, 24)
ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "accountability"


def problems() -> set[tuple[str, str]]:
    """What stands in the way of a pack, as place and reason."""
    try:
        check_register(ON)
    except InvalidInput as refused:
        return {(problem.where, problem.why) for problem in refused.problems}
    return set()


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes one of the documents of the data folder for this test."""

    def change(name: str, work: Callable[[Any], object]) -> None:
        content = deepcopy(dict(load_accountability()))
        work(content[name])
        monkeypatch.setattr(register, "load_accountability", lambda: content)

    return change


# --- what is committed ---------------------------------------------------------------------------


def test_the_pack_in_docs_is_what_the_program_makes() -> None:
    made = make_pack(ON)
    kept = {path.name: path.read_text(encoding="utf-8") for path in KEPT.iterdir()}
    stale = [name for name in {*made, *kept} if made.get(name) != kept.get(name)]
    assert stale == [], "run: matcher pack --out docs/accountability --on 2026-11-24"


def test_the_pack_holds_what_the_laws_ask_for() -> None:
    made = make_pack(ON)
    for name, words in {
        "verwerkingsregister.md": "AVG artikel 30",
        "dpia-invoer.md": "artikel 35",
        "grondrechten-invoer.md": "artikel 27",
        "gebruiksaanwijzing.md": "artikel 13",
        "risicologboek.md": "artikel 9",
        "logvelden.md": "artikel 12",
        "algoritmeregister.md": "Menselijke tussenkomst",
        "motivering.md": "3:46",
        "bewaartermijnen.md": "365 dagen",
        "vragen.md": "kaart Wat kan ik",
        "verantwoordelijken.md": "artikelen 24, 26 en 28",
        "opvolging.md": "95 procent",
        "voorspellingen.md": "Twee verschillende mensen",
    }.items():
        assert words in made[name], name
        assert made[name].startswith("# ")
        assert f'id="{name.removesuffix(".md")}"' in made["dossier.html"]
    assert "http" not in made["dossier.html"], "the page needs nothing of elsewhere"


def test_every_table_and_every_kept_field_stands_in_the_register() -> None:
    text = make_pack(ON)["verwerkingsregister.md"]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    for held in held_fields():
        assert any(
            line.startswith(f"| `{held.table}` |") and re.search(rf"\b{held.name}\b", line)
            for line in rows
        ), held


def test_what_general_knowledge_says_of_the_law_is_marked_as_to_be_confirmed() -> None:
    open_purposes = [
        p for p in load_accountability()["purposes"]["purposes"].values() if p["to_confirm"]
    ]
    text = make_pack(ON)["verwerkingsregister.md"]
    assert text.count("Te bevestigen door de functionaris") == len(open_purposes) > 0


def test_figures_of_a_region_come_along_when_they_are_given() -> None:
    lanes = [
        LaneFigure(Lane.READY_NOW, 100, 96, 96, is_alarm=True),
        LaneFigure(Lane.OTHER_ROUTE, None, None, None),
    ]
    text = make_pack(ON, figures=Figures("demo", ON, lanes))["opvolging.md"]
    assert "| Nu starten | 100 | 96 % | signaal |" in text
    assert "minder dan 5" in text
    assert "zonder cijfers" not in text


# --- what stops it --------------------------------------------------------------------------------


def test_nothing_stands_in_the_way_of_a_pack() -> None:
    with create_app({"DATABASE_URL": "sqlite:///:memory:"}).test_request_context():
        asked = [(f"card_{card}", q.name) for card in CARDS for q in questions_of(card)]
    check_register(ON, questions_asked=asked)


@pytest.mark.parametrize("missing", ["purpose", "retention", "class"])
def test_a_column_without_purpose_term_or_class_stops_the_pack(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    column = Candidate.__table__.columns["rhythm"]
    info = {name: value for name, value in column.info.items() if name != missing}
    monkeypatch.setattr(column, "info", info)

    assert ("candidate.rhythm", f"has no {missing}; give it one with about(…)") in problems()
    with pytest.raises(InvalidInput):
        make_pack(ON)


@pytest.mark.parametrize("purpose", [purpose.value for purpose in Purpose])
def test_a_purpose_without_a_basis_stops_the_pack(
    changed: Callable[..., None], purpose: str
) -> None:
    changed("purposes", lambda content: content["purposes"][purpose].pop("basis"))
    used = any(held.purpose == purpose for held in held_fields())
    assert bool(problems()) == used


def test_a_class_of_retention_without_a_rule_stops_the_pack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = register.rules_by_class(ON)
    rules.pop(Retention.DRAFT)
    monkeypatch.setattr(register, "rules_by_class", lambda _on: rules)
    assert (
        "intake_draft.answers",
        "its retention draft has no rule in retention.yaml",
    ) in problems()


def test_personal_data_that_never_end_stop_the_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = register.rules_by_class(ON)
    rules[Retention.CASE] = rules[Retention.TOMBSTONE]
    monkeypatch.setattr(register, "rules_by_class", lambda _on: rules)
    assert any(where == "candidate.lift" for where, _why in problems())


def test_a_table_of_people_that_no_rule_ends_stops_the_pack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = [rule for rule in register.load_retention(ON) if rule.name != "jobs"]
    monkeypatch.setattr(register, "load_retention", lambda _on: rules)
    why = "holds personal data, and no rule of retention ends its rows"
    assert {("job_block", why)} <= problems()


@pytest.mark.parametrize(
    ("table", "term"),
    [
        ("region_match", "30 dagen"),
        ("api_token", "90 dagen"),
        ("account", "365 dagen"),
        ("rights_change", "730 dagen"),
        ("import_run", "365 dagen"),
        ("tombstone", "blijft"),
    ],
)
def test_the_register_gives_the_term_of_the_table_and_not_the_longest_of_its_class(
    table: str, term: str
) -> None:
    text = make_pack(ON)["verwerkingsregister.md"]
    rows = [line for line in text.splitlines() if line.startswith(f"| `{table}` |")]
    assert rows
    assert all(line.endswith(f": {term} |") for line in rows)


@pytest.mark.parametrize("missing", ["party", "role", "agreement"])
def test_a_right_whose_line_leaves_something_open_stops_the_pack(
    changed: Callable[..., None], missing: str
) -> None:
    changed("controllers", lambda content: content["rights"]["coach"].update({missing: ""}))
    why = "may read, and has no line of who answers for it in controllers.yaml"
    assert problems() == {("coach", why)}


@pytest.mark.parametrize("right", sorted(readers()))
def test_a_right_that_reads_without_a_line_of_who_answers_stops_the_pack(
    changed: Callable[..., None], right: str
) -> None:
    changed("controllers", lambda content: content["rights"].pop(right))
    why = "may read, and has no line of who answers for it in controllers.yaml"
    assert problems() == {(right, why)}


def test_a_new_right_with_something_to_read_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "readers", lambda: {"income_officer": {"candidate": {"money"}}})
    assert (
        "income_officer",
        "may read, and has no line of who answers for it in controllers.yaml",
    ) in (problems())


@pytest.mark.parametrize("data_class", [kind.value for kind in DataClass])
def test_a_class_of_data_without_a_controller_stops_the_pack(
    changed: Callable[..., None], data_class: str
) -> None:
    changed("controllers", lambda content: content["classes"].pop(data_class))
    assert problems()


@pytest.mark.parametrize(
    ("work", "where"),
    [
        (lambda fields: fields.pop("rhythm"), "rhythm"),
        (lambda fields: fields.update(shoe_size=fields["lift"]), "shoe_size"),
        (lambda fields: fields["lift"].update(read_by=["matcher.domain.hours"]), "lift"),
        (lambda fields: fields["lift"].update(read_by=[]), "lift"),
        (lambda fields: fields["lift"].update(used_for=[]), "lift"),
        (lambda fields: fields["lift"].update(used_for=["curiosity"]), "lift"),
        (lambda fields: fields["lift"].update(asked=[]), "lift"),
        (lambda fields: fields["lift"].update(source="hearsay"), "lift"),
    ],
)
def test_a_field_without_question_column_or_use_stops_the_pack(
    changed: Callable[..., None], work: Callable[[Any], object], where: str
) -> None:
    changed("questions", lambda content: work(content["fields"]))
    assert {place for place, _why in problems()} == {where}


def test_a_question_without_a_column_and_a_card_that_does_not_ask_are_noticed() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_register(ON, questions_asked=[("card_can", "mood")])
    found = {problem.where for problem in refused.value.problems}
    assert {"mood", "rhythm"} <= found


@pytest.mark.parametrize("missing", ["measure", "shown_by", "owner", "residual"])
def test_a_risk_without_measure_test_or_owner_stops_the_pack(
    changed: Callable[..., None], missing: str
) -> None:
    changed("risks", lambda content: content["risks"][0].pop(missing))
    assert problems() == {("risk 1", f"has no {missing} in risks.yaml")}


# --- what it rests on -----------------------------------------------------------------------------


def test_the_risks_are_the_seventeen_and_each_is_shown_by_a_test_that_is_there() -> None:
    risks = load_accountability()["risks"]["risks"]
    assert [risk["number"] for risk in risks] == list(range(1, 18))
    for risk in risks:
        for shown in risk["shown_by"]:
            path, _, name = shown.partition("::")
            source = (ROOT / path).read_text(encoding="utf-8")
            assert re.search(rf"^def {name}\(", source, re.MULTILINE), shown


def test_every_field_of_the_log_has_words_and_none_holds_content() -> None:
    words = load_accountability()["description"]["log_fields"]
    assert set(words) == {column.name for column in AuditEntry.__table__.columns}


def test_every_right_and_class_of_the_program_is_answered_for() -> None:
    content = load_accountability()["controllers"]
    assert set(content["rights"]) == {*(right.value for right in Right), "public"}
    assert set(content["classes"]) == {kind.value for kind in DataClass}
    assert set(load_accountability()["purposes"]["purposes"]) == {each.value for each in Purpose}
    assert len(Base.metadata.tables) > 30


# --- how it is written ----------------------------------------------------------------------------


def test_a_document_reads_the_same_in_both_forms() -> None:
    document = Document(
        "een",
        "Een < twee",
        "Kort.",
        (
            Part("Deel", (Text("Tekst met `code`."), Points(["a", "b"]), Note("Let op"))),
            Facts([("Term", "Uitleg")]),
            Grid(("A", "B"), [("x|y", "<z>")]),
        ),
    )
    assert to_markdown(document) == (
        "# Een < twee\n\nKort.\n\n## Deel\n\nTekst met `code`.\n\n- a\n- b\n\n> Let op\n\n"
        "- **Term**: Uitleg\n\n| A | B |\n| --- | --- |\n| x\\|y | <z> |\n"
    )
    page = to_html("Titel", "Kop", [document], "Voet")
    for part in ("Een &lt; twee", "<code>code</code>", "<li>a</li>", "<dt>Term</dt>", "&lt;z&gt;"):
        assert part in page
    assert page.index("<h2>") < page.index("<h3>")
    with pytest.raises(ValueError, match="cells"):
        Grid(("A", "B"), [("x",)])
