"""The shipped three-tier strategy at local venues over real wires, with bars of a minute that nobody waits for.

karb runs as a process of its own and reaches the venues by its own adapters; the venues' books are the test's to look at.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.ledger import reading
from karb_core.ledger.check import check as proved
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.rulebook.code_digest import code_digests
from karb_core.rulebook.lock import lock_of, lock_path, write_lock
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.local_venues import lab_wanted
from karb_core.wiring.under_way import under_way
from karb_lab.beside import beside
from karb_lab.for_files import lab_for
from karb_lab.lab import Lab
from tests.cli.run import ours, started
from tests.cli.shipped import ROOT, kimp
from tests.house.leaping import LeapingClock, Leaps, before_the_minute
from tests.wiring.tiny import Edit

_SOON_NS = 3_000_000_000
_JUDGED_NS = 3_000_000_000
_MOST_S = 90.0
_BARS = 6
_TOLD = 20
PAIRS = ("BTC", "ETH", "XRP")
#: What the owner says when he ends a halt.
RESUMED = "what became of it is known now"
NEAR, FAR = "upbit", "binance_usdm"
#: Both rates of one source, for the bank's is only announced; bars of a minute over two hours.
REHEARSED: tuple[Edit, ...] = (
    ("mode: paper", "mode: live"),
    ("{use: fx.dunamu, with: {max_age: 10m, when_closed: 80h}}", "{use: upbit.usdt_krw, with: {max_age: 10s}}"),
    ("bar: 5m", "bar: 1m"),
    ("window: 20d", "window: 2h"),
    (
        "{use: alerts.discord, with: {webhook: secret:discord, tell: [entry, exit, refusal, halt]}}",
        "{use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}",
    ),
)

#: One pair, so that no lot of another starves what one of two runs enters.
OF_BTC: tuple[Edit, ...] = (
    ("    - 0.25 BTC\n    - 7.5 ETH\n    - 10,500 XRP\npairs:", "    - 0.25 BTC\npairs:"),
    ("  ETH: {near: upbit ETH/KRW, far: binance_usdm ETH/USDT, share: 35%}\n", ""),
    ("  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 25%}\n", ""),
)


def rehearsed(*edits: Edit) -> str:
    text = kimp()
    for old, new in (*REHEARSED, *edits):
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


@dataclass(slots=True)
class LabStage:
    """A file, its lock, a lab that was started for it, and the clock of both."""

    folder: Path
    file: str
    rulebook: Rulebook
    lab: Lab
    leaps: Leaps
    ledger: str
    lives: list[Life] = field(default_factory=list)

    def tell(self, path: str, told: object = None, method: str = "POST") -> Any:
        body = None if told is None else json.dumps(told).encode()
        try:
            with urlopen(Request(f"{self.lab.control.address}/{path}", body, method=method), timeout=30) as answer:
                return json.load(answer)
        except HTTPError as refused:
            with refused:
                raise AssertionError(refused.read()) from None

    def premium(self, ratio: str | None, *coins: str) -> None:
        for coin in coins or PAIRS:
            self.tell("premium", {"coin": coin, "premium": ratio})

    def fault(self, venue: str, kind: str, **more: object) -> None:
        self.tell(f"{venue}/faults", {"kind": kind, **more})

    def booked(self, venue: str) -> Any:
        """Of the one account, as the venue booked it."""
        ((_, books),) = self.tell(f"{venue}/accounts", method="GET").items()
        return books

    def fills(self) -> int:
        return sum(len(self.booked(venue)["fills"]) for venue in (NEAR, FAR))

    def open_base(self) -> dict[str, Decimal]:
        """By coin, what the far venue has open; nothing where it is flat."""
        open_: dict[str, Decimal] = dict.fromkeys(PAIRS, Decimal(0))
        for fill in self.booked(FAR)["fills"]:
            coin = fill["instrument"].split()[1].partition("/")[0]
            open_[coin] += Decimal(fill["amount"]) * (1 if fill["side"] == "buy" else -1)
        return {coin: amount for coin, amount in open_.items() if amount}

    def near_base(self) -> dict[str, Decimal]:
        """By coin, by how much karb's own orders moved the near venue."""
        moved: dict[str, Decimal] = dict.fromkeys(PAIRS, Decimal(0))
        for fill in self.booked(NEAR)["fills"]:
            coin = fill["instrument"].split()[1].partition("/")[0]
            moved[coin] += Decimal(fill["amount"]) * (1 if fill["side"] == "buy" else -1)
        return {coin: amount for coin, amount in moved.items() if amount}

    def settled(self) -> bool:
        """Nothing is under way by the ledger: a leap in the middle of an order would be an answer that took so long."""
        ledger = self.read()
        try:
            whose = {reading.Whose.of(each.run) for each in reading.lived(ledger) if each.run.mode == "live"}
            return not [left for each in whose for left in under_way(ledger, each)]
        finally:
            ledger.close()

    def rests(self) -> bool:
        """Settled, and a second later still: nothing was just about to begin."""
        if not self.settled():
            return False
        time.sleep(1)
        return self.settled()

    def story(self) -> str:
        """What a failure is found by: both sides' amounts, every answer, and what was said."""
        ledger = self.read()
        try:
            whose = next(reading.Whose.of(each.run) for each in reading.lived(ledger) if each.run.mode == "live")
            answers = [repr(outcome) for outcome, _ in reading.outcomes(ledger, whose)][-_TOLD:]
        finally:
            ledger.close()
        said = [line for life in self.lives for line in (*life.lines, "")]
        with started(["status", "--ledger", self.ledger], self.folder, subprocess.STDOUT) as asked:
            said += asked.communicate()[0].decode().splitlines()
        return "\n".join([repr(self.near_base()), repr(self.open_base()), *answers, *said])

    def a_bar_closes(self) -> None:
        """The next one, and what follows from it has begun."""
        assert _within(self.rests, _MOST_S), self.story()
        now_ns = time.time_ns() + self.leaps.far_ns
        self.leaps.leap(before_the_minute(now_ns, _SOON_NS))
        due_ns = time.time_ns() + self.leaps.far_ns + _SOON_NS + _JUDGED_NS
        _within(lambda: time.time_ns() + self.leaps.far_ns >= due_ns, _MOST_S)

    def until_bars_close(self, true: Callable[[], object], *, resting: bool = True) -> None:
        """The next bars close soon, and again and again until it is so. `resting`: none before nothing is under way."""
        for _ in range(_BARS):
            assert not resting or _within(self.rests, _MOST_S), self.story()
            now_ns = time.time_ns() + self.leaps.far_ns
            self.leaps.leap(before_the_minute(now_ns, _SOON_NS))
            if _within(true, 15.0):
                return
        raise AssertionError(f"not within {_BARS} bars: {self.story()}")

    def until_asked_for_long_enough(self) -> None:
        """Of each order that was sent it is known what became of it, or the owner's time for asking is over."""
        halts = len(self._halts())
        assert _within(lambda: self.settled() or len(self._halts()) > halts, _MOST_S), self.story()

    def _halts(self) -> list[str]:
        ledger = self.read()
        try:
            whose = {reading.Whose.of(each.run) for each in reading.lived(ledger) if each.run.mode == "live"}
            return [halted.reason for each in whose for halted in reading.halts(ledger, each)]
        finally:
            ledger.close()

    def resume(self) -> None:
        """The owner ends what is halted and is no more true."""
        done = started(["resume", "--ledger", self.ledger, "--because", RESUMED], self.folder)
        _, errors = done.communicate(timeout=_MOST_S)
        assert done.returncode == 0, (errors, self.story())

    def run(self, mode: str = "live", *more: str) -> Life:
        """`more`: at which address it is shown, and where a halt for several hosts stands."""
        life = Life(self, mode, *more)
        self.lives.append(life)
        return life

    def ledger_of(self, mode: str) -> str:
        return self.ledger if mode == "live" else str(self.folder / f"{mode}.sqlite")

    def run_of(self, mode: str) -> str:
        """The id of its last run."""
        opened = open_ledger(self.ledger_of(mode), read_only=True)
        try:
            return [each.run.id for each in reading.lived(opened) if each.run.mode == mode][-1]
        finally:
            opened.close()

    def read(self) -> Ledger:
        return open_ledger(self.ledger, read_only=True)

    def need_same_books(self) -> None:
        """Every fill, fee, funding and balance: the ledger's and the venues', to the last digit."""
        ledger = self.read()
        try:
            assert [violation for one in proved(ledger) for violation in one.broken] == []
            (account,) = {each.run.account for each in reading.lived(ledger) if each.run.mode == "live"}
            whose = reading.Whose(account)
            for venue in (NEAR, FAR):
                self._need_same(venue, ledger, whose)
        finally:
            ledger.close()

    def _need_same(self, venue: str, ledger: Ledger, whose: reading.Whose) -> None:
        books = self.booked(venue)
        mine = [fill for fill, _ in reading.fills(ledger, whose) if fill.instrument.venue == venue]
        there = [
            (f["instrument"], f["side"], Decimal(f["amount"]), Decimal(f["price"]), f["fee"]) for f in books["fills"]
        ]
        here = [(f.instrument.text(), f.side.value, f.amount.value, f.price.value, f.fee.text()) for f in mine]
        assert sorted(map(repr, here)) == sorted(map(repr, there)), (venue, here, there, self.lives[-1].lines)
        incomes = [i for i in reading.incomes(ledger, whose) if i.instrument.venue == venue]
        moved: dict[str, Decimal] = {}
        for fill in mine:
            moved[fill.fee.asset] = moved.get(fill.fee.asset, Decimal(0)) - fill.fee.value
            if venue == NEAR:
                moved["KRW"] = moved.get("KRW", Decimal(0)) - fill.cost.value
                base = fill.instrument.base
                moved[base] = moved.get(base, Decimal(0)) + fill.moved.value
        for income in incomes:
            moved[income.received.asset] = moved.get(income.received.asset, Decimal(0)) + income.received.value
        self._need_balances(venue, books["balances"], moved, mine)

    def _need_balances(self, venue: str, balances: Any, moved: dict[str, Decimal], fills: list[Any]) -> None:
        opened = lab_wanted([self.rulebook]).opening[venue]
        if venue == FAR:
            assert not self.open_base(), "what is open is worth what its mark says: balances are compared flat"
            for fill in fills:
                moved["USDT"] -= fill.cost.value
        for asset, at_first in opened.items():
            there = Decimal(balances[asset]["free"]) + Decimal(balances[asset]["locked"])
            assert there == at_first + moved.get(asset, Decimal(0)), (venue, asset)


