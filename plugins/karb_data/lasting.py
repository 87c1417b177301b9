"""`--for`: how long, as a person writes it."""

from __future__ import annotations

import re

from karb_core.errors import UsageMistake
from karb_core.texts.text import Words

INTERRUPTED = 130  # karb: constant because a shell calls it so
# karb: constant because these are what the units mean
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(written: str) -> int:
    """Errors: UsageMistake for what is no length of time."""
    match = re.fullmatch(r"([1-9][0-9]{0,6}) ?([smhd])", written)
    if match is None:
        said = Words(f"`{written}` is no length of time: write 30s, 10m, 24h", f"`{written}`: 30s, 10m, 24h처럼 쓰세요")
        raise UsageMistake(said)
    return int(match[1]) * _SECONDS[match[2]]
