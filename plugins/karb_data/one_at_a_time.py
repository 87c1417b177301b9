"""One recorder at a folder: the system lets go of it when the process ends, however it does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karb_core.errors import UsageMistake
from karb_core.texts.text import Words

_NAME = ".collecting"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Errors: UsageMistake where another process records into it."""
    handle = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT)
    try:
        _lock(handle)
    except OSError as e:
        os.close(handle)
        raise UsageMistake(
            Words(f"{folder} is being recorded into already", f"{folder}에는 이미 기록 중인 프로세스가 있습니다"),
            Words(
                "stop the other `karb data collect`, or name another folder",
                "다른 `karb data collect`를 멈추거나 다른 폴더를 쓰세요",
            ),
        ) from e
    try:
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
