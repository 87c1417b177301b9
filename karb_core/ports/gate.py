"""The risk gate port: may say no to a plan."""

from __future__ import annotations

from typing import Protocol

from karb_core.domain.decisions import Plan, Verdict
from karb_core.ports.view import AccountView, MarketView


class RiskGate(Protocol):
    """Pure. Whatever it cannot compute it denies; an exception is a refusal.

    `Denied.rule` is named as a sizing names it: an own parameter, `use`, or a place in the file.
    """

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict: ...
