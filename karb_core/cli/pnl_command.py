"""`karb pnl`: what closed lots came to, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from karb_core.cli.books_options import books_options, opened_books
from karb_core.cli.positions_command import amounts_text
from karb_core.cli.terminal import Terminal, padded, width
from karb_core.domain.amount import Amount
from karb_core.domain.korean_day import KST
from karb_core.domain.lots import Lot
from karb_core.rules.shown import shown
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.domain.trade import Trade
    from karb_core.wiring.earned import Earned
    from karb_core.wiring.kept_lots import KeptLots

_HELP = """\b
karb pnl
karb pnl --by tier --ledger live.sqlite
karb pnl --by day --zone UTC --run kmq3 --format json

What closed lots came to: the premium's part, the exchange rate's, fees, funding, and net, which is their sum to the last
digit. A lot counts on the day on which it ended. Open lots are told apart, and are in no sum. Only reads.
"""
_ZONES = {"KST": KST, "UTC": UTC}
_MICROSECOND = 1000  # karb: constant because it has so many nanoseconds
_PARTS = ("premium", "rate", "fees", "funding", "net")
_HEADS = ("sum.premium", "sum.rate", "sum.fees", "sum.funding", "sum.net")


@click.command("pnl", help=_HELP)
@click.option("--by", type=click.Choice(["day", "tier", "pair"]), default="day", show_default=True)
@click.option("--zone", type=click.Choice(list(_ZONES)), default="KST", show_default=True, help="whose days")
@books_options
@click.pass_context
def command(
    ctx: click.Context, by: str, zone: str, ledger: str | None, run: str | None, account: str | None,
    strategy: str | None, form: str,
) -> None:  # fmt: skip
    from karb_core.wiring.earned import earned
    from karb_core.wiring.kept_lots import kept_lots, trades_by_book

    terminal = Terminal.of(ctx)
    with opened_books(ledger, run, account, strategy) as (opened, books):
        kept = kept_lots(opened, books.whose)
    if form == "json":
        told = {"ledger": opened.name, "account": books.account, "by": by, "zone": zone if by == "day" else None}
        terminal.json({**told, **pnl_json(kept, by, zone)})
        return
    by_book, unrated = trades_by_book(kept.closed)
    groups = _groups(by_book, by, zone)
    totals = {book: earned(mine, book) for book, mine in by_book.items()}
    title = {"day": Text("pnl.by_day", {"zone": zone}), "tier": Text("pnl.by_tier"), "pair": Text("pnl.by_pair")}[by]
    _show(terminal, title, groups, totals)
    if unrated:
        terminal.out(Text("pnl.unrated", {"lots": ", ".join(lot.id for lot in unrated)}))
    if kept.open:
        paid = {
            "fees": amounts_text(terminal, _fees(kept.open)),
            "funding": amounts_text(terminal, _funding(kept.open)),
        }
        terminal.out(Text("pnl.open", {"count": len(kept.open), **paid}))


def pnl_json(kept: KeptLots, by: str, zone: str) -> dict[str, object]:
    """What closed lots came to by `day`, `tier` or `pair`, and together; open ones apart."""
    from karb_core.wiring.earned import earned
    from karb_core.wiring.kept_lots import trades_by_book

    by_book, unrated = trades_by_book(kept.closed)
    totals = {book: earned(mine, book) for book, mine in by_book.items()}
    return _json(_groups(by_book, by, zone), totals, unrated, kept.open)


def _groups(by_book: Mapping[str, list[Trade]], by: str, zone: str) -> dict[str, dict[str, Earned]]:
    from karb_core.wiring.earned import earned

    named = _naming(by, zone)
    return {book: {k: earned(v, book) for k, v in _grouped(mine, named).items()} for book, mine in by_book.items()}


def _naming(by: str, zone: str) -> Callable[[Trade], str]:
    def day(trade: Trade) -> str:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=trade.closed_at_ns // _MICROSECOND)
        return at.astimezone(_ZONES[zone]).strftime("%Y-%m-%d")

    return {"day": day, "tier": lambda trade: trade.lot.tier or "·", "pair": lambda trade: trade.lot.pair}[by]


def _grouped(trades: list[Trade], named: Callable[[Trade], str]) -> dict[str, list[Trade]]:
    out: dict[str, list[Trade]] = {}
    for trade in trades:
        out.setdefault(named(trade), []).append(trade)
    return dict(sorted(out.items()))


def _show(terminal: Terminal, title: Text, groups: dict[str, dict[str, Earned]], totals: dict[str, Earned]) -> None:
    if not totals:
        terminal.out(Text("pnl.none"))
        return
    rows = [[terminal.say(title), terminal.say(Text("pnl.lots")), *(terminal.say(Text(head)) for head in _HEADS)]]
    for book, mine in groups.items():
        rows += [_row(name, one) for name, one in mine.items()]
        rows.append(_row(terminal.say(Text("pnl.total")), totals[book]))
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for name, *cells in rows:
        told = "  ".join(" " * (widths[i + 1] - width(cell)) + cell for i, cell in enumerate(cells))
        terminal.out(f"  {padded(name, widths[0])}  {told}")
    unsplit = sum(one.unsplit for one in totals.values())
    if unsplit:
        terminal.out(Text("pnl.unsplit", {"count": unsplit}))


def _row(name: str, one: Earned) -> list[str]:
    return [name, str(one.trades), *(shown(getattr(one, part).text())[0] for part in _PARTS)]


def _json(
    groups: dict[str, dict[str, Earned]], totals: dict[str, Earned], unrated: list[Lot], open_: tuple[Lot, ...]
) -> dict[str, object]:
    closed = [{"group": name, **_told(one)} for mine in groups.values() for name, one in mine.items()]
    return {
        "closed": closed,
        "total": [_told(one) for one in totals.values()],
        "unrated": [lot.id for lot in unrated],
        "open": {
            "lots": len(open_),
            "fees": [amount.text() for amount in _fees(open_)],
            "funding": [amount.text() for amount in _funding(open_)],
        },
    }


def _told(one: Earned) -> dict[str, object]:
    return {"lots": one.trades, **{part: getattr(one, part).text() for part in _PARTS}, "unsplit": one.unsplit}


def _fees(lots: tuple[Lot, ...]) -> list[Amount]:
    return _by_asset([fee for lot in lots for fee in lot.fees])


def _funding(lots: tuple[Lot, ...]) -> list[Amount]:
    return _by_asset([received for lot in lots for received in lot.funding])


def _by_asset(amounts: list[Amount]) -> list[Amount]:
    sums: dict[str, Amount] = {}
    for amount in amounts:
        sums[amount.asset] = sums.get(amount.asset, Amount.zero(amount.asset)) + amount
    return [sums[asset] for asset in sorted(sums)]
