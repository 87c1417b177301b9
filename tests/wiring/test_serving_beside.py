"""A server beside a house: whatever becomes of it, the house is not held up, and it is begun anew."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from karb_core.errors import UsageMistake
from karb_core.texts.text import Said, Words, render
from karb_core.wiring.serving_beside import ServingBeside


class Scripted:
    """Does one thing of a script at each run, then serves until it is ended; `hangs` does not hear of its end."""

    where = "http://127.0.0.1:1"

    def __init__(self, script: list[str], ran: Callable[[str], None]) -> None:
        self._script, self._ran, self._ends = script, ran, threading.Event()

    def run(self) -> None:
        does = self._script.pop(0) if self._script else "serves"
        self._ran(does)
        if does == "raises":
            raise OSError("no more files")
        if does == "exits":
            raise SystemExit
        if does in ("serves", "hangs"):
            (threading.Event() if does == "hangs" else self._ends).wait(20)

    def end(self) -> None:
        self._ends.set()


def beside(*script: str) -> tuple[ServingBeside, list[str], threading.Semaphore, list[str]]:
    """The server beside, what its runs did, one release for each, and what was said."""
    left, done, came, said = list(script), list[str](), threading.Semaphore(0), list[str]()

    def ran(does: str) -> None:
        done.append(does)
        came.release()

    def say(told: Said) -> None:
        said.append(render(told))

    return ServingBeside(lambda _: Scripted(left, ran), say), done, came, said


@pytest.mark.parametrize("how", ["raises", "exits", "ends"])
def test_one_that_breaks_is_begun_anew_and_said_once(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karb_core.wiring.serving_beside._AGAIN_S", 0.001)
    made, done, came, said = beside(how, how)
    asyncio.run(made.begin(()))
    for _ in range(3):
        assert came.acquire(timeout=20)
    made.end()
    assert done == [how, how, "serves"]
    assert len(said) == 2
    assert said[1].startswith("what shows the house broke and is begun anew; trading goes on: ")


def test_one_that_hangs_holds_up_neither_the_house_nor_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karb_core.wiring.serving_beside._END_S", 0.01)
    made, done, came, _ = beside("hangs")

    async def life() -> None:
        await made.begin(())
        house = asyncio.ensure_future(made.run())
        await asyncio.to_thread(came.acquire, timeout=20)
        await asyncio.sleep(0)
        assert not house.done()
        house.cancel()
        await asyncio.gather(house, return_exceptions=True)

    asyncio.run(life())
    made.end()
    assert done == ["hangs"]


def test_an_address_that_cannot_be_had_ends_the_start() -> None:
    def taken(_: object) -> Scripted:
        raise UsageMistake(Words("it is taken"))

    made = ServingBeside(taken, lambda _: None)
    with pytest.raises(UsageMistake, match="it is taken"):
        asyncio.run(made.begin(()))
    made.end()
