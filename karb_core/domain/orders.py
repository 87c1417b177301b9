"""Our instruction to a venue, what of it traded, and how it ended."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.instrument import Instrument


class Side(Enum):
    """Which way base moves: to us or from us."""

    BUY = "buy"
    SELL = "sell"

    @classmethod
    def of(cls, signed: Decimal) -> "Side":
        """The side that moves this much base. Errors: ValueError for zero."""
        if not signed:
            raise ValueError("nothing to move has no side")
        return cls.BUY if signed > 0 else cls.SELL

    @property
    def opposite(self) -> "Side":
        return Side.SELL if self is Side.BUY else Side.BUY

    @property
    def sign(self) -> Decimal:
        """+1 for a buy, -1 for a sale."""
        return Decimal(1) if self is Side.BUY else Decimal(-1)


class TimeInForce(Enum):
    """ioc: what does not trade at once is cancelled. gtc: rests until cancelled. post_only: rests or is refused."""

    IOC = "ioc"
    GTC = "gtc"
    POST_ONLY = "post_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One instruction for one leg of an intent.

    Unit: amount in base; exactly one of limit and cost is given. With `cost` the venue is told what to spend in
    quote, so the amount it buys is known from its fills only and `amount` is what the plan expects.
    Errors: ValueError for an order that trades nothing, has both or neither bound, or sells by cost; `MixedAssets`
    for money of another instrument.
    """

    id: str
    intent_id: str
    leg: int
    instrument: Instrument
    side: Side
    amount: Amount
    limit: Price | None
    cost: Amount | None
    time_in_force: TimeInForce
    reduce_only: bool

    def __post_init__(self) -> None:
        if (self.limit is None) == (self.cost is None):
            raise ValueError(f"order {self.id} needs a limit or a cost, and not both")
        if self.amount.value <= 0 or (self.cost is not None and self.cost.value <= 0):
            raise ValueError(f"order {self.id} trades nothing")
        if self.cost is not None and self.side is Side.SELL:
            raise ValueError(f"order {self.id} sells by cost: only what is bought can be told by its cost")
        _need(self.instrument, self.amount, self.limit, self.cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One trade of one order, as the venue booked it.

    Unit: amount in base, above zero; fee in the asset it was taken from, below zero for a rebate. Edge: a fill that
    the venue forced (a liquidation) carries the venue's own order id. Booked once by (venue, venue_trade_id).
    """

    order_id: str
    venue_trade_id: str
    instrument: Instrument
    side: Side
    amount: Amount
    price: Price
    fee: Amount
    venue_at_ns: int
    received_at_ns: int

    def __post_init__(self) -> None:
        if self.amount.value <= 0:
            raise ValueError(f"fill {self.venue_trade_id} traded nothing")
        _need(self.instrument, self.amount, self.price, None)

    @property
    def moved(self) -> Amount:
        """Base that came to us: below zero for a sale."""
        return self.amount if self.side is Side.BUY else -self.amount

    @property
    def cost(self) -> Amount:
        """Quote that it cost without the fee: below zero for a sale."""
        return self.moved.at(self.price)


@dataclass(frozen=True, slots=True)
class Filled:
    """What the venue says has traded of an order up to now.

    Unit: filled in base, cost in quote, both cumulative and never below zero. `final` says that no more of it will
    trade; an order of which nothing traded ends as zero filled and final. Edge: more than was ordered is kept as told.
    """

    order: Order
    filled: Amount
    cost: Amount
    final: bool

    def __post_init__(self) -> None:
        _need_cumulative(self.order, self.filled, self.cost)


@dataclass(frozen=True, slots=True)
class Rejected:
    """The venue refused the order and nothing of it traded: its own code and words, unchanged."""

    order: Order
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer came: the order may live. Asked about, never assumed, never sent again.

    Unit: filled and cost are what is known to have traded, cumulative; zero where nothing is known.
    """

    order: Order
    why: str
    filled: Amount
    cost: Amount

    def __post_init__(self) -> None:
        _need_cumulative(self.order, self.filled, self.cost)


Outcome = Filled | Rejected | Unknown


def is_over(answer: Outcome | None) -> bool:
    """Whether this answer says that nothing more of its order can trade; no answer says nothing."""
    return isinstance(answer, Rejected) or (isinstance(answer, Filled) and answer.final)


def _need(instrument: Instrument, amount: Amount, price: Price | None, cost: Amount | None) -> None:
    market = (instrument.base, instrument.quote)
    if (
        amount.asset != instrument.base
        or (price is not None and (price.base, price.quote) != market)
        or (cost is not None and cost.asset != instrument.quote)
    ):
        raise MixedAssets(f"{amount.text()}, {price}, {cost} do not belong to {instrument.text()}")


def _need_cumulative(order: Order, filled: Amount, cost: Amount) -> None:
    _need(order.instrument, filled, None, cost)
    if filled.value < 0 or cost.value < 0:
        raise ValueError(f"order {order.id} cannot have traded less than nothing")
