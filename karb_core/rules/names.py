"""Names: of venues, instruments, secrets, files and the strategy itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from karb_core.domain.instrument import Instrument
from karb_core.rules.money import ASSET
from karb_core.rules.secret import SecretName
from karb_core.rules.written import Written, as_written
from karb_core.texts.text import Text

VENUE = "[a-z][a-z0-9_]{0,39}"


def _says(key: str) -> Callable[[object], Text]:
    return lambda value: Text(key, {"written": as_written(value)})


def _instrument(match: re.Match[str]) -> Instrument:
    return Instrument(match[1], match[2], match[3])


def _whole(match: re.Match[str]) -> str:
    return match[0]


#: `upbit BTC/KRW`: the venue, and what is traded for what, in our terms.
InstrumentName = Annotated[
    Instrument,
    Written("instrument", f"({VENUE}) ({ASSET})/({ASSET})", _instrument, _says("instrument.shape")),
]
#: `secret:upbit`: a name; the value is resolved when a run needs it, after every digest is taken.
Secret = Annotated[
    SecretName,
    Written("secret", "secret:([A-Za-z0-9_.-]{1,64})", lambda m: SecretName(m[1]), _says("secret.shape")),
]
#: A short name: lower case, digits, `_` and `-`.
ShortName = Annotated[str, Written("name", "[a-z][a-z0-9_-]{0,63}", _whole, _says("name.shape"))]
#: A venue, as pairs name it: `binance_usdm`.
VenueName = Annotated[str, Written("venue", VENUE, _whole, _says("name.shape"))]
#: A path, relative to the file that names it.
PathName = Annotated[str, Written("path", r"[^\x00-\x1f]{1,1000}", _whole, _says("path.shape"))]
#: One line of text.
Line = Annotated[str, Written("text", r"[^\x00-\x1f]{0,500}", _whole, _says("line.shape"))]
