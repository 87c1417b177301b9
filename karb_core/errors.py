"""What can go wrong, sorted by what the caller can do about it; each kind has its exit code."""

from __future__ import annotations

from typing import ClassVar

from karb_core.texts.text import Said, render


class KarbError(Exception):
    """Something the user is told in one sentence; `said` is the sentence, `help` what to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, said: Said, help: Said | None = None) -> None:  # noqa: A002 - the word the user sees
        super().__init__(render(said))
        self.said = said
        self.help = help


class UsageMistake(KarbError):
    """The command line asks for something that is not there: call it again, corrected."""

    exit_code = 2


class StrategyInvalid(KarbError):
    """The file says something karb must not guess about: edit the file."""

    exit_code = 3


class LockMismatch(KarbError):
    """The rules are not the ones the owner approved: approve them, or restore them."""

    exit_code = 4


class PluginUnusable(KarbError):
    """A plugin that the file names is missing or broken: install or repair it."""

    exit_code = 5


class SecretUnset(PluginUnusable):
    """A secret that the file names has no value on this machine: set it."""


class KeysUnusable(SecretUnset):
    """The keystore of this machine cannot be opened: bring its master key back, or make its files private."""


class StrategyTestFailed(KarbError):
    """A test of the strategy failed: of its own file, or of what it knows too early."""

    exit_code = 6


class DataUnusable(KarbError):
    """The data cannot be judged by: repair or replace them."""

    exit_code = 7


class LedgerUnusable(KarbError):
    """The ledger cannot be read or written: free it, make room, or upgrade karb."""

    exit_code = 8


class AccountHeld(KarbError):
    """Another desk holds the account: stop that one first."""

    exit_code = 9


class EndedOpen(KarbError):
    """The run ended with something left open: look at it before anything else."""

    exit_code = 10
