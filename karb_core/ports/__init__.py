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
    from karb_core.ports.controls import Controls, Listens, Steered, Topic
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
        StatingSizes,
        TierFacts,
    )
    from karb_core.ports.foreseen import Foreseeing, LeavingColumns
    from karb_core.ports.fx_source import FxSource, OpensSource
    from karb_core.ports.gate import Demand, RiskGate, Watching
    from karb_core.ports.halt_store import HaltStore, HaltStoreSilent, OpensHaltStore
    from karb_core.ports.journal import Booked, Journal
    from karb_core.ports.local import Lab, LabWanted, LocalAccount, LocalVenues, ReachesLocal
    from karb_core.ports.notifier import (
        Channel,
        Chooses,
        NeverTold,
        Notice,
        NoticeKind,
        Notifier,
        NotTold,
        OpensChannel,
        Paces,
    )
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
    from karb_core.ports.reads import Reads, ReadsMore
    from karb_core.ports.recorder import Recorder, Unrecorded
    from karb_core.ports.rehearsal import ForcedClose, Happening, Play, Rehearsed, SeatRate, Setting, Uneven, Watched
    from karb_core.ports.serving import Document, Handed, ServedHouse, Server, Serving, ToldByOwner
    from karb_core.ports.signal import (
        BarRows,
        Explained,
        Explaining,
        Explanation,
        GridRows,
        Judgement,
        Moment,
        PairSeries,
        ReadsFunding,
        Repeated,
        Repeating,
        Sharing,
        Signal,
    )
    from karb_core.ports.simulated import ConditionsAt, DepthVenues, OpensOverDepth, OpensUnder
    from karb_core.ports.sizing import Lasting, Sized, Sizing
    from karb_core.ports.straight import Entering, Entries, Held, Leaves, Lone, Straight
    from karb_core.ports.told_by import FeedTold, RateTold, ToldBy
    from karb_core.ports.view import (
        AccountView,
        Approval,
        Ended,
        Execution,
        Fired,
        MarketView,
        PairTerms,
        PastBar,
        Standing,
        Stood,
        Terms,
    )

_PLACES = {
    "account": ("AccountSetting", "OpenAccount", "OpensAccount", "Secrets"),
    "app": ("App",),
    "backtested": ("Asked", "Backtested", "DayEnd", "Refusal", "Tier", "Lagging"),
    "clock": ("Clock",),
    "component": ("Component", "Mode", "PORTS", "Stage"),
    "controls": ("Controls", "Listens", "Steered", "Topic"),
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
        "StatingSizes",
        "TierFacts",
    ),
    "feed": ("Feed", "Wants"),
    "foreseen": ("Foreseeing", "LeavingColumns"),
    "fx_source": ("FxSource", "OpensSource"),
    "gate": ("Demand", "RiskGate", "Watching"),
    "halt_store": ("HaltStore", "HaltStoreSilent", "OpensHaltStore"),
    "journal": ("Booked", "Journal"),
    "local": ("Lab", "LabWanted", "LocalAccount", "LocalVenues", "ReachesLocal"),
    "notifier": (
        "Channel",
        "Chooses",
        "NeverTold",
        "NotTold",
        "Notice",
        "NoticeKind",
        "Notifier",
        "OpensChannel",
        "Paces",
    ),
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
    "reads": ("Reads", "ReadsMore"),
    "recorder": ("Recorder", "Unrecorded"),
    "rehearsal": ("ForcedClose", "Happening", "Play", "Rehearsed", "SeatRate", "Setting", "Uneven", "Watched"),
    "serving": ("Document", "Handed", "ServedHouse", "Server", "Serving", "ToldByOwner"),
    "signal": (
        "BarRows",
        "Explained",
        "Explaining",
        "Explanation",
        "GridRows",
        "Judgement",
        "Moment",
        "PairSeries",
        "ReadsFunding",
        "Repeated",
        "Repeating",
        "Sharing",
        "Signal",
    ),
    "simulated": ("ConditionsAt", "DepthVenues", "OpensOverDepth", "OpensUnder"),
    "sizing": ("Lasting", "Sized", "Sizing"),
    "told_by": ("FeedTold", "RateTold", "ToldBy"),
    "straight": ("Entering", "Entries", "Held", "Leaves", "Lone", "Straight"),
    "view": (
        "AccountView",
        "Approval",
        "Ended",
        "Execution",
        "Fired",
        "MarketView",
        "PairTerms",
        "PastBar",
        "Standing",
        "Stood",
        "Terms",
    ),
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
    "Approval",
    "Asked",
    "Backtested",
    "Balance",
    "BarRows",
    "Booked",
    "Change",
    "Changes",
    "Channel",
    "Chooses",
    "Clock",
    "Component",
    "Concern",
    "ConditionsAt",
    "Controls",
    "Course",
    "DayEnd",
    "Decided",
    "Demand",
    "DepthVenues",
    "Document",
    "Ended",
    "Entering",
    "Entries",
    "Execution",
    "Executor",
    "Explained",
    "Explaining",
    "Explanation",
    "Feed",
    "FeedTold",
    "FileView",
    "FilledOrder",
    "Fired",
    "ForcedClose",
    "Foreseeing",
    "FxSource",
    "GridRows",
    "HaltStore",
    "HaltStoreSilent",
    "Handed",
    "Happening",
    "Held",
    "Income",
    "Journal",
    "Judgement",
    "KeptPoints",
    "Lab",
    "LabWanted",
    "Lagging",
    "Lasting",
    "Leaves",
    "LeavingColumns",
    "Listens",
    "LocalAccount",
    "LocalVenues",
    "Lone",
    "MarketView",
    "Mode",
    "Moment",
    "NeverTold",
    "NotTold",
    "Notice",
    "NoticeKind",
    "Notifier",
    "OpenAccount",
    "OpensAccount",
    "OpensChannel",
    "OpensHaltStore",
    "OpensOverDepth",
    "OpensSource",
    "OpensUnder",
    "Paces",
    "PairSeen",
    "PairSeries",
    "PairTerms",
    "PairView",
    "PastBar",
    "Piece",
    "Piecewise",
    "Play",
    "PointCarried",
    "PointRefused",
    "PointResult",
    "Points",
    "Ran",
    "RateTold",
    "ReachesLocal",
    "Reads",
    "ReadsFunding",
    "ReadsMore",
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
    "ServedHouse",
    "Server",
    "Serving",
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
    "StatingSizes",
    "Steered",
    "Stood",
    "Straight",
    "Terms",
    "Tier",
    "TierFacts",
    "ToldBy",
    "ToldByOwner",
    "Topic",
    "Uneven",
    "Unrecorded",
    "VenuePosition",
    "Wants",
    "Watched",
    "Watching",
    "Where",
]
