"""Where the ledger is, unless the user says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text


def ledger_path(given: str | None) -> str:
    """The given one, else `ledger.sqlite` in KARB_HOME (~/.karb). Errors: LedgerUnusable where that cannot be made."""
    if given is not None:
        return given
    home = Path(os.environ.get("KARB_HOME") or Path.home() / ".karb")
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise LedgerUnusable(
            Text("run.home", {"path": home, "why": e.strerror or str(e)}), Text("run.home.help")
        ) from e
    return str(home / "ledger.sqlite")
