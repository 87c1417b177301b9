"""A folder that packages are installed into, as pip leaves them: discovery is importlib.metadata's own."""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEAD = """\
from decimal import Decimal
from karb_core.plugin import hookimpl
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule, tech
from karb_core.texts.text import Words


class CapParams(Params):
    limit: PositiveRatio = rule("the most it lets pass", ko="허용하는 최대 비율", example="20%", tighter="lower")


class Cap:
    name = "cap"
    about = Words("Denies what is above the cap.", "한도를 넘으면 거부합니다.")
    Params = CapParams

    def __init__(self, params):
        self._params = params
"""

GOOD = (
    HEAD
    + """

@hookimpl
def karb_risk_gates():
    return [Cap]
"""
)


@dataclass(frozen=True, slots=True)
class Site:
    """`folder` stands on sys.path."""

    folder: Path

    def install(
        self,
        plugin: str,
        source: str,
        *,
        package: str | None = None,
        version: str = "0.1.0",
        requires: tuple[str, ...] = (),
        files: Mapping[str, str] | None = None,
    ) -> str:
        """Writes a package with one entry point named `plugin`; returns the package's import name."""
        module = package or f"outsider_{plugin}"
        written = {f"{module}/__init__.py": source} | {f"{module}/{k}": v for k, v in (files or {}).items()}
        info = f"{module}-{version}.dist-info"
        needs = "".join(f"Requires-Dist: {line}\n" for line in requires)
        written[f"{info}/METADATA"] = (
            f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: {version}\n{needs}"
        )
        written[f"{info}/entry_points.txt"] = f"[karb.plugins]\n{plugin} = {module}\n"
        written[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*written, f"{info}/RECORD"])
        for name, text in written.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return module


def hook(body: str, name: str = "karb_risk_gates", arguments: str = "") -> str:
    """A plugin with one good component class and one hook implementation of the given body."""
    return f"{HEAD}\n\n@hookimpl\ndef {name}({arguments}):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
