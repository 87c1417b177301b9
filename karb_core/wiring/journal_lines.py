"""The lines of a run's journal, in the order in which they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text
from karb_core.wiring.recorder import segments


def journal_lines(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Each parsed; it has at least what it is (`is`) and when (`at_ns`).

    Edge: a last line that a kill cut off was never whole. Errors: LedgerUnusable for a journal that is not there, or
    damaged.
    """
    files = segments(folder)
    if not files:
        raise LedgerUnusable(Text("why.no_journal", {"path": folder}), Text("why.no_journal.help"))
    for path in files:
        try:
            with path.open("rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        return
                    yield _parsed(line, path)
        except OSError as e:
            raise damaged(path) from e


def damaged(path: Path) -> LedgerUnusable:
    return LedgerUnusable(Text("why.journal_damaged", {"path": path}), Text("why.no_journal.help"))


def _parsed(line: bytes, path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(line)
        if isinstance(told, dict) and {"is", "at_ns"} <= told.keys():
            return told
    except ValueError as e:
        raise damaged(path) from e
    raise damaged(path)
