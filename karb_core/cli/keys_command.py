"""`karb keys`: secrets by name, kept encrypted. No value is ever an argument, and none is ever shown."""

from __future__ import annotations

import os
import re
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from karb_core.cli.terminal import Terminal
from karb_core.cli.usual_names import halves, read_env, secrets_in
from karb_core.errors import KeysUnusable, SecretUnset, UsageMistake
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.wiring.keystore import KeyStore

_HELP = """\b
karb keys add upbit
karb keys import .env
karb keys list
karb keys check mine.yaml

Secrets in KARB_HOME, encrypted. A value is asked for on the terminal, or read from stdin; it is never an argument.
"""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")  # as `secret:NAME` in a file
_MASTER = click.option(
    "--master",
    type=click.Choice(["file", "keyring"]),
    default="file",
    show_default=True,
    help="where a first master key is kept",
)


@click.group("keys", help=_HELP, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command("add", help="Keep a secret: ACCESS:SECRET of a venue, the address of a webhook, the token of a bot.")
@click.argument("name")
@click.option("--replace", is_flag=True, help="in the place of one that is there")
@_MASTER
@click.pass_context
def add(ctx: click.Context, name: str, replace: bool, master: str) -> None:
    terminal, store = Terminal.of(ctx), _store()
    if not _NAME.fullmatch(name):
        raise UsageMistake(Text("keys.name", {"name": name}))
    if name in store.names() and not replace:
        raise UsageMistake(Text("keys.there", {"name": name}), Text("keys.there.help"))
    _keep(terminal, store, {name: _asked(terminal, name)}, master)


@command.command("list", help="The names, never a value.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    terminal, names = Terminal.of(ctx), _store().names()
    if form == "json":
        terminal.json({"secrets": [{"name": name, "added": day} for name, day in names.items()]})
        return
    for name, day in names.items():
        terminal.out(f"{name}  {day}")
    if not names:
        terminal.out(Text("keys.none"))


@command.command("remove", help="Forget a secret.")
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    if not _store().remove(name):
        raise UsageMistake(Text("keys.unknown", {"name": name}))
    Terminal.of(ctx).out(Text("keys.removed", {"name": name}))


@command.command("rotate", help="Encrypt everything anew under a new master key.")
@click.pass_context
def rotate(ctx: click.Context) -> None:
    Terminal.of(ctx).out(Text("keys.rotated", {"count": _store().rotate()}))


@command.command("check", help="Whether each secret opens, and whether those that FILES name are there. Asks nobody.")
@click.argument("files", nargs=-1)
@click.pass_context
def check(ctx: click.Context, files: tuple[str, ...]) -> None:
    terminal, store = Terminal.of(ctx), _store()
    opens = store.check() if store.names() else {}
    for name, good in opens.items():
        terminal.out(f"{name}: {terminal.say(Text('keys.good' if good else 'keys.bad'))}")
    wrong = sum(not good for good in opens.values())
    for path in files:
        for name in _lacking(terminal, path):
            terminal.out(Text("keys.lacking", {"path": path, "name": name}))
            wrong += 1
    if wrong:
        raise KeysUnusable(Text("keys.unusable", {"count": wrong}))


@command.command("import", help="Keep what a .env has under the usual names, and delete it if you want.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--shred/--keep", default=None, help="overwrite and delete the file, or leave it; asked where neither is said"
)
@click.option("--replace", is_flag=True, help="in the place of those that are there")
@_MASTER
@click.pass_context
def import_(ctx: click.Context, path: Path, shred: bool | None, replace: bool, master: str) -> None:
    terminal, store = Terminal.of(ctx), _store()
    env = _env(terminal, path)
    found = dict(secrets_in(env))
    for first, second in halves(env):
        terminal.err(Text("keys.half", {"first": first, "second": second}))
    if not found:
        raise UsageMistake(Text("keys.nothing", {"path": path}), Text("keys.nothing.help"))
    there = [name for name in found if name in store.names()]
    if there and not replace:
        raise UsageMistake(Text("keys.there", {"name": there[0]}), Text("keys.there.help"))
    _keep(terminal, store, found, master)
    _offer_to_shred(terminal, path, shred)


def _store() -> KeyStore:
    from karb_core.wiring.keystore import KeyStore

    return KeyStore.here()


def _keep(terminal: Terminal, store: KeyStore, found: dict[str, str], master: str) -> None:
    from karb_core.wiring.master_key import master_place

    before = master_place()
    for name, value in found.items():
        store.put(name, value, datetime.now(UTC).date().isoformat(), "keyring" if master == "keyring" else "file")
        terminal.out(Text("keys.added", {"name": name}))
    if before is None:
        terminal.out(Text("keys.made", {"place": master_place()}))


def _asked(terminal: Terminal, name: str) -> str:
    """Edge: without a terminal, the first line of stdin."""
    asks = terminal.say(Text("keys.ask", {"name": name}))
    value = click.prompt(asks, hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not value.strip():
        raise UsageMistake(Text("keys.empty", {"name": name}))
    return str(value).strip()


def _env(terminal: Terminal, path: Path) -> dict[str, str]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("utf-8")
    except (OSError, ValueError) as e:
        why = e.strerror if isinstance(e, OSError) and e.strerror else "UTF-8"
        raise UsageMistake(Text("keys.no_file", {"path": path, "why": why})) from e
    if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        terminal.err(Text("keys.seen", {"path": path, "mode": f"{mode:o}"}))
    return read_env(text)


def _offer_to_shred(terminal: Terminal, path: Path, shred: bool | None) -> None:
    if shred is None and sys.stdin.isatty():
        shred = click.confirm(terminal.say(Text("keys.shred_ask", {"path": path})), default=False, err=True)
    if not shred:
        terminal.out(Text("keys.left", {"path": path}))
        return
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    terminal.out(Text("keys.shredded", {"path": path}))


def _lacking(terminal: Terminal, path: str) -> list[str]:
    """The names that a file states and this machine has no value of. Errors: `KeysUnusable` where it cannot be told."""
    from karb_core.cli.reading import rulebook_of
    from karb_core.rules.secret import SecretName
    from karb_core.rules.shape import slots_and_values
    from karb_core.wiring.secret_values import secret_value

    seats = rulebook_of(terminal, path).all_seats()
    named = [value for seat in seats for *_, value in slots_and_values(seat.params) if isinstance(value, SecretName)]
    lacking = []
    for name in dict.fromkeys(named):
        try:
            secret_value(name)
        except KeysUnusable:
            raise
        except SecretUnset:
            lacking.append(name.name)
    return lacking
