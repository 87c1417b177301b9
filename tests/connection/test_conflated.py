"""Who is slow sees the latest of each thing, in the order in which it came."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.stream_conflated import Conflated


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers())))
def test_the_latest_of_each_and_nothing_is_lost_but_what_was_replaced(came: list[tuple[str, int]]) -> None:
    async def taken() -> tuple[list[tuple[str, int]], int]:
        waiting: Conflated[str, tuple[str, int]] = Conflated()
        for key, value in came:
            waiting.put(key, (key, value))
        return (await waiting.take() if came else []), waiting.dropped

    got, dropped = asyncio.run(taken())
    assert dict(got) == dict(came)
    assert len(got) + dropped == len(came)
    last = {key: at for at, (key, _) in enumerate(came)}
    assert [key for key, _ in got] == sorted(last, key=lambda key: last[key])


def test_whoever_takes_waits_until_there_is_something() -> None:
    async def waits() -> list[int]:
        waiting: Conflated[str, int] = Conflated()
        taking = asyncio.ensure_future(waiting.take())
        await asyncio.sleep(0)
        assert not taking.done()
        waiting.put("a", 1)
        return await taking

    assert asyncio.run(waits()) == [1]
