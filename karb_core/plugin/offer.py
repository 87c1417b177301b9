"""What a plugin offers, and what is wrong with one that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.texts.text import Said, Words

#: The distribution that karb itself comes in.
OURS = "karb"


@dataclass(frozen=True, slots=True)
class PluginSource:
    """Where a plugin comes from: its entry point's name, and the distribution that brought it."""

    name: str
    distribution: str
    version: str
    module: str

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"

    @property
    def ours(self) -> bool:
        return self.distribution == OURS


@dataclass(frozen=True, slots=True)
class Offer:
    """One component class, under the name an owner writes after `use:`."""

    use: str
    port: str
    component: type[Any]
    source: PluginSource

    @property
    def params(self) -> type[Params]:
        found: type[Params] = self.component.Params
        return found

    @property
    def stage(self) -> Stage:
        return Stage(getattr(self.component, "stage", Stage.STABLE))

    @property
    def extras(self) -> tuple[str, ...]:
        return tuple(getattr(self.component, "extras", ()))

    @property
    def summary(self) -> Words:
        """What it does, in one sentence, for `karb list` and `karb describe`."""
        told = getattr(self.component, "about", None)
        return told if isinstance(told, Words) else Words((self.component.__doc__ or "").strip().split("\n")[0])


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """Why a plugin cannot be used, in one sentence. It stops only files that name the plugin."""

    name: str
    said: Said
