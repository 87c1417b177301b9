"""The owner's controls over a house: written into the ledger as `karb halt` does, and read from it as `karb status` does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from karb_core.domain.halt import Halt
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.telling import taken, tell
from karb_core.ports import Clock, Steered, Topic
from karb_core.wiring.desked import Desked
from karb_core.wiring.phone_answers import kimp, pnl, position, status, why
from karb_core.wiring.standing_halts import standing_halts

T = TypeVar("T")

_WAIT_S = 2.0  # karb: constant because it bounds how long an answer waits for a desk that was told already
_LOOK_S = 0.05  # karb: constant because it says how often it is looked whether a desk took it


@dataclass(slots=True)
class Steering:
    """`Controls` over all strategies of one house. What asks the ledger has a thread of its own."""

    ledger: Ledger
    desks: Sequence[Desked]
    clock: Clock
    _thread: ThreadPoolExecutor = field(init=False, default_factory=lambda: ThreadPoolExecutor(2, "steering"))

    def now_ns(self) -> int:
        return self.clock.now_ns()

    async def halt(self, strength: Halt, because: str, author: str, told_id: str) -> Steered:
        return await self._told("halt", strength.word, because, author, told_id)

    async def resume(self, because: str, author: str, told_id: str) -> Steered:
        steered = await self._told("resume", None, because, author, told_id)
        stays = await self._asks(self._stays)
        return Steered(steered.strategies, steered.taken, stays)

    def acknowledge(self) -> int:
        return sum(desk.acknowledges() for desk in self.desks)

    async def about(self, topic: Topic, lang: str) -> str:
        if topic == "kimp":
            return "\n".join(kimp(self.desks, self.clock.now_ns(), lang))
        asked = {"status": status, "position": position, "pnl": pnl, "why": why}[topic]
        return await self._asks(lambda: "\n".join(asked(self.ledger, self.desks, self.clock.now_ns(), lang)))

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _told(self, verb: str, strength: str | None, because: str, author: str, told_id: str) -> Steered:
        at_ns = self.clock.now_ns()
        commands = [
            Command(
                id=f"{told_id}-{desk.account}-{desk.name}",
                account=desk.account,
                strategy=desk.name,
                verb=verb,
                strength=strength,
                reason=because,
                author=author,
                at_ns=at_ns,
            )
            for desk in self.desks
        ]
        await self._asks(lambda: self._written(commands))
        by = await self._followed(commands)
        return Steered(tuple(desk.name for desk in self.desks), by)

    def _written(self, commands: Sequence[Command]) -> None:
        for command in commands:
            tell(self.ledger, command)

    async def _followed(self, commands: Sequence[Command]) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        until = loop.time() + _WAIT_S
        while True:
            by = await self._asks(
                lambda: tuple(str(c.strategy) for c in commands if taken(self.ledger, c.id) is not None)
            )
            if len(by) == len(commands) or loop.time() >= until:
                return by
            await asyncio.sleep(_LOOK_S)

    def _stays(self) -> tuple[str, ...]:
        found = (h for desk in self.desks for h in standing_halts(self.ledger, desk.account, desk.name))
        return tuple(dict.fromkeys(f"{each.strength}: {each.reason}" for each in found))

    async def _asks(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
