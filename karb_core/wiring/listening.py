"""Channels that hear the owner, beside everything else: one that breaks is begun again, and holds nothing up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from random import Random

from karb_core.connection.back_off import BackOff
from karb_core.ports import Controls, Listens, Notifier
from karb_core.texts.text import Said, Text

# karb: constant because it says how soon a channel that broke listens again
_FIRST_S, _LONGEST_S = 1.0, 60.0
_SHOWN = 200  # karb: constant because it cuts a shown text


async def listening(channels: Sequence[Notifier], controls: Controls, say: Callable[[Said], None]) -> None:
    """Until it is cancelled. Of several that listen to the same, the first does."""
    heard: dict[str, Listens] = {}
    for channel in channels:
        if isinstance(channel, Listens):
            heard.setdefault(channel.listens_as(), channel)
    await asyncio.gather(*(_again(name, channel, controls, say) for name, channel in heard.items()))


async def _again(name: str, channel: Listens, controls: Controls, say: Callable[[Said], None]) -> None:
    # karb: constant because a channel is never given up, so it is never counted as down
    back_off, why = BackOff(_FIRST_S, _LONGEST_S, 1, Random()), ""
    while True:
        try:
            await channel.listen(controls)
            return
        except Exception as e:  # noqa: BLE001 - whatever a channel does, trading goes on
            told = f"{type(e).__name__}: {e}"[:_SHOWN]
            if told != why:
                why = told
                say(Text("run.not_heard", {"channel": name, "why": told}))
        await asyncio.sleep(back_off.failed())
