"""The seven ports a plugin can fill, and the core's own. Importing this loads no NumPy."""

from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.ports.clock import Clock
from karb_core.ports.component import PORTS, Component, Mode, Stage
from karb_core.ports.executor import Executor
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
from karb_core.ports.fx_source import FxSource
from karb_core.ports.gate import RiskGate
from karb_core.ports.journal import Booked, Journal
from karb_core.ports.notifier import Notice, NoticeKind, Notifier
from karb_core.ports.signal import BarRows, Judgement, Moment, PairSeries, Signal
from karb_core.ports.sizing import Sized, Sizing
from karb_core.ports.view import AccountView, Fired, MarketView, PairTerms, Standing, Terms

__all__ = [
    "PORTS",
    "AccountView",
    "Balance",
    "BarRows",
    "Booked",
    "Clock",
    "Component",
    "Concern",
    "Executor",
    "FileView",
    "Fired",
    "FxSource",
    "Income",
    "Journal",
    "Judgement",
    "MarketView",
    "Mode",
    "Moment",
    "Notice",
    "NoticeKind",
    "Notifier",
    "PairSeries",
    "PairTerms",
    "PairView",
    "Reviewing",
    "RiskGate",
    "SeatView",
    "Side",
    "Signal",
    "SignalFacts",
    "SizeFacts",
    "Sized",
    "Sizing",
    "Stage",
    "Standing",
    "Terms",
    "TierFacts",
    "VenuePosition",
]
