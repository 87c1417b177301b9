"""Writing a file that is there whole or as it was before, for its owner's eyes alone."""

from __future__ import annotations

import os
from pathlib import Path

_PRIVATE = 0o600  # karb: constant because it is the mode of what only its owner reads and writes


def written_whole(path: Path, text: str) -> None:
    """Durable when it returns. Errors: OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
