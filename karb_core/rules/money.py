"""Money and coins, always with their asset: `40,000,000 KRW`, `0.25 BTC`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from karb_core.domain.amount import Amount
from karb_core.rules.written import ABOVE_ZERO, NUMBER, Written, as_written, digits
from karb_core.texts.text import Text

ASSET = "[A-Z][A-Z0-9]{1,11}"


def read_amount(match: re.Match[str]) -> Amount:
    return Amount(Decimal(digits(match[1])), match[2])


def _mistake(value: object) -> Text:
    written = as_written(value)
    bare = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if bare or (isinstance(value, str) and re.fullmatch(NUMBER, value)):
        return Text("money.bare", {"written": written})
    if isinstance(value, str) and re.fullmatch(f"{NUMBER} ?{ASSET}", value.upper()):
        better = _spaced(value)
        return Text("money.above" if better == value else "money.spelling", {"written": written, "better": better})
    return Text("money.shape", {"written": written})


def _spaced(text: str) -> str:
    match = re.fullmatch(f"({NUMBER}) ?({ASSET})", text.upper())
    assert match is not None
    return f"{match[1]} {match[2]}"


#: An amount of one asset, zero allowed.
Money = Annotated[Amount, Written("amount", f"({NUMBER}) ({ASSET})", read_amount, _mistake)]
#: An amount of one asset above zero.
PositiveMoney = Annotated[Amount, Written("amount", f"{ABOVE_ZERO}({NUMBER}) ({ASSET})", read_amount, _mistake)]
