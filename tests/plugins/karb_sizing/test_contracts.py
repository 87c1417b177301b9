"""Every sizing of ours keeps the contract that any author's keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from karb_core.ports import Fired, Standing
from karb_core.testing.scene import TERMS, account, lot, moment, proposal, tops
from karb_core.testing.sizing_contract import Case, SizingContract
from karb_sizing.by_tier import ByTier
from karb_sizing.fixed import Fixed
from karb_sizing.kelly import Kelly
from karb_sizing.risk_per_trade import RiskPerTrade
from karb_sizing.share import Share


class TestShare(SizingContract):
    component = Share
    params = "{size: 20%, of: capital, counts: near_leg}"
    vary = {"size": "30%", "of": "pair_share", "counts": "both_legs"}  # noqa: RUF012


class TestFixed(SizingContract):
    component = Fixed
    params = "{amounts: [1000000 KRW, 20 BTC], counts: near_leg}"
    vary = {"amounts": "[900000 KRW]", "counts": "both_legs"}  # noqa: RUF012


class TestKelly(SizingContract):
    component = Kelly
    params = """
of: capital
counts: near_leg
wins: 60%
average_win: 0.8%
average_loss: 1%
fraction: 1%
cap: 20%
"""
    vary = {  # noqa: RUF012
        "of": "pair_share",
        "counts": "both_legs",
        "wins": "55%",
        "average_win": "0.7%",
        "average_loss": "1.1%",
        "fraction": "1.5%",
        "cap": "5%",
    }


class TestRiskPerTrade(SizingContract):
    component = RiskPerTrade
    params = "risk: 1%"
    vary = {"risk": "2%"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        stopped = account(terms=replace(TERMS, stop_loss=Decimal("0.05")))
        return [(asked, at, stopped) for asked, at, _ in super().cases()]


class TestByTier(SizingContract):
    component = ByTier
    params = """
of: capital
counts: near_leg
normal: {size: 15%, split: {clips: [40%, 35%, 25%], next: 0.3%}}
extreme: {size: 20%, split: none}
ultra: {size: 30%, split: none, over_share: true}
kept_for: {ultra: 40%}
"""
    tiers = ("normal", "extreme", "ultra")
    may_exceed_share = "a tier to which the file grants it"
    vary = {  # noqa: RUF012
        "of": "pair_share",
        "counts": "both_legs",
        "normal.size": "16%",
        "normal.split.clips": "[30%, 45%, 25%]",
        "normal.split.next": "0.5%",
        "extreme.size": "21%",
        "extreme.split": "{clips: [50%, 50%], next: 0.3%}",
        "ultra.size": "31%",
        "ultra.split": "{clips: [50%, 50%], next: 0.3%}",
        "kept_for.ultra": "90%",
    }
    unshown = {"ultra.over_share": "`true` is all that can be written"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        begun = account(standing=Standing((), (Fired("normal", 1, Decimal("0.026"), False),)))
        full = account(lot(near="15000000"))
        return [
            *super().cases(),
            (proposal("normal"), moment(at=tops("1")), begun),
            *((proposal(tier), moment(), full) for tier in self.tiers),
        ]
