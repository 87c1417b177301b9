"""What an approval covers, as three digests over canonical values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from karb_core.rulebook.rule_lines import RuleLine
from karb_core.rules.canonical import Canonical, digest
from karb_core.rules.roles import Role


@dataclass(frozen=True, slots=True)
class Digests:
    """rules: every rule and wiring value, and which components, in their places: what the owner approves.
    assumptions: what simulated runs take for true; two results with different ones are not compared in silence.
    config: everything in force, technical settings and their defaults included."""

    rules: str
    assumptions: str
    config: str


def digests_of(lines: Iterable[RuleLine]) -> Digests:
    """Unchanged by comments, order of keys and spelling; changed by any value of its kind."""
    known = [line for line in lines if line.pointer != "/about"]
    return Digests(
        rules=_digest(line for line in known if line.ruled),
        assumptions=_digest(line for line in known if line.role is Role.ASSUMPTION),
        config=_digest(known),
    )


def _digest(lines: Iterable[RuleLine]) -> str:
    document: dict[str, Canonical] = {line.pointer: line.value for line in lines}
    return digest(document)
