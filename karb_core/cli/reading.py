"""Reading a strategy file for a command: its findings are shown, and a file with errors ends the command."""

from __future__ import annotations

from karb_core.cli.findings import show
from karb_core.cli.terminal import Terminal
from karb_core.errors import PluginUnusable, StrategyInvalid
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import Checked, check
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import read_source
from karb_core.texts.text import Text


def read_checked(path: str) -> Checked:
    return check(read_source(path), Catalogue.installed())


def rulebook_of(terminal: Terminal, path: str) -> Rulebook:
    """The rulebook of a file without errors. Errors: StrategyInvalid or PluginUnusable, after showing why."""
    return rulebook_in(terminal, read_checked(path), path)


def rulebook_in(terminal: Terminal, checked: Checked, path: str) -> Rulebook:
    """The same of a file that was checked."""
    if checked.rulebook is not None and not checked.errors:
        return checked.rulebook
    for finding in checked.errors:
        show(terminal, checked.source, finding)
    said = Text("check.errors", {"path": path, "count": len(checked.errors)})
    raise PluginUnusable(said) if exit_code(checked) == PluginUnusable.exit_code else StrategyInvalid(said)


def exit_code(checked: Checked) -> int:
    """0; 5 where only plugins are missing or broken; 3 for anything else that is wrong with the file."""
    codes = {finding.code for finding in checked.errors}
    if not codes:
        return 0
    return PluginUnusable.exit_code if codes == {"K207"} else StrategyInvalid.exit_code
