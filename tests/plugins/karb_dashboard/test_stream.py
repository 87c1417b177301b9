"""Who reads the stream too slowly is dropped, and nobody waits for it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from karb_dashboard.changes import changes, snapshot
from karb_dashboard.seen import Seen
from karb_dashboard.stream import SLOW, Stream


@dataclass
class Line:
    """A socket as a server sees it. `reads`: whether anybody takes what is sent."""

    reads: asyncio.Event
    sent: deque[Any] = field(default_factory=deque)
    closed: int | None = None

    async def accept(self) -> None:
        """Taken."""

    async def receive(self) -> dict[str, str]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send_text(self, text: str) -> None:
        await self.reads.wait()
        self.sent.append(json.loads(text))

    async def close(self, code: int = 1000) -> None:
        self.closed = code


class House:
    """What a stream asks of a house: the time."""

    lang = "en"

    def now_ns(self) -> int:
        return 0


def market(price: int) -> Seen:
    told = [{"strategy": "walker", "pair": "BTC", "premium": {"premium": str(price)}}]
    return Seen(markets=told, market_at_ns=price)


def test_a_slow_reader_is_dropped_and_a_quick_one_hears_everything() -> None:
    async def life() -> tuple[Line, Line, int]:
        house: Any = House()
        stream, slow, quick = Stream(house), Line(asyncio.Event()), Line(asyncio.Event())
        quick.reads.set()
        lines: list[Any] = [slow, quick]
        served = [asyncio.ensure_future(stream.serve(line, lambda: market(0))) for line in lines]
        while len(quick.sent) < 6:
            await asyncio.sleep(0)
        for price in range(1, 101):
            stream.changed(market(price - 1), market(price))
            while len(quick.sent) < 6 + price:
                await asyncio.sleep(0)
        await served[0]
        served[1].cancel()
        await asyncio.gather(*served, return_exceptions=True)
        return slow, quick, stream.dropped

    slow, quick, dropped = asyncio.run(life())
    assert (slow.closed, dropped, list(slow.sent)) == (SLOW, 1, [])
    assert [message["number"] for message in quick.sent] == list(range(1, 107))
    assert [message["data"][0]["premium"]["premium"] for message in list(quick.sent)[6:]] == [
        str(price) for price in range(1, 101)
    ]


def test_what_did_not_change_is_not_told_again() -> None:
    one, same = market(1), market(1)
    assert list(changes(one, same)) == []
    assert [message["type"] for message in changes(one, Seen())] == ["market"]
    assert [message["gone"] for message in changes(one, Seen())] == [["walker BTC"]]
    assert [message["type"] for message in snapshot(Seen())] == [
        "market", "position", "order", "trade", "halt", "heartbeat",
    ]  # fmt: skip
