"""A component by the name a person typed."""

from __future__ import annotations

from difflib import get_close_matches

from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.offer import Offer, PluginProblem
from karb_core.texts.text import Text


def offer_named(use: str) -> Offer:
    """Errors: PluginUnusable for a broken plugin; UsageMistake, with a suggestion, for a name nobody has."""
    catalogue = Catalogue.installed()
    found = catalogue.find(use)
    if isinstance(found, Offer):
        return found
    if isinstance(found, PluginProblem):
        said = Text("use.broken", {"use": use, "plugin": found.name, "why": found.said})
        raise PluginUnusable(said, Text("use.broken.help", {"plugin": found.name}))
    near = get_close_matches(use, [offer.use for offer in catalogue.offers()], 1, 0.6)
    help_ = Text("did_you_mean", {"near": near[0]}) if near else Text("component.list")
    raise UsageMistake(Text("component.unknown", {"use": use}), help_)