class Life:
    """karb while it lives; killed with the block where it still does. `weighed_kb`: its memory when it was told to end."""

    def __init__(self, stage: LabStage, mode: str, *more: str) -> None:
        self._stage = stage
        self.lines: list[str] = []
        self.weighed_kb = 0
        leaps = str(stage.folder / "leaps")
        arguments = [stage.file, stage.ledger_of(mode), stage.lab.control.address, leaps, mode, *more]
        path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
        self.made = subprocess.Popen(
            [sys.executable, "-m", "tests.house.at_lab_child", *arguments],
            cwd=stage.folder, env={**os.environ, **ours(stage.folder), "PYTHONPATH": path},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        self._reads = threading.Thread(target=self._read, daemon=True)
        self._reads.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.killed()

    def _read(self) -> None:
        assert self.made.stdout is not None
        for line in self.made.stdout:
            self.lines.append(line.rstrip("\n"))

    def heard(self, said: str, times: int = 1) -> None:
        """Until this stands in so many of its lines."""
        found = _within(lambda: self.made.poll() is not None or self._times(said) >= times, _MOST_S)
        assert found, (said, self.lines)
        assert self._times(said) >= times, (said, self.lines)

    def _times(self, said: str) -> int:
        return sum(re.search(said, line) is not None for line in tuple(self.lines))

    def warm(self) -> Self:
        self.heard("bars that the signal looks back on are there", len(self._stage.rulebook.file.pairs))
        return self

    def killed(self) -> None:
        if self.made.poll() is None:
            self.made.send_signal(signal.SIGKILL)
        self.made.wait(_MOST_S)
        self._reads.join(_MOST_S)
        if self.made.stdout is not None:
            self.made.stdout.close()

    def ended(self) -> int:
        """Told to end, as its owner would; its exit code."""
        self.weighed_kb = _weighed_kb(self.made.pid)
        self.made.send_signal(signal.SIGTERM)
        code = self.made.wait(_MOST_S)
        self._reads.join(_MOST_S)
        return code


@contextmanager
def lab_stage(folder: Path, *edits: Edit, locked: bool = True) -> Iterator[LabStage]:
    path = folder / "rehearsed.yaml"
    path.write_text(rehearsed(*edits), "utf-8")
    rulebook = rulebook_of(Terminal(), str(path))
    if locked:
        code = code_digests(seat.offer for seat in rulebook.all_seats())
        write_lock(lock_path(str(path)), lock_of(rulebook, code, None, "2026-01-06T00:00:00Z", "rehearsed"))
    leaps = Leaps(folder / "leaps")
    wanted = lab_wanted([rulebook])
    with beside(lambda: LeapingClock(leaps), lambda clock: lab_for(wanted, clock, seed="tests")) as lab:
        yield LabStage(folder, str(path), rulebook, lab, leaps, str(folder / "lab.sqlite"))


def _weighed_kb(pid: int) -> int:
    """How much memory a process has; nothing where nobody tells."""
    path = Path(f"/proc/{pid}/status")
    told = path.read_text("utf-8").splitlines() if path.exists() else []
    return next((int(line.split()[1]) for line in told if line.startswith("VmRSS")), 0)


def _within(true: Callable[[], object], seconds: float) -> bool:
    """Looked at ten times a second: what is waited for happens in another process."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= until:
            return False
        time.sleep(0.1)
    return True
