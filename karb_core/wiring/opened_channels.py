"""The channels of a file, each by the name that its outbox knows it by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from karb_core.errors import KarbError
from karb_core.ports import Clock, Notifier, OpensChannel, Secrets
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said, Text
from karb_core.wiring.strategy_of import built


def opened_channels(
    rulebook: Rulebook, secrets: Secrets, clock: Clock, say: Callable[[Said], None]
) -> dict[str, Notifier]:
    """Edge: one whose secret is not there is said and left out: trading and its way out do not wait for a channel.

    Errors: PluginUnusable for a component that cannot be built.
    """
    channels: dict[str, Notifier] = {}
    for seat in rulebook.seats_of("notifiers"):
        made: Any = built(seat)
        name = seat.id or seat.use
        try:
            channels[name] = made.open_channel(secrets, clock) if isinstance(made, OpensChannel) else made
        except KarbError as e:
            say(Text("run.no_channel", {"channel": name, "why": e.said}))
    return channels


def told_at_home(rulebook: Rulebook) -> tuple[Notifier, ...]:
    """Those of a run over data, which tells nobody outside this machine."""
    made = [built(seat) for seat in rulebook.seats_of("notifiers")]
    return tuple(each for each in made if not isinstance(each, OpensChannel))
