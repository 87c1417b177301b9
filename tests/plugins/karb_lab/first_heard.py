"""The first message of a client that reads in a process of its own and waits for it without a limit."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

_LIMIT_S = 20
_TRIES = 3


def first_heard(makes: Callable[[], Any], tells: Callable[[], None]) -> Any:
    """`tells` goes on until something was heard. Edge: on a busy machine its process may give up while it connects, and
    whoever waits for it waits for ever: then it is made anew. Errors: TimeoutError where none of several heard anything.
    """
    for _ in range(_TRIES):
        stream, heard, told = makes(), Event(), Queue[Any]()

        def telling(heard: Event = heard) -> None:
            while not heard.is_set():
                tells()

        teller = Thread(target=telling)
        Thread(target=lambda stream=stream, told=told: told.put(stream.get()), daemon=True).start()
        teller.start()
        try:
            return told.get(timeout=_LIMIT_S)
        except Empty:
            continue
        finally:
            heard.set()
            teller.join()
            stream.terminate()
            stream.join()
    raise TimeoutError(f"{_TRIES} processes heard nothing in {_LIMIT_S} s each")
