"""What an account holds, as an owner writes it: an amount, or what was worth so much when the run began."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from karb_core.domain.amount import Amount
from karb_core.rules.money import ASSET
from karb_core.rules.written import ABOVE_ZERO, NUMBER, Written, as_written, digits
from karb_core.texts.text import Text


@dataclass(frozen=True, slots=True)
class Worth:
    """So much of `asset` as was worth `value` when the run began: for studies that span years."""

    asset: str
    value: Amount

    def text(self) -> str:
        return f"{self.asset} worth {self.value.text()} at start"


def _read_stock(match: re.Match[str]) -> Amount | Worth:
    if match[1] is not None:
        return Amount(Decimal(digits(match[1])), match[2])
    return Worth(match[3], Amount(Decimal(digits(match[4])), match[5]))


#: `0.25 BTC`, or `BTC worth 20,000,000 KRW at start`.
Stock = Annotated[
    Amount | Worth,
    Written(
        "stock",
        f"(?:({NUMBER}) ({ASSET})|({ASSET}) worth {ABOVE_ZERO}({NUMBER}) ({ASSET}) at start)",
        _read_stock,
        lambda value: Text("stock.shape", {"written": as_written(value)}),
    ),
]
