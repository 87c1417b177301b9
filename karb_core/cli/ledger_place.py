"""Where the ledger is, unless the user says otherwise."""

from __future__ import annotations

from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text
from karb_core.wiring.home import home


def ledger_path(given: str | None) -> str:
    """The given one, else `ledger.sqlite` in KARB_HOME (~/.karb). Errors: LedgerUnusable where that cannot be made."""
    if given is not None:
        return given
    place = home()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise LedgerUnusable(
            Text("run.home", {"path": place, "why": e.strerror or str(e)}), Text("run.home.help")
        ) from e
    return str(place / "ledger.sqlite")
