"""What a local venue is told to do wrong: by name, for so many requests, or until it is told to stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

Kind = Literal[
    "latency",
    "lost_request",
    "lost_answer",
    "cut_answer",
    "server_error",
    "reject",
    "too_many",
    "banned",
    "maintenance",
    "partial",
    "silence",
    "gap",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `times`: for how many, None until it is ended.

    latency: a request is carried out, and its answer waits `ms`. lost_request: it never arrives, and the connection is
    cut. lost_answer: it is carried out and the connection cut. cut_answer: it is carried out, and half of its answer
    comes. server_error: it is not carried out, and answered with an error of the venue's. reject: it is refused with
    `code` and `message`. too_many, banned: 429, 418. maintenance: nothing is carried out, streams close. partial: of an
    order no more than `ratio` trades. silence: streams tell nothing. gap: streams miss a change of the book.
    `method`, `path`: which requests, any where empty (`path` is a beginning).
    Errors: ValueError for a kind that is not known, a ratio outside 0 to 1, or times or ms below zero.
    """

    kind: Kind
    times: int | None = None
    method: str = ""
    path: str = ""
    ms: int = 0
    # karb: constant because only a fault of kind partial has a ratio, and states it
    ratio: Decimal = Decimal(1)
    code: str = ""
    message: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"there is no fault {self.kind!r}: {', '.join(get_args(Kind))}")
        if not 0 <= self.ratio <= 1 or self.ms < 0 or (self.times is not None and self.times < 1):
            raise ValueError(f"{self.kind}: ratio {self.ratio}, ms {self.ms}, times {self.times}")

    @classmethod
    def read(cls, told: Mapping[str, object]) -> Fault:
        """From the JSON of a control request. Errors: ValueError, TypeError for what does not fit."""
        given = dict(told)
        if "ratio" in given:
            given["ratio"] = Decimal(str(given["ratio"]))
        return cls(**given)  # type: ignore[arg-type]

    def is_for(self, method: str, path: str) -> bool:
        return self.method in ("", method) and path.startswith(self.path)


class Faults:
    """What stands now, in the order in which it was told."""

    def __init__(self) -> None:
        self._standing: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._standing.append(fault)

    def clear(self) -> None:
        self._standing.clear()

    def standing(self) -> list[Fault]:
        return list(self._standing)

    def stands(self, kind: Kind) -> bool:
        return any(fault.kind == kind for fault in self._standing)

    def take(self, kind: Kind, method: str = "", path: str = "") -> Fault | None:
        """The first of a kind that is for this request, used up by one; None where there is none."""
        for at, fault in enumerate(self._standing):
            if fault.kind == kind and fault.is_for(method, path):
                self._use(at, fault)
                return fault
        return None

    def _use(self, at: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._standing[at] = replace(fault, times=fault.times - 1)
        else:
            del self._standing[at]
