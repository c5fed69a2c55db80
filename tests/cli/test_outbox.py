"""The outbox on the command line, and the settings by which messages leave."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from matcher import create_app
from matcher.config import Config, Demo, Testing
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import InvalidInput
from matcher.http.db import engine_of
from matcher.http.post import postbox_of
from matcher.models.database import make_engine, session_factory
from matcher.models.states import ContactKind
from matcher.post.folder import FolderSender
from matcher.post.smtp import SmtpSender
from matcher.repositories import candidates
from matcher.services.outbox import receiver_of_candidate, send

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def waiting(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A database with one mail and one text message; the folder for what goes out."""
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MATCHER_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://voorbeeld.example/")
    engine = make_engine(sqlite_url)
    with session_factory(engine)() as session:
        ways = ((ContactKind.MAIL, "a@voorbeeld.example"), (ContactKind.SMS, "0612345678"))
        for number, (kind, value) in enumerate(ways):
            profile = CandidateProfile(reference=f"K-{number}", region="demo")
            row = candidates.new_row(profile, now=NOW, owner=None)
            row.contact_kind, row.contact_value = kind, value
            session.add(row)
            session.commit()
            to = receiver_of_candidate(row)
            send(session, template="candidate_ready", to=to, dedupe_key=f"{number}", now=NOW)
            session.commit()
    engine.dispose()
    return tmp_path / "outbox"


def test_messages_go_out_once_and_the_list_shows_no_receiver(
    run: Callable[..., Result], waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_MAIL_BACKEND", "folder")
    first = run("outbox", "send")
    assert first.exit_code == 0, first.stderr
    assert first.stderr.splitlines() == [
        "1 sent, 0 put off, 0 refused",
        "1 text messages put with the letters: no MATCHER_SMS_GATEWAY",
    ]
    (mail,) = waiting.iterdir()
    assert b"To: a@voorbeeld.example" in mail.read_bytes()
    assert run("outbox", "send").stderr == "0 sent, 0 put off, 0 refused\n"

    listed = run("outbox", "list").stdout.splitlines()
    assert [line.split("\t")[1:5] for line in listed] == [
        ["candidate_ready", "letter", "queued", "0"],
        ["candidate_ready", "mail", "sent", "1"],
    ]
    assert "voorbeeld" not in "".join(listed)
    assert "06123" not in "".join(listed)
    assert run("outbox", "list", "--state", "failed").stdout == ""


def test_without_a_road_sending_says_which_setting_is_missing(
    run: Callable[..., Result], waiting: Path
) -> None:
    refused = run("outbox", "send")
    assert refused.exit_code == 2
    assert refused.stderr == "MATCHER_MAIL_BACKEND: is missing; set it to smtp\n"


def settings(base: type[Config], **change: Any) -> dict[str, Any]:
    names = {name for each in base.__mro__ for name in vars(each) if name.isupper()}
    return {name: getattr(base, name) for name in names} | change


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"MAIL_BACKEND": "pigeon"}, "MATCHER_MAIL_BACKEND"),
        ({"MAIL_SECURITY": "some"}, "MATCHER_MAIL_SECURITY"),
        ({"SMS_GATEWAY": "sms.example.org"}, "MATCHER_SMS_GATEWAY"),
        ({"MAIL_FROM": "not an address"}, "MATCHER_MAIL_FROM"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(change: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        postbox_of(settings(Config, **change))
    assert [problem.where for problem in refused.value.problems] == [where]


def test_nothing_leaves_unless_the_settings_say_how() -> None:
    assert postbox_of(settings(Config)).sender is None
    assert postbox_of(settings(Testing)).sender is None
    assert isinstance(postbox_of(settings(Demo)).sender, FolderSender)
    smtp = postbox_of(settings(Config, MAIL_BACKEND="smtp", PUBLIC_URL="https://a.example/"))
    assert isinstance(smtp.sender, SmtpSender)
    assert smtp.public_url == "https://a.example"


def until(there: Callable[[], object]) -> None:
    """Waits for something that another process or thread does."""
    for _ in range(600):
        if there():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen")


def test_watching_sends_what_comes_until_it_is_told_to_stop(
    waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_MAIL_BACKEND", "folder")
    command = [sys.executable, "-c", "from matcher.cli import main; main()"]
    with subprocess.Popen(  # noqa: S603  our own program
        [*command, "outbox", "send", "--watch", "--every", "1"], stderr=subprocess.PIPE, text=True
    ) as watching:
        try:
            until(lambda: waiting.is_dir() and list(waiting.glob("*.eml")))
        finally:
            watching.terminate()
        _, told = watching.communicate()
    assert watching.returncode == 0, told
    assert told.startswith("1 sent, 0 put off, 0 refused\n")


def test_the_demo_sends_from_its_own_process_shortly_after_a_change(
    waiting: Path, sqlite_url: str, tmp_path: Path
) -> None:
    app = create_app(
        {
            "DATABASE_URL": sqlite_url,
            "INSTANCE_DIR": str(tmp_path),
            "MAIL_BACKEND": "folder",
            "DELIVER_IN_PROCESS": True,
            "LOG_LEVEL": "CRITICAL",
        }
    )
    client = app.test_client()
    client.get("/aanmelden")
    assert not waiting.exists(), "reading is no reason to make a round"
    client.post("/aanmelden")
    until(lambda: waiting.is_dir() and list(waiting.glob("*.eml")))
    engine_of(app).dispose()
