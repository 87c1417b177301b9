"""`karb positions`: every open lot, leg by leg, what it paid so far, and what is uneven."""

from __future__ import annotations

import time
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from karb_core.cli.books_options import books_options, opened_books
from karb_core.cli.instants import age, instant, whole_seconds
from karb_core.cli.terminal import Terminal
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding, text
from karb_core.domain.lots import Lot, LotLeg
from karb_core.rules.shown import shown
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.wiring.kept_lots import KeptLots

_HELP = """\b
karb positions
karb positions --ledger live.sqlite --strategy kimp-tiered
karb positions --ledger study.sqlite --run kmq3 --format json

Every open lot: what is open on each leg (+ bought, - sold), at which average price it was entered, fees and funding so
far, its age; then the sum for each instrument. A leg that has more than its proportion is named. Only reads.
"""
_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is a step of display


@click.command("positions", help=_HELP)
@books_options
@click.pass_context
def command(
    ctx: click.Context, ledger: str | None, run: str | None, account: str | None, strategy: str | None, form: str
) -> None:
    from karb_core.wiring.kept_lots import kept_lots
    from karb_core.wiring.standing import known_until

    terminal = Terminal.of(ctx)
    with opened_books(ledger, run, account, strategy) as (opened, books):
        kept = kept_lots(opened, books.whose)
        until_ns = known_until(opened, books, time.time_ns())
    if form == "json":
        told = {"ledger": opened.name, "account": books.account, "as_of": instant(until_ns)}
        terminal.json({**told, **positions_json(kept, until_ns)})
        return
    for lot in kept.open:
        _show(terminal, lot, kept.uneven.get(lot.id, ()), until_ns)
    if not kept.open:
        terminal.out(Text("open.none"))
        return
    terminal.out(Text("open.sums"))
    for instrument, amount in _sums(kept.open).items():
        terminal.out(f"  {instrument}  {_shown(amount)}")


def amounts_text(terminal: Terminal, amounts: Iterable[Amount]) -> str:
    return ", ".join(shown(*(amount.text() for amount in amounts))) or terminal.say(Text("pnl.nothing"))


def _show(terminal: Terminal, lot: Lot, uneven: tuple[Amount, ...], until_ns: int) -> None:
    args = {"pair": lot.pair, "tier": lot.tier or "·", "side": lot.side, "lot": lot.id}
    terminal.out(Text("open.lot", {**args, "age": age(terminal, until_ns - lot.opened_at_ns)}))
    for leg in lot.legs:
        price = _price(leg)
        told = {"instrument": leg.instrument.text(), "amount": _shown(leg.open)}
        said = Text("open.unfilled", told) if price is None else Text("open.leg", {**told, "price": shown(price)[0]})
        terminal.out(f"  {terminal.say(said)}")
    paid = {"fees": amounts_text(terminal, lot.fees), "funding": amounts_text(terminal, lot.funding)}
    terminal.out(f"  {terminal.say(Text('open.paid', paid))}")
    if uneven:
        what = ", ".join(
            f"{leg.instrument.text()} {_shown(amount)}"
            for leg, amount in zip(lot.legs, uneven, strict=True)
            if amount.value
        )
        terminal.out(f"  {terminal.style(terminal.say(Text('open.uneven', {'what': what})), 'error')}")


def _shown(amount: Amount) -> str:
    return shown(amount.text())[0]


def _price(leg: LotLeg) -> str | None:
    return text(leg.entry_price(_STEP, Rounding.HALF_EVEN)) if leg.entered.value else None


def _sums(lots: Iterable[Lot]) -> dict[str, Amount]:
    sums: dict[str, Amount] = {}
    for leg in (leg for lot in lots for leg in lot.legs):
        name = leg.instrument.text()
        sums[name] = sums.get(name, Amount.zero(leg.instrument.base)) + leg.open
    return sums


def positions_json(kept: KeptLots, until_ns: int) -> dict[str, object]:
    """Open lots, every figure to the last digit, and the sum for each instrument."""
    from karb_core.cli.lot_json import open_json

    lots = []
    for lot in kept.open:
        uneven = [amount.text() for amount in kept.uneven.get(lot.id, ())]
        now = [
            {"instrument": leg.instrument.text(), "open": leg.open.text(), "entry_price": _price(leg)}
            for leg in lot.legs
        ]
        lots.append(
            {**open_json(lot), "open": now, "age_s": whole_seconds(until_ns - lot.opened_at_ns), "uneven": uneven}
        )
    return {"lots": lots, "sums": {name: amount.text() for name, amount in _sums(kept.open).items()}}
