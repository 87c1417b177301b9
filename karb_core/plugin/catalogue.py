"""Which plugins are installed; a plugin is imported only when a file or a command line names it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, EntryPoint, entry_points

from karb_core.plugin.api import Api
from karb_core.plugin.intake import take_in, what_failed
from karb_core.plugin.offer import OURS, Offer, PluginProblem, PluginSource
from karb_core.texts.text import Text

GROUP = "karb.plugins"
_NAME = re.compile("[a-z][a-z0-9_]{0,39}")


class Catalogue:
    """The installed plugins by entry-point name; each is asked at most once.

    A problem of one plugin stays with it: whoever names another never hears of it.
    """

    def __init__(self, points: Iterable[EntryPoint], api: Api | None = None) -> None:
        self._points: dict[str, list[EntryPoint]] = {}
        for point in points:
            known = self._points.setdefault(point.name, [])
            if all((p.value, _distribution(p)) != (point.value, _distribution(point)) for p in known):
                known.append(point)
        self._api = api or Api()
        self._asked: dict[str, tuple[Offer, ...] | PluginProblem] = {}

    @classmethod
    def installed(cls) -> Catalogue:
        """What pip installed; `KARB_PLUGINS=a,b` leaves only those, for incidents and tests."""
        allowed = os.environ.get("KARB_PLUGINS")
        points = entry_points(group=GROUP)
        return cls(p for p in points if allowed is None or p.name in {n.strip() for n in allowed.split(",")})

    def points(self) -> list[EntryPoint]:
        """Each as it was found, nothing imported."""
        return [point for points in self._points.values() for point in points]

    def names(self) -> list[str]:
        return sorted(self._points)

    def plugin(self, name: str) -> tuple[Offer, ...] | PluginProblem | None:
        """The plugin's offers or its problem; None if no such plugin is installed."""
        if name not in self._points:
            return None
        if name not in self._asked:
            self._asked[name] = self._load(name, self._points[name])
        return self._asked[name]

    def find(self, use: str) -> Offer | PluginProblem | None:
        """The component named `plugin.component`; None if there is no such plugin or component."""
        found = self.plugin(use.partition(".")[0])
        if isinstance(found, PluginProblem) or found is None:
            return found
        return next((offer for offer in found if offer.use == use), None)

    def offers(self, names: Iterable[str] | None = None) -> Iterator[Offer]:
        """Every component of the named plugins (all, if none are named) that can be used. Imports them."""
        for name in self.names() if names is None else names:
            found = self.plugin(name)
            if not isinstance(found, PluginProblem):
                yield from found or ()

    def problems(self) -> Iterator[PluginProblem]:
        """What is wrong with plugins that cannot be used. Imports them all."""
        for name in self.names():
            found = self.plugin(name)
            if isinstance(found, PluginProblem):
                yield found

    def _load(self, name: str, points: list[EntryPoint]) -> tuple[Offer, ...] | PluginProblem:
        if not _NAME.fullmatch(name):
            return PluginProblem(name, Text("plugin.bad_name", {"name": name}))
        if len(points) > 1:
            both = ", ".join(f"{_source(p)} ({p.value})" for p in points)
            return PluginProblem(name, Text("plugin.twice", {"name": name, "both": both}))
        source = _source(points[0])
        if (too_new := _needs_other_karb(points[0], source)) is not None:
            return PluginProblem(name, too_new)
        try:
            module = points[0].load()
        except KeyboardInterrupt:
            raise
        except BaseException as e:  # noqa: BLE001 - importing a stranger's module may raise anything
            return PluginProblem(name, what_failed(source, e))
        return take_in(source, module, self._api)


def _distribution(point: EntryPoint) -> str:
    return _name_and_version(point.dist)[0] if point.dist else ""


def _source(point: EntryPoint) -> PluginSource:
    name, version = _name_and_version(point.dist) if point.dist else ("?", "?")
    return PluginSource(point.name, name, version, point.value)


@cache
def _name_and_version(installed: Distribution) -> tuple[str, str]:
    """importlib reads and parses the whole metadata anew at each question; plugins of one package share theirs."""
    metadata = installed.metadata
    return metadata["Name"], metadata["Version"]


def _needs_other_karb(point: EntryPoint, source: PluginSource) -> Text | None:
    """What pip enforced at install can have changed since; read from metadata, before any import."""
    if point.dist is None or _distribution(point) == OURS:
        return None
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    from karb_core import __version__

    for line in point.dist.requires or ():
        try:
            need = Requirement(line)
        except InvalidRequirement:
            continue
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        if canonicalize_name(need.name) == OURS and not need.specifier.contains(__version__, prereleases=True):
            return Text("plugin.other_karb", {"source": str(source), "need": str(need.specifier), "have": __version__})
    return None
