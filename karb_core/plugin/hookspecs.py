"""The seven hooks. Each is called once, at assembly, for each plugin that a file names.

A hook has no order the owner chose, no `await` and no types, so it only hands over component classes:
the core builds them, and events go to their methods directly. The owner's file, not the order of
loading, says which components act and in what order.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from karb_core.plugin.api import Api

PROJECT = "karb"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)

#: Which port each hook fills.
HOOKS = {
    "karb_feeds": "feed",
    "karb_fx_sources": "fx_source",
    "karb_signals": "signal",
    "karb_sizings": "sizing",
    "karb_risk_gates": "risk_gate",
    "karb_executors": "executor",
    "karb_notifiers": "notifier",
}


class KarbSpecs:
    """Historic, so that a plugin that is loaded later is asked at once."""

    @_hookspec(historic=True)
    def karb_feeds(self, api: Api) -> Iterable[type]:
        """Offer feeds: things that bring market events."""
        raise AssertionError("a specification is never called")

    @_hookspec(historic=True)
    def karb_fx_sources(self, api: Api) -> Iterable[type]:
        """Offer FX sources: rates with their source and its own time, never a constant."""
        raise AssertionError("a specification is never called")

    @_hookspec(historic=True)
    def karb_signals(self, api: Api) -> Iterable[type]:
        """Offer signals: things that judge a moment and propose."""
        raise AssertionError("a specification is never called")

    @_hookspec(historic=True)
    def karb_sizings(self, api: Api) -> Iterable[type]:
        """Offer sizings: things that turn a proposal into amounts."""
        raise AssertionError("a specification is never called")

    @_hookspec(historic=True)
    def karb_risk_gates(self, api: Api) -> Iterable[type]:
        """Offer risk gates: things that may deny a plan."""
        raise AssertionError("a specification is never called")

    @_hookspec(historic=True)
    def karb_executors(self, api: Api) -> Iterable[type]:
        """Offer executors: things that place orders at one venue, or simulate doing so."""
        raise AssertionError("a specification is never called")

    @_hookspec(historic=True)
    def karb_notifiers(self, api: Api) -> Iterable[type]:
        """Offer notifiers: things that tell the owner."""
        raise AssertionError("a specification is never called")
