"""The risk gate port: may say no to a plan, and may stop trading beside that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from karb_core.domain.decisions import Plan, Verdict
from karb_core.domain.halt import Halt
from karb_core.ports.view import AccountView, MarketView


class RiskGate(Protocol):
    """Pure. Whatever it cannot compute it denies; an exception is a refusal.

    `Denied.rule` is named as a sizing names it: an own parameter, `use`, or a place in the file.
    """

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Demand:
    """A gate wants trading stopped, so much, whoever proposes what: by which of its rules, in the words of `Denied`."""

    strength: Halt
    rule: str
    observed: str
    limit: str


@runtime_checkable
class Watching(Protocol):
    """A gate that may also stop trading between entries. watches: whether it does, by its parameters; then it is asked at
    each moment of every pair, and on a running desk at each look.

    watch: None while it wants nothing. The desk stops for what it wants, and stays so until somebody resumes; while it is
    still true, the next moment stops it again. `account.free` is empty: no venue is asked for this. Edge: a watch that
    raises stops entries. What it demands is never gated.
    """

    def watches(self) -> bool: ...
    def watch(self, view: MarketView, account: AccountView) -> Demand | None: ...
