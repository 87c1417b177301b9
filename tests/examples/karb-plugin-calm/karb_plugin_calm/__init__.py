"""Denies an entry across a wide book."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_risk_gates():
    from karb_plugin_calm.spread import Spread

    return [Spread]
