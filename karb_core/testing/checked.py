"""A strategy file that names a plugin which may not be installed yet."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

from karb_core.plugin.catalogue import GROUP, Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import read_source
from karb_core.texts.text import render


def with_plugin(name: str, module: str) -> Catalogue:
    """What is installed, and this one. Edge: if it is installed itself, that is the one."""
    installed = Catalogue.installed()
    if name in installed.names():
        return installed
    return Catalogue([*installed.points(), EntryPoint(name, module, GROUP)])


def errors_in(path: Path, name: str, module: str) -> list[str]:
    """What is wrong with the file, each as `LINE:COLUMN CODE: sentence`."""
    found = check(read_source(str(path)), with_plugin(name, module)).errors
    return [f"{error.mark.line}:{error.mark.column} {error.code}: {render(error.said)}" for error in found]
