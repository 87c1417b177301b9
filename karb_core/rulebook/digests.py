"""What an approval covers, as three digests over canonical values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from karb_core.rulebook.rule_lines import RuleLine
from karb_core.rules.canonical import Canonical, digest
from karb_core.rules.roles import Role


@dataclass(frozen=True, eq=False, repr=False)
class Digests:
    """Unchanged by comments, order of keys and spelling; changed by any value of their kind. Each is made when it is asked for:
    of a thousand files that differ in a line, mostly one is."""

    _made: Callable[[str], str]

    @classmethod
    def written(cls, rules: str, assumptions: str, config: str) -> Digests:
        """As somebody wrote them down."""
        return cls({"rules": rules, "assumptions": assumptions, "config": config}.__getitem__)

    @cached_property
    def rules(self) -> str:
        """Every rule and wiring value, and which components, in their places: what the owner approves."""
        return self._made("rules")

    @cached_property
    def assumptions(self) -> str:
        """What simulated runs take for true; two results with different ones are not compared in silence."""
        return self._made("assumptions")

    @cached_property
    def config(self) -> str:
        """Everything in force, technical settings and their defaults included."""
        return self._made("config")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digests) and self._all == other._all

    def __hash__(self) -> int:
        return hash(self._all)

    def __repr__(self) -> str:
        return f"Digests{self._all}"

    @property
    def _all(self) -> tuple[str, str, str]:
        return self.rules, self.assumptions, self.config


def digests_of(lines: Iterable[RuleLine]) -> Digests:
    known = [line for line in lines if line.pointer != "/about"]
    return Digests(lambda name: _digest(line for line in known if _COUNTED[name](line)))


#: Which lines a digest is of.
_COUNTED: Mapping[str, Callable[[RuleLine], bool]] = {
    "rules": lambda line: line.ruled,
    "assumptions": lambda line: line.role is Role.ASSUMPTION,
    "config": lambda line: bool(line.pointer),
}


def _digest(lines: Iterable[RuleLine]) -> str:
    document: dict[str, Canonical] = {line.pointer: line.value for line in lines}
    return digest(document)
