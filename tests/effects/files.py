"""The shipped files, and the rules of each."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.roles import Role
from tests.rulebook.shipped import STRATEGIES

#: By their paths below `strategies/`.
FILES = tuple(sorted(path.relative_to(STRATEGIES).with_suffix("").as_posix() for path in STRATEGIES.rglob("*.yaml")))


@dataclass(frozen=True, slots=True)
class Rule:
    pointer: str
    written: str
    use: str


def rules_of(rulebook: Rulebook) -> tuple[Rule, ...]:
    """In the file's order."""
    return tuple(Rule(line.pointer, line.written or "", line.use) for line in rulebook.lines if line.role is Role.RULE)
