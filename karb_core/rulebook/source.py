"""The text of a strategy file as it was read, once."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from karb_core.errors import StrategyInvalid, UsageMistake
from karb_core.texts.text import Text

#: A strategy is a page or two; anything of this size is another file given by mistake.
LARGEST = 1_000_000  # karb: constant because it bounds the size of a file, not what it says


@dataclass(frozen=True, slots=True)
class Source:
    """`name` is the path as the user wrote it; `lines` are without their ends; `sha256` is of the bytes."""

    name: str
    text: str
    sha256: str

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @classmethod
    def of_text(cls, text: str, name: str = "strategy.yaml") -> Source:
        return cls(name, text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def _opened(path: str) -> BinaryIO:
    return Path(path).open("rb")


def read_source(path: str, opened: Callable[[str], BinaryIO] = _opened) -> Source:
    """The file, whole; `opened` opens it for reading. Errors: UsageMistake where there is no such file; StrategyInvalid, in one sentence with
    what to do, where it is not a text file that karb can read, or changed while it was being read."""
    data = _bytes(path, opened)
    # karb: constant because it is how far a binary file is looked for
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise StrategyInvalid(Text("file.binary", {"path": path}))
    text = _decoded(path, data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise StrategyInvalid(Text("file.empty", {"path": path}), Text("file.empty.help"))
    return Source(path, text, hashlib.sha256(data).hexdigest())


def _bytes(path: str, opened: Callable[[str], BinaryIO]) -> bytes:
    try:
        mode = Path(path).stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise UsageMistake(Text("file.not_regular", {"path": path}))  # opening a pipe would wait for its writer
        with opened(path) as file:
            before = os.fstat(file.fileno())
            data = file.read(LARGEST + 1)
            after = os.fstat(file.fileno())
    except FileNotFoundError as e:
        raise UsageMistake(Text("file.missing", {"path": path})) from e
    except IsADirectoryError as e:
        raise UsageMistake(Text("file.directory", {"path": path})) from e
    except PermissionError as e:  # Windows opens no directory, and says so with this
        key = "file.directory" if Path(path).is_dir() else "file.permission"
        raise UsageMistake(Text(key, {"path": path})) from e
    except (OSError, ValueError) as e:
        raise UsageMistake(Text("file.unreadable", {"path": path, "why": getattr(e, "strerror", "") or str(e)})) from e
    if len(data) > LARGEST:
        raise StrategyInvalid(Text("file.large", {"path": path, "limit": f"{LARGEST:,}"}))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise StrategyInvalid(Text("file.changed", {"path": path}))
    return data


def _decoded(path: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise StrategyInvalid(Text("file.utf16", {"path": path}), Text("file.save_as"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as e:
        line = data[: e.start].count(b"\n") + 1
        key = "file.cp949" if _is_cp949(data) else "file.not_utf8"
        raise StrategyInvalid(Text(key, {"path": path, "line": line}), Text("file.save_as")) from e


def _is_cp949(data: bytes) -> bool:
    try:
        return any("가" <= c <= "힣" for c in data.decode("cp949"))
    except UnicodeDecodeError:
        return False
