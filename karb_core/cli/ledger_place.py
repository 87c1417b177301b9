"""Where the ledger is, unless the user says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from karb_core.errors import LedgerUnusable, UsageMistake
from karb_core.texts.text import Text
from karb_core.wiring.home import home

F = TypeVar("F", bound=Callable[..., Any])

_PLACES = (
    click.option("--ledger", default=None, metavar="FILE_OR_URL", help="the same; default: as everywhere"),
    click.argument("place", required=False, metavar="[FILE_OR_URL]"),
)


def one_ledger(command: F) -> F:
    """For a command about one whole ledger: it stands first, as what the command is about, or behind `--ledger`."""
    for option in _PLACES:
        command = option(command)
    return command


def named_ledger(ctx: click.Context, place: str | None, ledger: str | None) -> str:
    """The one that `one_ledger` was given, else as `ledger_path`. Errors: UsageMistake for two, be they the same."""
    if place is not None and ledger is not None:
        given = {"place": place, "ledger": ledger}
        raise UsageMistake(Text("usage.two_ledgers", given), Text("usage.help", {"command": ctx.command_path}))
    return ledger_path(place if ledger is None else ledger)


def ledger_path(given: str | None) -> str:
    """The given one, else `ledger.sqlite` in KARB_HOME (~/.karb). Errors: LedgerUnusable where that cannot be made."""
    return home_file("ledger.sqlite") if given is None else given


def home_file(name: str) -> str:
    """A file in KARB_HOME (~/.karb), which is made. Errors: LedgerUnusable where that cannot be."""
    place = home()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise LedgerUnusable(
            Text("run.home", {"path": place, "why": e.strerror or str(e)}), Text("run.home.help")
        ) from e
    return str(place / name)
