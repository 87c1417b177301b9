"""What the wiring asks of a component of the executor port that reaches a real account at a venue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from karb_core.domain.instrument import Instrument
from karb_core.ports.clock import Clock
from karb_core.ports.executor import Executor
from karb_core.rules.secret import SecretName

#: A secret's value, by its name. Errors: `SecretUnset`, which never carries a value.
Secrets = Callable[[SecretName], str]


@dataclass(frozen=True, slots=True)
class AccountSetting:
    """How an account is set at its venue, beside what the file states of it. karb compares and never changes it.

    `stated` is None where the file says nothing, `found` where the venue does not tell; `instrument` is None for what
    holds for the account. `fatal` says, where it is not None, why nothing may be entered as it is found, whatever the
    file states (a key that may withdraw). `ends_ns`: from when on it is so no more, by the venue's word (a key that lives a
    year); None where it has no end.
    """

    name: str
    instrument: Instrument | None
    stated: str | None
    found: str | None
    fatal: str | None = None
    ends_ns: int | None = None

    @property
    def agrees(self) -> bool:
        """Edge: what the file states and the venue does not tell does not agree: nobody knows."""
        return self.fatal is None and (self.stated is None or self.stated == self.found)


class OpenAccount(Executor, Protocol):
    """An account while it is open. Its questions raise `VenueSilent` where no answer came.

    settings: read at start and once a day. run: until it is cancelled; calls `nudge` when something may have happened
    at the account (a private stream). It tells nothing else: what happened is asked for. close: gives connections back.
    """

    async def settings(self) -> Sequence[AccountSetting]: ...
    async def run(self, nudge: Callable[[], None]) -> None: ...
    async def close(self) -> None: ...


@runtime_checkable
class OpensAccount(Protocol):
    """account: which account, in words: the venue, whatever tells its networks apart, and the key's name, never a key.
    Two components that say the same are one account, which is opened once.

    open_account: for orders in these instruments; asks the venue nothing yet. Errors: `SecretUnset`; `StrategyInvalid`
    for a secret that cannot be a key of this venue, without a part of it in the text.

    A component may say too whether its venue tells what a key may do, `tells_withdrawals(cls, params) -> bool`: of one that
    does not, `karb doctor` asks the owner.
    """

    def account(self) -> str: ...
    def open_account(self, instruments: Collection[Instrument], secrets: Secrets, clock: Clock) -> OpenAccount: ...
