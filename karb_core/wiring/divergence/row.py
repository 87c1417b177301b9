"""One part of the difference between a run's result and a backtest's, with its cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.texts.text import Said


class Cause(Enum):
    """Where a part comes from. Of a lot that both have: how it was entered and left otherwise; else that one has it.

    moment_in, moment_out: decided at another moment, at the closes of the two; quantity: of what both then moved, at
    those closes; fill_in, fill_out: what was paid beyond those closes, on a book or by the bar model; fees, funding: as
    booked; rate: what money was booked at; beside: what the books moved that is no lot's.
    """

    ONLY_RUN = "only_run"
    ONLY_BACKTEST = "only_backtest"
    EARLIER = "earlier"
    MOMENT_IN = "moment_in"
    MOMENT_OUT = "moment_out"
    QUANTITY = "quantity"
    FILL_IN = "fill_in"
    FILL_OUT = "fill_out"
    FEES = "fees"
    FUNDING = "funding"
    RATE = "rate"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Row:
    """So much of the run's result less the backtest's, in the asset of the capital.

    at_ns: the moment at which the lot's entry was decided, by the run where both have it. instrument: the leg, None for
    what is of no one leg. why: in one sentence; None where none was found, which is a finding.
    """

    cause: Cause
    pair: str
    tier: str | None
    side: str
    at_ns: int
    instrument: Instrument | None
    amount: Amount
    why: Said | None


def total(rows: Iterable[Row], book: str) -> Amount:
    return Amount.total((row.amount for row in rows), book)
