"""How soon each hand of the owner's stops a house that trades at local venues: from the act to the desk's latch.

    python bench/stop_delay.py [TIMES]

Prints the median and the worst of each hand, in milliseconds, and exits 1 where a worst is over one second. The act is the
owner's: a message written, a button clicked, a file or key set, a command begun, so that the start of its Python is in it.
Times of wall: only an idle machine's figures are worth keeping.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from karb_redis.store import KEY
from tests.house.hands import Owner, owner

_TIMES = 5
_MOST_MS = 1000.0


def measured(by: Owner, act: Callable[[], object], prepares: Callable[[], None] = lambda: None) -> float:
    """One stop, undone afterwards."""
    prepares()
    began_ns = time.time_ns()
    act()
    by.until(lambda: by.last_halt_ns() >= began_ns)
    took_ms = (by.last_halt_ns() - began_ns) / 1e6
    (by.home / "HALT").unlink(missing_ok=True)
    by.by_hand.delete(KEY)
    by.until(lambda: (by.resumes(), not by.standing())[1])
    return took_ms


def main(times: int) -> int:
    with tempfile.TemporaryDirectory() as folder, owner(Path(folder)) as by:
        by.begins()
        hands: dict[str, tuple[Callable[[], object], Callable[[], None]]] = {
            "Telegram /stop": (by.telegram, lambda: None),
            "the button": (lambda: by.page.locator("#ask-yes").click(), lambda: by.asks("#stop", "button")),
            "karb halt": (by.cli, lambda: None),
            "the file HALT": (by.file, lambda: None),
            "a key in Redis": (by.key, lambda: None),
            "karb halt --everywhere": (by.everywhere, lambda: None),
        }
        worst = 0.0
        for name, (act, prepares) in hands.items():
            took = sorted(measured(by, act, prepares) for _ in range(times))
            print(f"{name:24} median {took[len(took) // 2]:6.0f} ms  worst {took[-1]:6.0f} ms", flush=True)
            worst = max(worst, took[-1])
    return int(worst > _MOST_MS)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else _TIMES))
