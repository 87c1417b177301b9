"""The folder where karb keeps what the user gave no other place."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """KARB_HOME, else `~/.karb`; it need not be there yet."""
    return Path(os.environ.get("KARB_HOME") or Path.home() / ".karb")
