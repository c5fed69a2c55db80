"""Who looked, the copy to take along, and the way in."""

from __future__ import annotations

import json
import re

from tests.web.own_page import WAY_OUT, OwnPage, folded_words, main_words

# --- who looked, and taking along ----------------------------------------------------------------


def test_who_looked_names_rights_and_days_never_people(own: OwnPage) -> None:
    own.coach.get(f"/kandidaten/{own.candidate_id}/gegevens")
    text = main_words(own.get("/mijn/wie-keek-mee"))
    assert "Uw coach of een vervanger opende uw gegevens" in text
    assert "4 januari" in text
    assert not re.search(r"\bcoach-\d|account", text)


def test_the_copy_holds_everything_and_says_what_it_is(own: OwnPage) -> None:
    own.send("/mijn/toevoegen", "text", text="Ik kan lassen")
    answer = own.client.get("/mijn/meenemen/bestand")
    assert answer.mimetype == "application/json"
    assert "mijn-gegevens.json" in answer.headers["Content-Disposition"]
    copy = json.loads(answer.text)
    assert set(copy["about"]) == set(copy) - {"format", "made_at", "about"} - {
        "money_and_home_included"
    }
    assert copy["file"]["first_name"]["value"] == "Sam"
    assert copy["requests"][0]["text"] == "Ik kan lassen"
    assert copy["advice"][0]["suggestion"]
    assert copy["money_and_home_included"] is False
    assert "money" not in copy["file"]
    for sentence in folded_words():
        assert sentence not in answer.text
    assert '"readiness' not in answer.text
    assert '"rank"' not in answer.text


def test_money_and_home_come_along_only_while_the_fold_is_open(own: OwnPage) -> None:
    assert "Geld en thuis komen niet mee" in own.get("/mijn/meenemen")
    own.open_fold()
    assert "Geld en thuis komen nu mee" in own.get("/mijn/meenemen")
    copy = json.loads(own.get("/mijn/meenemen/bestand"))
    assert copy["file"]["money"]["value"] == 1
    assert copy["advice"][0]["about_money_and_home"] == [WAY_OUT]


def test_taking_a_copy_stands_in_the_log(own: OwnPage) -> None:
    own.get("/mijn/meenemen/bestand")
    assert "nam gegevens mee in een bestand" in main_words(own.get("/mijn/wie-keek-mee"))


def test_access_is_given_once_on_paper_or_screen(own: OwnPage) -> None:
    answer = own.coach.tap(
        f"/kandidaten/{own.candidate_id}/gegevens", f"/kandidaten/{own.candidate_id}/toegang"
    )
    assert answer.status_code == 200
    code = re.search(r'big-number number">(\d{6})<', answer.text)
    assert code is not None
    assert code[1] != own.code
    assert own.client.get("/mijn").status_code == 401
