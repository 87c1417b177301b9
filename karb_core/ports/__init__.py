"""The seven ports a plugin can fill, and the core's own. Each is loaded when it is first asked for.

A file that is only checked needs what components say of themselves, and nothing of what happens in a run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from karb_core.domain.statement import Balance, Income, VenuePosition
    from karb_core.ports.account import AccountSetting, OpenAccount, OpensAccount, Secrets
    from karb_core.ports.app import App
    from karb_core.ports.backtested import Asked, Backtested, DayEnd, Lagging, Refusal, Tier
    from karb_core.ports.clock import Clock
    from karb_core.ports.component import PORTS, Component, Mode, Stage
    from karb_core.ports.executor import Executor
    from karb_core.ports.feed import Feed, Wants
    from karb_core.ports.file_facts import (
        Concern,
        FileView,
        PairView,
        Reviewing,
        SeatView,
        Side,
        SignalFacts,
        SizeFacts,
        TierFacts,
    )
    from karb_core.ports.foreseen import Foreseeing, LeavingColumns
    from karb_core.ports.fx_source import FxSource
    from karb_core.ports.gate import RiskGate
    from karb_core.ports.journal import Booked, Journal
    from karb_core.ports.notifier import Notice, NoticeKind, Notifier
    from karb_core.ports.piecewise import (
        Course,
        FilledOrder,
        PairSeen,
        Piece,
        Piecewise,
        RecordedInstrument,
        RecordedRate,
    )
    from karb_core.ports.points import (
        Change,
        Changes,
        KeptPoints,
        PointCarried,
        PointRefused,
        PointResult,
        Points,
        Where,
    )
    from karb_core.ports.ran import Decided, Ran, Stated
    from karb_core.ports.recorder import Recorder, Unrecorded
    from karb_core.ports.rehearsal import ForcedClose, Happening, Play, Rehearsed, SeatRate, Setting, Uneven, Watched
    from karb_core.ports.signal import (
        BarRows,
        Explained,
        Explaining,
        Explanation,
        GridRows,
        Judgement,
        Moment,
        PairSeries,
        Repeated,
        Repeating,
        Sharing,
        Signal,
    )
    from karb_core.ports.simulated import ConditionsAt, DepthVenues, OpensOverDepth, OpensUnder
    from karb_core.ports.sizing import Lasting, Sized, Sizing
    from karb_core.ports.straight import Entering, Entries, Held, Lone, Straight
    from karb_core.ports.view import AccountView, Execution, Fired, MarketView, PairTerms, Standing, Terms

_PLACES = {
    "account": ("AccountSetting", "OpenAccount", "OpensAccount", "Secrets"),
    "app": ("App",),
    "backtested": ("Asked", "Backtested", "DayEnd", "Refusal", "Tier", "Lagging"),
    "clock": ("Clock",),
    "component": ("Component", "Mode", "PORTS", "Stage"),
    "executor": ("Balance", "Executor", "Income", "VenuePosition"),
    "file_facts": (
        "Concern",
        "FileView",
        "PairView",
        "Reviewing",
        "SeatView",
        "Side",
        "SignalFacts",
        "SizeFacts",
        "TierFacts",
    ),
    "feed": ("Feed", "Wants"),
    "foreseen": ("Foreseeing", "LeavingColumns"),
    "fx_source": ("FxSource",),
    "gate": ("RiskGate",),
    "journal": ("Booked", "Journal"),
    "notifier": ("Notice", "NoticeKind", "Notifier"),
    "piecewise": ("Course", "FilledOrder", "PairSeen", "Piece", "Piecewise", "RecordedInstrument", "RecordedRate"),
    "ran": ("Decided", "Ran", "Stated"),
    "points": (
        "Change",
        "Changes",
        "KeptPoints",
        "PointCarried",
        "PointRefused",
        "PointResult",
        "Points",
        "Where",
    ),
    "recorder": ("Recorder", "Unrecorded"),
    "rehearsal": ("ForcedClose", "Happening", "Play", "Rehearsed", "SeatRate", "Setting", "Uneven", "Watched"),
    "signal": (
        "BarRows",
        "Explained",
        "Explaining",
        "Explanation",
        "GridRows",
        "Judgement",
        "Moment",
        "PairSeries",
        "Repeated",
        "Repeating",
        "Sharing",
        "Signal",
    ),
    "simulated": ("ConditionsAt", "DepthVenues", "OpensOverDepth", "OpensUnder"),
    "sizing": ("Lasting", "Sized", "Sizing"),
    "straight": ("Entering", "Entries", "Held", "Lone", "Straight"),
    "view": ("AccountView", "Execution", "Fired", "MarketView", "PairTerms", "Standing", "Terms"),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


__all__ = [
    "PORTS",
    "AccountSetting",
    "AccountView",
    "App",
    "Asked",
    "Backtested",
    "Balance",
    "BarRows",
    "Booked",
    "Change",
    "Changes",
    "Clock",
    "Component",
    "Concern",
    "ConditionsAt",
    "Course",
    "DayEnd",
    "Decided",
    "DepthVenues",
    "Entering",
    "Entries",
    "Execution",
    "Executor",
    "Explained",
    "Explaining",
    "Explanation",
    "Feed",
    "FileView",
    "FilledOrder",
    "Fired",
    "ForcedClose",
    "Foreseeing",
    "FxSource",
    "GridRows",
    "Happening",
    "Held",
    "Income",
    "Journal",
    "Judgement",
    "KeptPoints",
    "Lagging",
    "Lasting",
    "LeavingColumns",
    "Lone",
    "MarketView",
    "Mode",
    "Moment",
    "Notice",
    "NoticeKind",
    "Notifier",
    "OpenAccount",
    "OpensAccount",
    "OpensOverDepth",
    "OpensUnder",
    "PairSeen",
    "PairSeries",
    "PairTerms",
    "PairView",
    "Piece",
    "Piecewise",
    "Play",
    "PointCarried",
    "PointRefused",
    "PointResult",
    "Points",
    "Ran",
    "RecordedInstrument",
    "RecordedRate",
    "Recorder",
    "Refusal",
    "Rehearsed",
    "Repeated",
    "Repeating",
    "Reviewing",
    "RiskGate",
    "SeatRate",
    "SeatView",
    "Secrets",
    "Setting",
    "Sharing",
    "Side",
    "Signal",
    "SignalFacts",
    "SizeFacts",
    "Sized",
    "Sizing",
    "Stage",
    "Standing",
    "Stated",
    "Straight",
    "Terms",
    "Tier",
    "TierFacts",
    "Uneven",
    "Unrecorded",
    "VenuePosition",
    "Wants",
    "Watched",
    "Where",
]
