"""systemd hears that a house stands and that its loop turns; where no systemd is, nobody is told."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from karb_core.wiring.supervised import Supervised

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd's socket is one of Unix")


def test_it_says_that_it_stands_and_three_times_in_each_watch_that_it_turns(tmp_path: Path) -> None:
    where = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(where)
        systemd.settimeout(30)
        house = Supervised({"NOTIFY_SOCKET": where, "WATCHDOG_USEC": "30000"})

        async def lives() -> list[bytes]:
            await house.begin(())
            turns = asyncio.ensure_future(house.run())
            heard = [await asyncio.to_thread(systemd.recv, 100) for _ in range(4)]
            turns.cancel()
            await asyncio.gather(turns, return_exceptions=True)
            return heard

        assert asyncio.run(lives()) == [b"READY=1", *[b"WATCHDOG=1"] * 3]


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/notify", "WATCHDOG_USEC": "30000"}])
def test_where_nobody_listens_the_house_goes_on(environment: dict[str, str]) -> None:
    async def lives() -> bool:
        house = Supervised(environment)
        await house.begin(())
        turns = asyncio.ensure_future(house.run())
        await asyncio.sleep(0)
        alive = not turns.done()
        turns.cancel()
        await asyncio.gather(turns, return_exceptions=True)
        return alive

    assert asyncio.run(lives())
