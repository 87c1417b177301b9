"""Tells systemd that the house stands, and again and again that its loop turns; anywhere else it does nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from karb_core.wiring.running import Running

_US = 1_000_000  # karb: constant because a second has so many microseconds
_OFTEN = 3  # karb: constant because a word that came late shall not end a house that lives


@dataclass(frozen=True, slots=True)
class Supervised:
    """`Beside` of a house. Source: sd_notify(3): `NOTIFY_SOCKET` and `WATCHDOG_USEC` in `environment`.

    The words are sent from the loop that trades, so that one which hangs is ended and begun anew. Edge: a socket that is
    gone is passed over; a name that begins with @ is an abstract one.
    """

    environment: Mapping[str, str]

    async def begin(self, opened: Sequence[Running]) -> None:  # noqa: ARG002 - it stands, whoever is in it
        self._says("READY=1")

    async def run(self) -> None:
        told = self.environment.get("WATCHDOG_USEC", "")
        if not told.isdigit() or not int(told):
            await asyncio.Event().wait()
        every_s = int(told) / _US / _OFTEN
        while True:
            self._says("WATCHDOG=1")
            await asyncio.sleep(every_s)

    def _says(self, word: str) -> None:
        where = self.environment.get("NOTIFY_SOCKET", "")
        if not where or not hasattr(socket, "AF_UNIX"):
            return
        address = "\0" + where[1:] if where.startswith("@") else where
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto(word.encode(), address)
