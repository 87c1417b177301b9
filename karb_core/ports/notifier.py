"""The notifier port: tells the owner. It can never block or fail trading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from karb_core.domain.decisions import SeenValue


class NoticeKind(StrEnum):
    """reminder: a rule of the strategy says to tell the owner. It is told whatever a channel's `tell:` names."""

    ENTRY = "entry"
    EXIT = "exit"
    REFUSAL = "refusal"
    HALT = "halt"
    REMINDER = "reminder"

    def told_by(self, tell: Collection[str]) -> bool:
        """Whether a channel that tells these kinds tells this one. Every notifier asks here."""
        return self is NoticeKind.REMINDER or self.value in tell


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing told. `facts` are what a template needs, by name, exact."""

    kind: NoticeKind
    at_ns: int
    pair: str
    mode: str
    facts: Mapping[str, SeenValue]


class Notifier(Protocol):
    async def notify(self, notice: Notice) -> None: ...
