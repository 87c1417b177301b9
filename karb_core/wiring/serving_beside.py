"""A server beside a house that trades: in a thread of its own, begun anew when it breaks, and never waited for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from karb_core.ports import Serving
from karb_core.texts.text import Said, Text
from karb_core.wiring.asking_feeds import said_of
from karb_core.wiring.running import Running

_AGAIN_S = 1.0  # karb: constant because it says how soon a server that broke is begun anew
_MOST_S = 60.0  # karb: constant because it bounds how long one that breaks again and again is waited with
_END_S = 3.0  # karb: constant because it bounds how long the end of a run waits for whoever is still read to


@dataclass(slots=True)
class ServingBeside:
    """`Beside` of a house. `opens` takes the server's address, so that one which cannot be had ends the start and not the
    run; `say` tells the owner of one that broke, once until it breaks otherwise.

    The thread is a daemon: one that hangs holds no end of the process.
    """

    opens: Callable[[Sequence[Running]], Serving]
    say: Callable[[Said], None]
    _house: Sequence[Running] = field(init=False, default=())
    _serving: Serving | None = field(init=False, default=None)
    _ends: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread | None = field(init=False, default=None)

    async def begin(self, opened: Sequence[Running]) -> None:
        """Errors: those of `Server.open`."""
        self._house = opened
        self._serving = self.opens(opened)
        self.say(Text("serve.at", {"where": self._serving.where}))
        self._thread = threading.Thread(target=self._run, name="karb-server", daemon=True)
        self._thread.start()

    async def run(self) -> None:
        """Until it is cancelled: whatever becomes of the thread, the house goes on."""
        await asyncio.Event().wait()

    def end(self) -> None:
        """Returns when it has ended, or when it was waited for long enough."""
        self._ends.set()
        if self._serving is not None:
            self._serving.end()
        if self._thread is not None:
            self._thread.join(_END_S)

    def _run(self) -> None:
        told, waits_s = "", _AGAIN_S
        while not self._ends.is_set():
            try:
                if self._serving is None:
                    self._serving = self.opens(self._house)
                self._serving.run()
                why = "it ended"
                waits_s = _AGAIN_S
            except BaseException as e:  # noqa: BLE001 - whatever it is, it ends this thread at most
                why = said_of(e) if isinstance(e, Exception) else type(e).__name__
            self._serving = None
            if self._ends.is_set():
                return
            if why != told:
                self.say(Text("serve.broke", {"why": why}))
            told = why
            self._ends.wait(waits_s)
            waits_s = min(2 * waits_s, _MOST_S)
