"""What every command that reads somebody's books is asked with, and the ledger as it is at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from karb_core.cli.ledger_place import ledger_path

if TYPE_CHECKING:
    from karb_core.ledger.ledger import Ledger
    from karb_core.wiring.whose_books import Books

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True),
    click.option("--strategy", default=None, help="only this one; default: all of the account"),
    click.option("--account", default=None, help="where the ledger has several"),
    click.option("--run", default=None, metavar="ID", help="the books that this run wrote to; the beginning is enough"),
    click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)"),
)


def books_options(command: F) -> F:
    """`--ledger`, `--run`, `--account`, `--strategy`, `--format`."""
    for option in _OPTIONS:
        command = option(command)
    return command


@contextmanager
def opened_books(
    ledger: str | None, run: str | None, account: str | None, strategy: str | None
) -> Iterator[tuple[Ledger, Books]]:
    """Read-only, and all of one state of the ledger, whoever writes to it."""
    from karb_core.ledger.ledger import open_ledger
    from karb_core.wiring.whose_books import books_of

    opened = open_ledger(ledger_path(ledger), read_only=True)
    try:
        with opened.frozen() as still:
            yield still, books_of(still, run=run, account=account, strategy=strategy)
    finally:
        opened.close()
