"""Proof that something may be carried out: executors take nothing else."""

from collections.abc import Iterable
from typing import Generic, NoReturn, TypeVar

from karb_core.domain.decisions import Cited, Denied, Verdict

T = TypeVar("T")
U = TypeVar("U")
_TOKEN = object()


class Approved(Generic[T]):
    """An item that every gate passed, or that a rule of the owner's asks for without asking gates.

    Made by the engine through its three constructors, and by nothing else: calling the class is an error.
    `by` is the line that asked for it, None where the gates passed it.
    """

    __slots__ = ("by", "item")

    item: T
    by: Cited | None

    def __init__(self, item: T, by: Cited | None, token: object = None) -> None:
        if token is not _TOKEN:
            raise TypeError("only the gates, or a rule of the owner's, approve")
        object.__setattr__(self, "item", item)
        object.__setattr__(self, "by", by)

    @classmethod
    def by_gates(cls, item: T, verdicts: Iterable[Verdict]) -> "Approved[T]":
        """What every gate that stands at this point passed. Errors: ValueError if one of them denied it."""
        if denied := [verdict for verdict in verdicts if isinstance(verdict, Denied)]:
            raise ValueError(f"denied, so not approved: {denied}")
        return cls(item, None, _TOKEN)

    @classmethod
    def by_rule(cls, item: T, rule: Cited) -> "Approved[T]":
        """What a rule asks for and no gate may hold: a step of the ladder, a flatten, a demanded exit."""
        return cls(item, rule, _TOKEN)

    def carried_by(self, item: U) -> "Approved[U]":
        """The approval of a plan, handed on to an order that carries it out."""
        return Approved(item, self.by, _TOKEN)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an approval does not change: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an approval does not change: {name}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Approved) and (self.item, self.by) == (other.item, other.by)

    def __hash__(self) -> int:
        return hash((self.item, self.by))

    def __repr__(self) -> str:
        return f"Approved({self.item!r}, by={self.by!r})"
