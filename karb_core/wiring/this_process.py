"""What tells a process apart from every other that ever had its number, where the system can say so."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_STATE, _STARTED = 0, 19  # karb: constant because proc(5) says where they stand after the name
_DEAD = ("Z", "X")


def this_process() -> str | None:
    """`BOOT/NAMESPACE/PID/STARTED`; None where the system does not tell, as outside Linux.

    The boot and the namespace of process numbers are part of it: two containers may share a name and all numbers.
    """
    place = _place()
    stat = _stat("self")
    return None if place is None or stat is None else f"{place}/{stat[0]}/{stat[1][_STARTED]}"


def is_gone(told: str) -> bool:
    """Whether a process that told this of itself has provably ended.

    Edge: one of another machine, another boot or another namespace is not seen from here, so nothing is proven. One
    that was killed and that its parent has not asked about yet is gone.
    """
    place, _, number = told.rpartition("/")[0].rpartition("/")
    if not number.isdigit() or place != _place():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # somebody else's: it is there
    stat = _stat(number)
    return stat is not None and (stat[1][_STATE] in _DEAD or stat[1][_STARTED] != told.rpartition("/")[2])


def _place() -> str | None:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{(_PROC / 'self/ns/pid').readlink()}"
    except (OSError, ValueError):
        return None


def _stat(number: str) -> tuple[str, list[str]] | None:
    """The number, and what follows the program's name, which may hold anything. Source: proc(5)."""
    try:
        whole = (_PROC / number / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    return whole.partition(" ")[0], whole.rpartition(")")[2].split()
