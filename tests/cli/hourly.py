"""A small strategy over an hourly market in files, run in this process, and how it may end badly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Karb
from tests.cli.run import Answer
from tests.wiring.hourly import ONE_PAIR, write_hourly
from tests.wiring.tiny import strategy_text

FILE = "tiny.yaml"
LEDGER = "here.sqlite"


def furnished(home: Path, kind: str) -> Path:
    write_hourly(home, kind)
    (home / FILE).write_text(strategy_text(*ONE_PAIR), "utf-8")
    return home


def run(karb: Karb, *more: str) -> Answer:
    return karb("run", FILE, "--quiet", "--ledger", LEDGER, *more)


def one_sentence(told: Answer, code: int) -> str:
    """What was said on stderr: one line, and one more that helps; no traceback, and no result."""
    assert told.code == code, told.all
    lines = told.err.strip().split("\n")
    assert lines[0].startswith("error: ")
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("   help: ")), told.err
    assert "Traceback" not in told.all
    assert "trades" not in told.out
    return told.err


def runs_in(home: Path) -> list[tuple[str, int | None, str | None]]:
    if not (home / LEDGER).exists():
        return []
    with closing(sqlite3.connect(home / LEDGER)) as ledger:
        return ledger.execute("SELECT strategy, ended_at_ns, ended FROM runs ORDER BY number").fetchall()


def content(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / LEDGER)) as ledger:
        return list(ledger.iterdump())
