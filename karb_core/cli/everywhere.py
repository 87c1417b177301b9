"""`karb halt --everywhere` and `karb resume --everywhere`: the halt that several hosts look at is set and taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from karb_core.cli.halt_store import halt_store
from karb_core.cli.terminal import Terminal
from karb_core.cli.told_desk import author
from karb_core.domain.halt import Halt
from karb_core.errors import KarbError, UsageMistake
from karb_core.ports import HaltStore, HaltStoreSilent
from karb_core.texts.text import Text
from karb_core.wiring.secret_values import secret_value

T = TypeVar("T")


def halt_everywhere(terminal: Terminal, address: str | None, strength: Halt, because: str) -> None:
    """Errors: UsageMistake without an address; KarbError where the store does not answer, and nothing is said then."""
    said = f"{strength.word}: {because} ({author()})".encode()
    where = _at(address, lambda store: _written(store, said))
    terminal.out(Text("halts.stands", {"where": where}))
    terminal.out(Text("halts.stays"))


def resume_everywhere(terminal: Terminal, address: str | None) -> None:
    """Takes it away; what each desk latched stays until it is resumed there. Errors: as `halt_everywhere`."""
    where, was = _at(address, _removed)
    terminal.out(Text("halts.gone", {"where": where}) if was else Text("halts.none", {"where": where}))
    terminal.out(Text("halts.resume"))


async def _written(store: HaltStore, said: bytes) -> str:
    await store.write(said)
    return store.where


async def _removed(store: HaltStore) -> tuple[str, bool]:
    return store.where, await store.remove()


def _at(address: str | None, does: Callable[[HaltStore], Awaitable[T]]) -> T:
    if address is None:
        raise UsageMistake(Text("halts.nowhere"), Text("halts.nowhere.help"))

    async def done(address: str) -> T:
        store = halt_store(address, secret_value)
        try:
            return await does(store)
        except HaltStoreSilent as e:
            raise KarbError(
                Text("halts.silent", {"where": store.where, "why": str(e)}), Text("halts.silent.help")
            ) from e
        finally:
            await store.close()

    return asyncio.run(done(address))
