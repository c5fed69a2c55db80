"""Settings: what comes from the environment, and the key that is made once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matcher import create_app
from matcher.config import secret_key


def test_the_key_is_made_once_however_many_workers_start_together(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(folder), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 60
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert (folder / "secret_key").stat().st_mode & 0o077 == 0


def test_settings_come_from_the_environment_in_production_and_demo(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str
) -> None:
    monkeypatch.setenv("MATCHER_ENVIRONMENT", "demo")
    monkeypatch.setenv("MATCHER_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MATCHER_CALL_ME_LIMIT", "3 per hour")
    monkeypatch.setenv("MATCHER_SECRET_KEY", "1234567890")
    app = create_app()
    assert app.config["DATABASE_URL"] == sqlite_url
    assert app.config["CALL_ME_LIMIT"] == "3 per hour"
    assert app.config["SECRET_KEY"] == "1234567890"
    assert app.config["DEMO"] is True


def test_tests_take_nothing_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setenv("MATCHER_CALL_ME_LIMIT", "3 per hour")
    app = create_app({"DATABASE_URL": sqlite_url})
    assert app.config["CALL_ME_LIMIT"] != "3 per hour"


def test_behind_a_proxy_the_address_of_the_visitor_is_the_one_it_names(sqlite_url: str) -> None:
    from flask import request

    from matcher.http.permissions import public

    for trusted, expected in ((0, "127.0.0.1"), (1, "192.0.2.7")):
        app = create_app({"DATABASE_URL": sqlite_url, "TRUSTED_PROXIES": trusted})

        @public
        def address() -> str:
            return str(request.remote_addr)

        app.add_url_rule("/adres", "address", address)
        answer = app.test_client().get("/adres", headers={"X-Forwarded-For": "192.0.2.7"})
        assert answer.text == expected
