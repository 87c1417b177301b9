"""A run that breaks off says how in its ledger, keeps what it had decided, and ends with the right exit code."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from tests.cli.conftest import Karb
from tests.cli.run import started
from tests.cli.shipped import plugins
from tests.plugin.site import Site
from tests.wiring.hourly import ONE_PAIR, write_hourly
from tests.wiring.tiny import strategy_text, write_market

FILE = "tiny.yaml"
LEDGER = "here.sqlite"
PLUGIN = """
from karb_core.plugin import hookimpl
from karb_core.texts.text import Words
from karb_premium.zscore import ZScore


class Breaks(ZScore):
    name = "zscore"
    about = Words("Breaks.", "고장납니다.")
    asked = 0

    def METHOD(self, *given):
        Breaks.asked += 1
        if Breaks.asked == AT:
            raise ERROR
        return super().METHOD(*given)


@hookimpl
def karb_signals():
    return [Breaks]
"""
Install = Callable[..., None]


@pytest.fixture
def breaks(home: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A signal of another author's that raises when it is asked the nth time."""
    site = home / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("KARB_PLUGINS", ",".join([*plugins(), "breaks"]))
    write_hourly(home)
    (home / FILE).write_text(strategy_text(*ONE_PAIR, ("use: premium.zscore", "use: breaks.zscore")), "utf-8")

    def install(error: str, at: int = 12, method: str = "judge") -> None:
        source = PLUGIN.replace("ERROR", error).replace("AT", str(at)).replace("METHOD", method)
        package = f"breaks_{method}_at_{at}_{error[:5].lower()}"
        Site(site).install("breaks", source, package=package)
        assert "breaks" in Catalogue.installed().names()

    return install


def rows(home: Path, what: str) -> list[tuple[str | int | None, ...]]:
    with closing(sqlite3.connect(home / LEDGER)) as ledger:
        return ledger.execute(what).fetchall()


def ends(home: Path) -> list[tuple[str | int | None, ...]]:
    return rows(home, "SELECT ended, ended_at_ns >= started_at_ns FROM runs ORDER BY number")


def test_a_component_that_raises_ends_the_run_as_failed(karb: Karb, home: Path, breaks: Install) -> None:
    breaks('ZeroDivisionError("by nothing\\n at all")')
    told = karb("run", FILE, "--quiet", "--ledger", LEDGER)
    assert told.code == 1
    assert told.err.count("\n") == 2
    assert "ZeroDivisionError: by nothing at all" in told.err
    assert "Traceback" not in told.all
    assert ends(home) == [("failed", 1)]
    assert rows(home, "SELECT count(*) > 0 FROM decisions") == [(1,)]


def test_an_interrupt_ends_it_as_interrupted(karb: Karb, home: Path, breaks: Install) -> None:
    breaks("KeyboardInterrupt")
    told = karb("run", FILE, "--quiet", "--ledger", LEDGER)
    assert (told.code, told.err) == (130, "")
    assert ends(home) == [("interrupted", 1)]
    assert rows(home, "SELECT count(*) > 0 FROM decisions") == [(1,)]


def test_what_raises_before_the_first_row_is_told_as_well(karb: Karb, home: Path, breaks: Install) -> None:
    breaks('ValueError("no columns")', 1, "features")
    told = karb("run", FILE, "--quiet", "--ledger", LEDGER)
    assert told.code == 1
    assert "ValueError: no columns" in told.err
    assert ends(home) == [("failed", 1)]


def test_what_was_there_before_stays_and_the_next_run_is_whole(karb: Karb, home: Path, breaks: Install) -> None:
    breaks("KeyError(1)")
    assert karb("run", FILE, "--quiet", "--ledger", LEDGER).code == 1
    before = rows(home, "SELECT * FROM decisions")
    assert karb("run", FILE, "--quiet", "--ledger", LEDGER).code == 0
    assert ends(home) == [("failed", 1), ("done", 1)]
    after = rows(home, "SELECT * FROM decisions")
    assert after[: len(before)] == before
    assert len(after) > 2 * len(before)


def test_a_key_is_heard_while_it_runs(home: Path) -> None:
    """Between two moments, so that nothing is half done: of what is written, all of it is."""
    write_market(home, days=120)
    (home / FILE).write_text(strategy_text(), "utf-8")
    running = started(["run", FILE, "--ledger", LEDGER], home, subprocess.PIPE)
    assert running.stdout is not None
    for line in running.stdout:
        if b"BTC entry" in line:
            running.send_signal(signal.SIGINT)
            break
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, b"")
    assert b"worst paper loss" not in out
    assert ends(home) == [("interrupted", 1)]
    ten_days_ns = 10 * 24 * 3600 * 10**9
    (early,) = rows(home, f"SELECT max(d.first_at_ns) < r.until_ns - {ten_days_ns} FROM decisions d, runs r")
    assert early == (1,)
    decided = rows(home, "SELECT count(*) FROM decisions WHERE kind = 'entry'")[0][0]
    assert isinstance(decided, int)
    assert rows(home, "SELECT count(DISTINCT intent_id) FROM orders")[0][0] >= decided > 0
