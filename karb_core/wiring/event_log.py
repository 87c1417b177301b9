"""The log of a house: each event a JSON object on a line, written by a thread of its own, never waited for."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TextIO

import structlog

from karb_core.domain.instant import to_text
from karb_core.ports import Clock
from karb_core.texts.text import Said, render
from karb_core.wiring.log_events import MONEY, event_of
from karb_core.wiring.rotated_file import RotatedFile

_MOST = 10_000  # karb: constant because it bounds memory while a disk hangs; what is over it is counted and told
_END_S = 5.0  # karb: constant because it bounds how long the end of a run waits for a disk


def _as_it_is(text: str) -> str:
    return text


@dataclass(slots=True)
class EventLog:
    """`hidden` takes secrets out of a line; `stdout`: where lines go as well, under systemd.

    A line that cannot be written is lost and counted: trading goes on, and the last line says how many were.
    What changes money goes into `trades` too, and nothing else does.
    """

    whole: RotatedFile
    trades: RotatedFile
    clock: Clock
    hidden: Callable[[str], str] = _as_it_is
    stdout: TextIO | None = None
    lost: int = field(init=False, default=0)
    _lines: queue.Queue[str | None] = field(init=False, default_factory=lambda: queue.Queue(_MOST))
    _thread: threading.Thread = field(init=False)
    _log: Any = field(init=False)

    def __post_init__(self) -> None:
        renders = structlog.processors.JSONRenderer(ensure_ascii=False)
        self._log = structlog.wrap_logger(
            self, processors=[self._stamped, renders], wrapper_class=structlog.BoundLogger, cache_logger_on_first_use=True
        )  # fmt: skip
        self._thread = threading.Thread(target=self._run, name="karb-log", daemon=True)
        self._thread.start()

    def wrote(self, table: str, row: Mapping[str, Any]) -> None:
        """A row that a desk writes."""
        found = event_of(table, row)
        if found is not None:
            self.event(found[0], **found[1])

    def said(self, said: Said) -> None:
        """What a person was told on the terminal."""
        self.event("house.said", said=render(said))

    def event(self, name: str, **told: Any) -> None:
        self._log.msg(name, **told)

    def msg(self, line: str) -> None:
        """One that is rendered already; structlog calls it."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self.lost += 1

    def close(self) -> None:
        """What waits is written first, where the disk takes it in time."""
        if self.lost:
            self.event("log.lost", lines=self.lost)
        try:
            self._lines.put(None, timeout=_END_S)
        except queue.Full:
            return
        self._thread.join(_END_S)

    def _stamped(self, _log: Any, _method: str, told: Any) -> Any:
        return {"at": to_text(self.clock.now_ns()), "event": told.pop("event"), **told}

    def _run(self) -> None:
        while (each := self._lines.get()) is not None:
            self._writes(self.hidden(each))
        for file in (self.whole, self.trades):
            file.close()

    def _writes(self, line: str) -> None:
        try:
            told = line.encode("utf-8", "backslashreplace")
            self.whole.line(told)
            if json.loads(line)["event"] in MONEY:
                self.trades.line(told)
        except OSError:
            self.lost += 1
        if self.stdout is not None:
            with suppress(OSError, ValueError):
                self.stdout.write(line + "\n")
                self.stdout.flush()


def under_systemd(environment: Mapping[str, str]) -> TextIO | None:
    """Where lines go as well: systemd says that it keeps what is written there."""
    return sys.stdout if environment.get("JOURNAL_STREAM") else None
