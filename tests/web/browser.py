"""Chromium for tests: starting it, what it may reach, pictures of pages, and axe on them."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
"""The marks of a module of browser tests; the group keeps the demo region on one worker."""

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 700}


def chromium_path() -> str | None:
    """Where Chromium is, or None."""
    return os.environ.get("MATCHER_CHROMIUM") or shutil.which("chromium")


@dataclass(frozen=True)
class Live:
    """The application being served; `sign_ins` are (name, password) by role."""

    url: str
    app: Flask
    sign_ins: dict[str, tuple[str, str]]

    def sign_in(self, page: Any, role: str) -> None:
        """Signs a role of the demo in, through the page."""
        name, password = self.sign_ins[role]
        page.goto(f"{self.url}/aanmelden")
        page.fill("#name", name)
        page.fill("#password", password)
        page.click("main button[type=submit]")
        page.wait_for_load_state()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serves `app` on a free port of this machine until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def take_look(page: Any, name: str) -> None:
    """Saves a picture of the whole page when ``MATCHER_SCREENSHOTS`` names a folder."""
    folder = os.environ.get("MATCHER_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"]
        page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)


def check_axe(page: Any) -> None:
    """Fails on what axe calls serious or critical, naming the rule and the elements."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    bad = [
        f"{each['id']}: {each['help']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
    assert bad == [], page.url


def check_fits(page: Any) -> None:
    """Fails when the page scrolls sideways, or when something to tap is smaller than 44 px.

    Links within a sentence are as high as their line (WCAG 2.2, 2.5.8 excepts them).
    """
    page.wait_for_load_state()
    wide = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} px wide on {wide[1]}"
    small = page.evaluate(
        """() => [...document.querySelectorAll(
             'button, .btn, summary, select, input:not([type=hidden]), nav a')]
          .filter(e => e.checkVisibility() && !e.closest('.visually-hidden, .skip'))
          .filter(e => {
            const target = e.closest('label') || e;
            return target.getBoundingClientRect().height < 43.5;
          })
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == [], page.url


Look = Callable[[Any, str], None]
