"""A plugin whose feed says nothing by itself: a test puts the market on."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import ClassVar

from karb_core.plugin import hookimpl
from karb_core.plugin.catalogue import GROUP, Catalogue
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.texts.text import Words
from tests.cli.shipped import plugins


class QuietParams(Params):
    """Nothing to write."""


class Quiet:
    """Says nothing."""

    name: ClassVar[str] = "quiet"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words("Says nothing.", "아무것도 보내지 않습니다.")
    Params = QuietParams

    def __init__(self, params: QuietParams) -> None:
        self._params = params


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    return [Quiet]


def catalogue() -> Catalogue:
    """karb's own plugins, and this one."""
    ours = [point for point in entry_points(group=GROUP) if point.name in plugins()]
    return Catalogue([*ours, EntryPoint("scripted", __name__, GROUP)])
