"""Shares of fills: which lot each fill is for, in the order in which it was shared out.

A share has the run and the ordinal of its fill. Unit: base, signed (+ came to us). What a lot bears of the fee is not
kept: it follows from the shares.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Table

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.ledger.columns import TABLES, Row, text, written_by

FILL_SHARES = Table(
    "fill_shares",
    TABLES,
    *written_by(),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    text("lot_id"),
    text("amount"),
)


def rows(shares: Sequence[tuple[str, Amount]]) -> list[Row]:
    return [
        {"position": at, "lot_id": lot_id, "amount": exact.text(amount.value)}
        for at, (lot_id, amount) in enumerate(shares)
    ]
