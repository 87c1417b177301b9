"""While a component is built, or judges, nothing is read, written, connected to or drawn, and no clock is looked at."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from unittest.mock import patch

_TOUCHES = ("open", "socket.", "subprocess.", "os.system", "os.listdir", "os.scandir", "os.putenv", "urllib.")
_CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")
_DRAWS = ("random", "randint", "randrange", "choice", "uniform", "gauss", "getrandbits")


class Touched(AssertionError):
    """Something outside was asked that may not be."""


@dataclass(slots=True)
class _Watch:
    """Python cannot take an audit hook back: one is put in, and listens only while somebody asks."""

    put_in: bool = False
    asked: list[bool] = field(default_factory=list)

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        if self.asked and event.startswith(_TOUCHES) and not _of_an_import(event, args):
            raise Touched(f"{event} {args[0] if args else ''}".strip())


_WATCH = _Watch()


@contextmanager
def untouched() -> Iterator[None]:
    """Errors: `Touched`, where something inside reads, writes, connects, starts a process, looks at a clock or draws.

    Edge: modules that are imported on the way are read, and `datetime.now` is not seen.
    """
    if not _WATCH.put_in:
        sys.addaudithook(_WATCH.hook)
        _WATCH.put_in = True
    with ExitStack() as stack:
        for module, names in ((time, _CLOCKS), (random, _DRAWS)):
            for name in names:
                stack.enter_context(patch.object(module, name, _refusing(f"{module.__name__}.{name}")))
        _WATCH.asked.append(True)
        stack.callback(_WATCH.asked.pop)
        yield


def _refusing(name: str) -> Any:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise Touched(f"{name} was asked")

    return refuse


def _of_an_import(event: str, args: tuple[Any, ...]) -> bool:
    """Where a module is looked for or read, on the way to be imported."""
    if event in ("os.listdir", "os.scandir"):
        return True
    return event == "open" and str(args[0]).endswith((".py", ".pyc", ".so", ".pyd", ".json"))
