"""`karb lock FILE --because ...`: approves the rules as they are now."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.errors import UsageMistake
from karb_core.rulebook.approval import changed_code, need_lock
from karb_core.rulebook.code_digest import code_digests
from karb_core.rulebook.lock import Lock, lock_of, lock_path, read_lock, write_lock
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text

_HELP = """\b
karb lock kimp.yaml --because "first rules"
karb lock kimp.yaml --check

Approving is the owner's act: live trading starts only with rules that a lock approves.
--check writes nothing: exit code 0 if the lock matches, 4 if not.
"""


@click.command("lock", help=_HELP)
@click.argument("file")
@click.option("--because", default=None, help="why these rules, in your words; kept with the approval")
@click.option("--check", "only_check", is_flag=True, help="write nothing; exit 4 unless the lock matches")
@click.pass_context
def command(ctx: click.Context, file: str, because: str | None, only_check: bool) -> None:
    terminal = Terminal.of(ctx)
    rulebook = rulebook_of(terminal, file)
    path = lock_path(file)
    before = read_lock(path)
    if only_check:
        need_lock(file, rulebook, before)
        terminal.out(Text("lock.matches", {"path": str(path)}))
        return
    if before is not None and _same(before, rulebook):
        terminal.out(Text("lock.already", {"path": str(path)}))
        return
    if because is None or not because.strip():
        raise UsageMistake(Text("lock.because", {"file": file}))
    lock = lock_of(rulebook, code_digests(seat.offer for seat in rulebook.all_seats()), before, _now(), because.strip())
    write_lock(path, lock)
    args = {"path": str(path), "rules": len(lock.rules), "digest": rulebook.digests.rules[:19]}
    terminal.out(Text("lock.written", {**args, "changed": len(lock.approvals[-1].changed)}))


def _same(lock: Lock, rulebook: Rulebook) -> bool:
    return lock.digests == rulebook.digests and not changed_code(lock, rulebook)


def _now() -> str:
    """When the owner approves. SOURCE_DATE_EPOCH sets it, so that a lock can be made again byte by byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    at = datetime.fromtimestamp(int(epoch), UTC) if epoch and epoch.isdigit() else datetime.now(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
