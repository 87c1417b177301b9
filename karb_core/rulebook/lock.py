"""The lock: the owner's approval of the rules as they are, in a file beside the strategy.

Only `karb lock` writes it. It holds the digests, one line per rule and assumption, the code that will carry them
out, and every approval with its reason.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karb_core.errors import LockMismatch, StrategyInvalid, UsageMistake
from karb_core.rulebook.code_digest import CodeDigest
from karb_core.rulebook.digests import Digests
from karb_core.rulebook.reader import read
from karb_core.rulebook.rule_lines import RuleLine
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import read_source
from karb_core.rules.canonical import Canonical, digest
from karb_core.rules.roles import Role
from karb_core.texts.text import Text

LOCK_FORMAT = 1


@dataclass(frozen=True, slots=True)
class LockedLine:
    use: str
    value: Canonical
    written: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One `karb lock`: when (UTC, ISO 8601), why, and which rules differed from the approval before."""

    rules_digest: str
    at: str
    because: str
    changed: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Lock:
    strategy: str
    digests: Digests
    rules: Mapping[str, LockedLine]
    assumptions: Mapping[str, LockedLine]
    settings: Mapping[str, LockedLine]
    code: Mapping[str, CodeDigest]
    approvals: tuple[Approval, ...]


def lock_path(strategy: str) -> Path:
    """`kimp.yaml` has `kimp.lock`."""
    return Path(strategy).with_suffix(".lock")


def lock_of(rulebook: Rulebook, code: Mapping[str, CodeDigest], before: Lock | None, at: str, because: str) -> Lock:
    """The lock that approves this rulebook now, with the approvals that came before."""
    rules = _locked(rulebook, {Role.RULE, Role.WIRING})
    approval = Approval(rulebook.digests.rules, at, because, _changed(before.rules if before else {}, rules))
    return Lock(
        strategy=rulebook.file.name,
        digests=rulebook.digests,
        rules=rules,
        assumptions=_locked(rulebook, {Role.ASSUMPTION}),
        settings=_locked(rulebook, {Role.TECH}),
        code=code,
        approvals=(*(before.approvals if before else ()), approval),
    )


def read_lock(path: Path) -> Lock | None:
    """The lock, or None if there is none. Errors: LockMismatch for one that `karb lock` did not write."""
    if not path.exists():
        return None
    try:
        document = read(read_source(str(path)))
    except UsageMistake as e:
        raise LockMismatch(e.said, e.help) from e
    except StrategyInvalid as e:
        raise LockMismatch(Text("lock.unreadable", {"path": str(path)}), Text("lock.unreadable.help")) from e
    if document.findings or not isinstance(document.data, dict):
        raise LockMismatch(Text("lock.unreadable", {"path": str(path)}), Text("lock.unreadable.help"))
    if document.data.get("lock_format") != LOCK_FORMAT:
        version = str(document.data.get("lock_format"))
        raise LockMismatch(Text("lock.format", {"path": str(path), "version": version}), Text("file.newer.help"))
    try:
        lock = _parsed(document.data)
        said = digest({pointer: line.value for pointer, line in lock.rules.items()})
    except (LookupError, TypeError, ValueError, AttributeError) as e:
        raise LockMismatch(Text("lock.unreadable", {"path": str(path)}), Text("lock.unreadable.help")) from e
    if said != lock.digests.rules:
        # What it shows is not what it approves: merged or edited by hand.
        raise LockMismatch(Text("lock.edited", {"path": str(path)}), Text("lock.unreadable.help"))
    return lock


def write_lock(path: Path, lock: Lock) -> None:
    """Whole or not at all: a reader sees the old lock or the new one. Errors: UsageMistake if it cannot be written."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(lock_text(path, lock))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as e:
        draft.unlink(missing_ok=True)
        raise UsageMistake(Text("lock.unwritable", {"path": str(path), "why": e.strerror or str(e)})) from e


def lock_text(path: Path, lock: Lock) -> str:
    """Sorted, and the same for the same approvals, so that its own diff is what changed in the rules."""
    lines = [
        f"# Written by `karb lock {path.with_suffix('.yaml').name}`. Do not edit. Its diff is what changed in the rules.",
        f"lock_format: {LOCK_FORMAT}",
        f"strategy: {_text(lock.strategy)}",
        f"rules_digest: {lock.digests.rules}",
        f"assumptions_digest: {lock.digests.assumptions}",
        f"config_digest: {lock.digests.config}",
    ]
    for name, table in (("rules", lock.rules), ("assumptions", lock.assumptions), ("settings", lock.settings)):
        lines += [f"{name}:" if table else f"{name}: {{}}", *(_line(p, table[p]) for p in sorted(table))]
    lines += ["code:"] + [f"  {_text(name)}: {_code(lock.code[name])}" for name in sorted(lock.code)]
    lines += ["approvals:"] + [_approval(approval) for approval in lock.approvals]
    return "\n".join(lines) + "\n"


def _locked(rulebook: Rulebook, roles: set[Role]) -> dict[str, LockedLine]:
    return {
        line.pointer: _locked_line(line) for line in rulebook.lines if line.role in roles and line.pointer != "/about"
    }


def _locked_line(line: RuleLine) -> LockedLine:
    return LockedLine(line.use, line.value, line.written if line.written is not None else "")


def _changed(before: Mapping[str, LockedLine], now: Mapping[str, LockedLine]) -> dict[str, tuple[str, str]]:
    if not before:
        return {}
    pointers = sorted(p for p in before.keys() | now.keys() if _value(before, p) != _value(now, p))
    return {p: (_spelt(before, p), _spelt(now, p)) for p in pointers}


def _value(table: Mapping[str, LockedLine], pointer: str) -> object:
    return table[pointer].value if pointer in table else NotImplemented


def _spelt(table: Mapping[str, LockedLine], pointer: str) -> str:
    return table[pointer].written if pointer in table else ""


def _line(pointer: str, line: LockedLine) -> str:
    return f"  {_text(pointer)}: {{use: {_text(line.use)}, value: {_text(line.value)}, written: {_text(line.written)}}}"


def _code(code: CodeDigest) -> str:
    return f"{{distribution: {_text(code.distribution)}, version: {_text(code.version)}, code: {_text(code.code)}}}"


def _approval(approval: Approval) -> str:
    head = f"  - {{rules_digest: {_text(approval.rules_digest)}, at: {_text(approval.at)}, because: {_text(approval.because)}, "
    return head + f"changed: {_text({p: list(pair) for p, pair in approval.changed.items()})}}}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _parsed(data: Mapping[str, Any]) -> Lock:
    return Lock(
        strategy=str(data["strategy"]),
        digests=Digests.written(str(data["rules_digest"]), str(data["assumptions_digest"]), str(data["config_digest"])),
        rules=_table(data["rules"]),
        assumptions=_table(data["assumptions"]),
        settings=_table(data["settings"]),
        code={k: CodeDigest(str(v["distribution"]), str(v["version"]), str(v["code"])) for k, v in data["code"].items()},
        approvals=tuple(
            Approval(str(a["rules_digest"]), str(a["at"]), str(a["because"]),
                     {p: (str(pair[0]), str(pair[1])) for p, pair in a["changed"].items()})
            for a in data["approvals"]
        ),
    )  # fmt: skip


def _table(data: Mapping[str, Any]) -> dict[str, LockedLine]:
    return {p: LockedLine(str(v["use"]), v["value"], str(v["written"])) for p, v in data.items()}
