"""A running karb, on paper, as a process: steered from Telegram, and killed while it tells."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, fills, halts
from tests.house.conftest import folder
from tests.house.process import LEDGER, Karb, write
from tests.plugin.conftest import site
from tests.telling.telegram_here import TOKEN, Telegram, telegram_here

__all__ = ["folder", "site"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")

CONSOLE = "  - {use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}"
WARM = "bars that the signal looks back on are there"


def told_by_telegram(address: str) -> tuple[str, str]:
    bot = f"token: secret:telegram, owners: [9000000111], tell: [entry, exit, refusal, halt], address: '{address}', language: en"
    return (CONSOLE, f"{CONSOLE}\n  - {{use: telegram.bot, with: {{{bot}}}}}")


def moved(folder: Path, how: str) -> None:
    (folder / "market.txt").write_text(how, "utf-8")


def test_from_a_phone_it_is_asked_stopped_over_a_kill_resumed_and_flattened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARB_SECRET_TELEGRAM", TOKEN)
    moved(folder, "calm")

    async def body() -> None:
        async with telegram_here(Telegram()) as phone:
            heard = asyncio.to_thread
            file = write(folder, told_by_telegram(phone.address))
            with Karb(folder, file) as karb:
                await heard(karb.heard, WARM)
                phone.writes("/kimp", int(time.time()))
                assert (await phone.heard("BTC: ")).count("%") == 2  # on both rates
                phone.writes("/stop a look first", int(time.time()))
                await phone.heard("Stopped: no entries")
                await phone.heard("Emergency stop in force")
                karb.killed()
            moved(folder, "high")
            with Karb(folder, file) as karb:
                await heard(karb.heard, WARM)
                phone.writes("/status", int(time.time()))
                assert "a look first" in await phone.heard("walker")
                phone.writes("/resume", int(time.time()))
                await phone.heard("Resumed")
                await phone.heard("Entered - premium")
                phone.writes("/position", int(time.time()))
                assert "short_premium" in await phone.heard("walker")
                phone.writes("/flatten", int(time.time()))
                code = (await phone.heard("/yes ")).split("/yes ")[1].split()[0]
                phone.writes(f"/yes {code}", int(time.time()))
                await phone.heard("Exited")
                phone.writes("/position", int(time.time()))
                await phone.heard("nothing is open")
                phone.writes("/pnl", int(time.time()))
                await phone.heard("1 lots")
                phone.writes("/why", int(time.time()))
                assert "walker.yaml:" in await phone.heard("exited")
                karb.signalled(signal.SIGTERM)
                assert (await heard(karb.ended))[0] == 130

    asyncio.run(body())
    ledger = open_ledger(folder / LEDGER, read_only=True)
    told = [(h.strength, h.author) for h in halts_of(ledger)]
    assert [each for each in told if each[1].startswith("telegram:")] == [
        ("no-entries", "telegram:9000000111"),
        ("none", "telegram:9000000111"),
        ("flatten", "telegram:9000000111"),
    ]
    sums: dict[str, object] = {}
    for fill, _ in fills(ledger, Whose("paper:walker")):
        key = fill.instrument.text()
        sums[key] = sums.get(key, 0) + fill.amount.value * (1 if fill.side.value == "buy" else -1)  # type: ignore[operator]
    assert set(sums.values()) == {0}
    ledger.close()


def halts_of(ledger):  # type: ignore[no-untyped-def]
    return list(halts(ledger, Whose("paper:walker")))
