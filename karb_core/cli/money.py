"""The table of what entries need, printed by `karb check` at the last known prices."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from karb_core.cli.terminal import Terminal, padded
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding, divide
from karb_core.errors import UsageMistake
from karb_core.rulebook.prices import Prices, missing_prices
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.written import NUMBER, digits
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.rulebook.money_table import Need, Row

F = TypeVar("F", bound=Callable[..., object])
_PRICE = re.compile(rf"([^=]+)=\s*({NUMBER})\s*[A-Z0-9]*\s*$")


def price_option(command: F) -> F:
    return click.option(
        "--price", "prices", multiple=True, metavar="NAME=NUMBER",
        help="a price for the table of needs, e.g. 'upbit BTC/KRW=158,849,000' or 'USDT/KRW=1,392.43'",
    )(command)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What the user gives, and the last prices that a run wrote down; `whence` says of what time and data those are."""

    given: Prices
    last: Prices
    whence: Text | None


def prices_of(given: tuple[str, ...]) -> Known:
    """Errors: UsageMistake for what is no price."""
    return Known(dict(_price(text) for text in given), *_last())


def show_money(terminal: Terminal, rulebook: Rulebook, known: Known) -> None:
    """Pair x tier x side: needed and free. What smaller tiers would starve is a warning with the balance that ends it."""
    prices = {**known.last, **known.given}
    missing = missing_prices(rulebook, prices)
    if missing:
        terminal.out(Text("money.no_prices", {"names": ", ".join(missing)}))
        return
    from karb_core.rulebook.money_table import money_table  # most checks are made without prices

    if known.whence is not None and missing_prices(rulebook, known.given):
        terminal.out(known.whence)
    rows = money_table(rulebook, prices)
    for row in rows:
        terminal.out(
            f"  {padded(row.pair, 6)} {padded(row.tier or '·', 10)} {padded(row.side, 14)} " + _cells(terminal, row)
        )
    for row, need in _worst(rows):
        short = need.amount - need.free
        args = {
            "pair": row.pair,
            "tier": row.tier or "·",
            "side": row.side,
            "short": _told(short, up=True),
            "venue": need.venue,
        }
        terminal.err(f"{terminal.style('warning[K403]', 'warning')}: {terminal.say(Text('money.starved', args))}")


def _cells(terminal: Terminal, row: Row) -> str:
    said = [
        Text("money.cell", {"venue": n.venue, "need": _told(n.amount, up=True), "free": _told(n.free)})
        for n in row.needs
    ]
    return "; ".join(terminal.say(text) for text in said)


def _worst(rows: list[Row]) -> list[tuple[Row, Need]]:
    """One warning for each venue and asset that runs short, at the entry that is shortest of it."""
    found: dict[tuple[str, str], tuple[Row, Need]] = {}
    for row in rows:
        for need in row.needs:
            key = (need.venue, need.amount.asset)
            if need.starved and (
                key not in found or need.amount - need.free > found[key][1].amount - found[key][1].free
            ):
                found[key] = (row, need)
    return list(found.values())


def _told(amount: Amount, up: bool = False) -> str:
    """Rounded for reading: won to one, dollars to a cent, coins to four places."""
    step = {"KRW": "1", "USD": "0.01", "USDT": "0.01"}.get(amount.asset, "0.0001")
    value = divide(amount.value, Decimal(1), Decimal(step), Rounding.CEIL if up else Rounding.FLOOR)
    return f"{value:,f} {amount.asset}"


def _price(text: str) -> tuple[str, Decimal]:
    match = _PRICE.match(text)
    if match is None or not Decimal(digits(match[2])):
        raise UsageMistake(Text("money.price", {"text": text}))
    return match[1].strip(), Decimal(digits(match[2]))


def _last() -> tuple[Prices, Text | None]:
    """As `wiring.last_prices` keeps them; none if there was no run, or the file is not what a run writes."""
    try:
        home = Path(os.environ.get("KARB_HOME") or Path.home() / ".karb")
        stored = json.loads((home / "prices.json").read_text("utf-8"))
        prices = {str(name): Decimal(str(value)) for name, value in stored["prices"].items()}
        if not all(price > 0 and price.is_finite() for price in prices.values()):
            return {}, None
        key = "money.made_up" if stored["synthetic"] else "money.whence"
        return prices, Text(key, {"at": stored["at"], "data": stored["data"]})
    except (OSError, RuntimeError, ValueError, KeyError, ArithmeticError, AttributeError, TypeError):
        return {}, None
