"""A start that cannot be: one sentence, its exit code, no traceback, and the account is given back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from karb_core.errors import DataUnusable
from karb_core.ledger.lease import held
from karb_core.ledger.ledger import open_ledger
from tests.cli.run import answer_of
from tests.house.process import LEDGER, write
from tests.house.stage import CHANNEL, DEPTH, FEED, Place, lived
from tests.house.test_a_day import there_and_back
from tests.wiring.tiny import Edit

ONE_BTC = "    - 45,000,000 KRW\n    - 0.25 BTC\n"


def wrong(how: str) -> Edit:
    return (FEED, FEED.replace("wrong: nothing", f"wrong: {how}"))


@pytest.mark.parametrize(
    ("edit", "code", "said"),
    [
        ((f"paper: {DEPTH}", "paper: none"), 3, "mode paper needs to know how fills are simulated"),
        ((FEED, FEED.replace("walk.market", "walk.announced")), 5, "cannot yet run these in paper: walk.announced"),
        (wrong("facts"), 3, "no feed of the file states the rules of trading of upbit BTC/KRW, binance_usdm BTC/USDT"),
        (wrong("facts_raise"), 5, "walk.market failed when it was asked for the rules of trading: ValueError: no such page"),
        ((ONE_BTC, ONE_BTC.replace("0.25 BTC", "BTC worth 20,000,000 KRW at start")), 3, "`worth ... at start`"),
    ],
    ids=["no simulation", "announced", "no facts", "facts raise", "worth"],
)  # fmt: skip
def test_says_no_in_one_sentence_and_gives_the_account_back(
    edit: Edit, code: int, said: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "market.txt").write_text("calm", "utf-8")
    told = answer_of(capfd, ["run", write(folder, edit), "--ledger", LEDGER])
    assert (told.code, said in told.err) == (code, True), told.all
    assert sum(line.startswith("error: ") for line in told.err.splitlines()) == 1
    assert "Traceback" not in told.all
    if (folder / LEDGER).exists():
        ledger = open_ledger(folder / LEDGER)
        found = held(ledger, "paper:walker")
        assert found is None or found.released_at_ns is not None
        ledger.close()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--data", "x.yaml"), 2, "--data belongs to a backtest: this runs in paper"),
        (("--every-bar",), 2, "--every-bar belongs to a backtest"),
        (("--from", "2025-01-01"), 2, "--from belongs to a backtest"),
        (("--ledger", "no/such/folder/l.sqlite"), 8, "no/such/folder"),
    ],
)
def test_what_belongs_to_a_backtest_is_refused(
    arguments: tuple[str, ...], code: int, said: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = answer_of(capfd, ["run", write(folder), *arguments])
    assert (told.code, said in told.err) == (code, True), told.all


def test_a_feed_that_never_answers_is_not_waited_for(place: Place) -> None:
    async def day() -> None:
        with pytest.raises(DataUnusable, match=r"walk\.market did not answer .*: no answer in time"):
            async with place.running(wrong("facts_hang")):
                raise AssertionError("it opened")
        async with place.running() as alive:
            await alive.passed(1)

    lived(day)


@pytest.mark.parametrize(
    ("how", "why"), [("raises", "RuntimeError: the channel is closed"), ("hangs", "no answer within 10 s")]
)
def test_a_channel_that_fails_is_said_and_trading_goes_on(place: Place, how: str, why: str) -> None:
    async def day() -> None:
        async with place.running((CHANNEL, CHANNEL.replace("wrong: nothing", f"wrong: {how}"))) as alive:
            await there_and_back(place, alive)
            await asyncio.sleep(30)

    lived(day)
    assert place.said[1:] == [f"you could not be told by walk.channel, which is tried again: {why}"]
    place.need_sound()
