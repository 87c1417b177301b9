"""The master key: what the keystore is encrypted by. Never on a command line, never shown.

In this order: the variable KARB_MASTER_KEY, the file `master.key` in KARB_HOME (for nobody else's eyes), the keyring of the
operating system. Several keys, the newest first, are one after the other with commas: the first encrypts, all decrypt.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any, Literal

from karb_core.errors import KeysUnusable
from karb_core.texts.text import Text
from karb_core.wiring.home import home
from karb_core.wiring.written_whole import written_whole

VARIABLE = "KARB_MASTER_KEY"
FILE = "master.key"
_SERVICE, _USER = "karb", "master"
Place = Literal["environment", "file", "keyring"]


def master_place() -> Place | None:
    """Where it is; None where there is none yet. The keyring is asked last: it may want to be unlocked."""
    if os.environ.get(VARIABLE):
        return "environment"
    if (home() / FILE).exists():
        return "file"
    return "keyring" if _of_keyring() else None


def master_keys(place: Place) -> str:
    """Errors: `KeysUnusable` where it cannot be read, or others can read it."""
    if place == "environment":
        return os.environ.get(VARIABLE, "")
    if place == "file":
        need_private(home() / FILE)
        return (home() / FILE).read_text("ascii", errors="replace").strip()
    return _of_keyring() or ""


def keep_master(place: Place, keys: str) -> None:
    """Errors: `KeysUnusable` for the environment, which is the owner's, and for a keyring that takes nothing."""
    if place == "file":
        written_whole(home() / FILE, keys + "\n")
        return
    if place == "environment":
        raise KeysUnusable(Text("keys.master_is_yours", {"variable": VARIABLE}))
    keyring = _keyring()
    if keyring is None:
        raise KeysUnusable(Text("keys.no_keyring"), Text("keys.no_keyring.help"))
    try:
        keyring.set_password(_SERVICE, _USER, keys)
    except Exception as e:  # a backend raises whatever it likes
        raise KeysUnusable(Text("keys.no_keyring"), Text("keys.no_keyring.help")) from e


def need_private(path: Path) -> None:
    """Errors: `KeysUnusable` for a file that others than its owner may read or write. Windows has no such modes."""
    if sys.platform != "win32":
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeysUnusable(
                Text("keys.open", {"path": path, "mode": f"{mode:o}"}), Text("keys.open.help", {"path": path})
            )


def _of_keyring() -> str | None:
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found: str | None = keyring.get_password(_SERVICE, _USER)
    except Exception:  # noqa: BLE001 - a backend raises whatever it likes: then there is none
        return None
    return found


def _keyring() -> Any:
    """None where this machine has none, as most servers."""
    try:
        import keyring
        from keyring.backends.fail import Keyring as Nowhere
    except ImportError:
        return None
    return None if isinstance(keyring.get_keyring(), Nowhere) else keyring
