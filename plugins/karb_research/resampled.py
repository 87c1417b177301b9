"""What is drawn again: the trades of a run and, where they are known, its days."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.errors import UsageMistake
from karb_core.ports import App, Asked
from karb_core.texts.text import Words
from karb_research.days_in_blocks import DaysInBlocks, days_in_blocks
from karb_research.drawdown import drawdown
from karb_research.entrant import is_file
from karb_research.equity_curve import EquityCurve
from karb_research.risk_ratios import sharpe, total_return
from karb_research.trade_orders import TradeOrders, trade_orders


@dataclass(frozen=True, slots=True)
class Drawing:
    """block: days in a row; None where no days are known."""

    draws: int
    seed: int
    block: int | None


@dataclass(frozen=True, slots=True)
class Came:
    """A run as it was. curve: None for a run that a ledger has, which knows no days."""

    name: str
    synthetic: bool
    capital: Amount
    nets: tuple[Amount, ...]
    curve: EquityCurve | None


@dataclass(frozen=True, slots=True)
class Resampled:
    """orders: None without a trade; blocks: None where no day has a return, or no days are known. total_return,
    max_drawdown, sharpe: by day, as it was."""

    came: Came
    drawing: Drawing
    orders: TradeOrders | None
    blocks: DaysInBlocks | None
    total_return: float | None
    max_drawdown: float | None
    sharpe: float | None


def came_of(app: App, named: str, asked: Asked, *, progress: bool) -> Came:
    """A file is carried out over data; anything else is the beginning of a run's id. Errors: KarbErrors, and UsageMistake
    for a run that does not say its capital."""
    if is_file(named):
        done = app.backtest(named, asked, progress=progress)
        return Came(
            named, done.synthetic, done.capital, tuple(trade.net for trade in done.trades), EquityCurve.of(done)
        )
    ran = app.ran(named, asked.ledger)
    if "/capital" not in ran.lines:
        said = Words(f"run {ran.run} does not say its capital", f"{ran.run} 실행에 자본금이 없습니다")
        raise UsageMistake(said)
    capital = _written(ran.lines["/capital"].cited.written)
    # karb: constant because a run without a trade in this asset has none
    trades = ran.trades.get(capital.asset, ())
    return Came(ran.run, False, capital, tuple(trade.net for trade in trades), None)


def _written(capital: str) -> Amount:
    """As the owner writes it: `40,000,000 KRW`."""
    number, _, asset = capital.replace(",", "").replace("_", "").partition(" ")
    return Amount(Decimal(number), asset)


def resampled(came: Came, drawing: Drawing) -> Resampled:
    """Errors: UsageMistake where a block is longer than the run."""
    orders = trade_orders(came.nets, came.capital, drawing.draws, drawing.seed)
    if came.curve is None:
        return Resampled(came, drawing, orders, None, None, None, None)
    returns, fell = came.curve.returns(), drawdown(came.curve)
    block = _fitting(drawing.block, came.curve.days)
    return Resampled(
        came,
        drawing,
        orders,
        days_in_blocks(returns, block, drawing.draws, drawing.seed),
        total_return(came.curve),
        None if fell is None else fell.deepest,
        sharpe(returns),
    )


def need_block(named: str, block: int | None) -> None:
    """Errors: UsageMistake for a file without the length of a block."""
    if block is None and is_file(named):
        said = Words("how many days in a row are drawn together?", "며칠을 이어서 함께 뽑을지 쓰세요")
        raise UsageMistake(said, Words("write for example: --block 10", "예: --block 10"))


def _fitting(block: int | None, days: int) -> int:
    assert block is not None
    if days and block > days:
        raise UsageMistake(
            Words(f"a block of {block} days, and the run has {days}", f"묶음이 {block}일인데 실행은 {days}일입니다")
        )
    return block
