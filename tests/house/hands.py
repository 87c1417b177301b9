"""Every hand by which an owner stops a house that trades at the lab: each as its owner would use it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
from redis import Redis

from karb_core.ledger.reading import Whose, halts, lived
from karb_core.wiring.standing_halts import standing_halts
from karb_redis.store import KEY
from tests.cli.run import ours
from tests.cli.shipped import ROOT
from tests.house.lab_stage import LabStage, Life, lab_stage
from tests.plugins.karb_redis.redis_here import RedisHere, redis_here
from tests.plugins.karb_research.browser import chromium
from tests.telling.telegram_here import OWNER, TOKEN, Telegram, telegram_here

CONSOLE = "{use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}"
_MOST_S = 60.0
_MOST_MS = 60_000


class Phone:
    """The owner's Telegram, on a loop of its own."""

    def __init__(self) -> None:
        self.service = Telegram()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(_MOST_S)

    def writes(self, text: str, at_ns: int) -> None:
        self._loop.call_soon_threadsafe(self.service.writes, text, at_ns // 1_000_000_000)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(_MOST_S)

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._serves())
        self._loop.close()

    async def _serves(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._main = task
        async with telegram_here(self.service):
            self._ready.set()
            await asyncio.Event().wait()


@dataclass
class Owner:
    """`page` is there once a house is shown. Each hand says why by its own name."""

    stage: LabStage
    phone: Phone
    redis: RedisHere
    by_hand: Redis
    page: Page
    life: Life | None = None
    _serve: str = field(default="127.0.0.1:0")

    @property
    def home(self) -> Path:
        return self.stage.folder / "karb-home"

    @property
    def word(self) -> str:
        return (self.home / "serve" / "word").read_text("utf-8").strip()

    def now_ns(self) -> int:
        return time.time_ns() + self.stage.leaps.far_ns

    def begins(self) -> Life:
        """A house, until it is warm and its page is open."""
        self.life = life = self.stage.run("live", self._serve, self.redis.address)
        life.heard("shown at")
        where = re.search(r"127\.0\.0\.1:(\d+)/dashboard", next(line for line in life.lines if "shown at" in line))
        assert where is not None
        self._serve = f"127.0.0.1:{where[1]}"
        life.warm()
        self.page.goto(f"http://{self._serve}/dashboard")
        if len(self.stage.lives) == 1:
            token = (self.home / "serve" / "token").read_text("utf-8").strip()
            self.page.get_by_label(re.compile("Token|토큰")).fill(token)
            self.page.locator("#sign-in button").click()
        expect(self.page.locator("#line")).to_have_attribute("data-line", "live", timeout=_MOST_MS)
        return life

    # -- the hands: each says that nothing is entered any more ---------------------------------------------------------

    def telegram(self) -> None:
        self.phone.writes("/stop telegram", self.now_ns())

    def button(self) -> None:
        self.asks("#stop", "button")
        self.page.locator("#ask-yes").click()

    def cli(self) -> None:
        self.commands("halt", "--strength", "no-entries", "--because", "cli")

    def file(self) -> None:
        (self.home / "HALT").write_text("file", "utf-8")

    def key(self) -> None:
        self.by_hand.set(KEY, "key")

    def everywhere(self) -> None:
        self.commands("halt", "--strength", "no-entries", "--because", "everywhere", "--everywhere")

    # -- and what it takes besides -------------------------------------------------------------------------------------

    def asks(self, what: str, because: str) -> None:
        """The page's question, filled in and not yet answered."""
        self.page.locator(what).click()
        self.page.locator("#because").fill(because)
        self.page.locator("#second").fill(self.word)

    def flattens(self) -> None:
        self.asks("#flatten", "out")
        self.page.locator("#sure").check()
        self.page.locator("#ask-yes").click()

    def resumes(self) -> None:
        self.commands("resume", "--because", "over")

    def commands(self, *words: str) -> str:
        """Another terminal. What it says where it fails, a resume that could not end all too."""
        path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
        more = [] if "--everywhere" in words else ["--ledger", self.stage.ledger]
        done = subprocess.run(
            [sys.executable, "-m", "karb_core.cli.main", *words, *more],
            cwd=self.stage.folder, capture_output=True, encoding="utf-8", check=False,
            env={**os.environ, **ours(self.stage.folder), "PYTHONPATH": path, "KARB_HALTS": self.redis.address},
        )  # fmt: skip
        assert done.returncode in (0, 10), (words, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def standing(self) -> set[str]:
        """The reasons by which it is halted, as its ledger has them."""
        ledger = self.stage.read()
        try:
            (whose,) = {Whose.of(each.run) for each in lived(ledger)}
            assert whose.strategy is not None
            return {each.reason for each in standing_halts(ledger, whose.account, whose.strategy)}
        finally:
            ledger.close()

    def last_halt_ns(self) -> int:
        """When its desk latched what it latched last, by the machine's clock; 0 for never."""
        ledger = self.stage.read()
        try:
            found = [
                each.at_ns
                for one in lived(ledger)
                for each in halts(ledger, Whose.of(one.run))
                if each.strength != "none"
            ]
            return max(found) - self.stage.leaps.far_ns if found else 0
        finally:
            ledger.close()

    def until(self, true: Callable[[], object]) -> None:
        until = time.monotonic() + _MOST_S
        while not true():
            assert time.monotonic() < until, (self.standing(), self.stage.story())
            time.sleep(0.05)


@contextmanager
def owner(folder: Path) -> Iterator[Owner]:
    """Over the shipped three-tier strategy at the lab, with a bot, a page and a Redis."""
    phone = Phone()
    os.environ["KARB_SECRET_TELEGRAM"] = TOKEN
    bot = f"token: secret:telegram, owners: [{OWNER}], tell: [halt], address: '{phone.service.address}', language: en"
    try:
        with (
            redis_here(folder) as redis,
            lab_stage(folder, (CONSOLE, f"{CONSOLE}\n  - {{use: telegram.bot, with: {{{bot}}}}}")) as stage,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            by_hand = Redis(port=redis.port)
            made = Owner(stage, phone, redis, by_hand, browser.new_page())
            try:
                yield made
            finally:
                if made.life is not None:
                    made.life.killed()
                by_hand.close()
                browser.close()
    finally:
        del os.environ["KARB_SECRET_TELEGRAM"]
        phone.end()
