"""Runs: one row for each time that a strategy was carried out, by which rules, over which data.

The row is written when the run begins; `ended_at_ns` and `ended` are filled in once, when it ends. Both clocks are
wall clocks, and nothing else in the ledger depends on them.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from karb_core.domain import canonical
from karb_core.ledger.columns import TABLES, Row, maybe_text, maybe_whole, text, whole

RUNS = Table(
    "runs",
    TABLES,
    # SQLite numbers rows by itself only in a column that it calls INTEGER, which is 64 bits wide there.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("run_id", Text, nullable=False, unique=True),
    text("strategy"),
    text("account"),
    text("mode"),
    text("rules_digest"),
    text("assumptions_digest"),
    maybe_text("dataset_digest"),
    maybe_whole("from_ns"),
    maybe_whole("until_ns"),
    whole("started_at_ns"),
    maybe_whole("ended_at_ns"),
    maybe_text("ended"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One carrying out of one strategy. `account` names the books that its rows belong to."""

    id: str
    strategy: str
    account: str
    mode: str
    rules_digest: str
    assumptions_digest: str
    dataset_digest: str | None
    from_ns: int | None
    until_ns: int | None

    @classmethod
    def repeatable(
        cls,
        *,
        strategy: str,
        mode: str,
        rules_digest: str,
        assumptions_digest: str,
        dataset_digest: str,
        from_ns: int,
        until_ns: int,
    ) -> Self:
        """A run over recorded data: its id follows from what goes in, and its books are its own.

        Edge: run twice into one ledger, the second gets an id and books of its own (`again`).
        """
        of = (rules_digest, assumptions_digest, dataset_digest, mode, from_ns, until_ns)
        minted = _minted(*of)
        return cls(
            id=minted,
            strategy=strategy,
            account=minted,
            mode=mode,
            rules_digest=rules_digest,
            assumptions_digest=assumptions_digest,
            dataset_digest=dataset_digest,
            from_ns=from_ns,
            until_ns=until_ns,
        )

    @classmethod
    def started(
        cls,
        *,
        strategy: str,
        account: str,
        mode: str,
        rules_digest: str,
        assumptions_digest: str,
        started_at_ns: int,
    ) -> Self:
        """A run that lives through its data once: it goes on with the books of its account."""
        return cls(
            id=_minted(strategy, account, mode, rules_digest, assumptions_digest, started_at_ns),
            strategy=strategy,
            account=account,
            mode=mode,
            rules_digest=rules_digest,
            assumptions_digest=assumptions_digest,
            dataset_digest=None,
            from_ns=None,
            until_ns=None,
        )

    def again(self, times: int) -> Self:
        """The same run once more, as one of its own."""
        minted = f"{self.id}-{times}"
        return replace(self, id=minted, account=minted if self.account == self.id else self.account)


@dataclass(frozen=True, slots=True)
class Lived:
    """A run and when it was there, by the wall clock. `ended` is how (`done`, `interrupted`), None while it goes on."""

    run: Run
    started_at_ns: int
    ended_at_ns: int | None
    ended: str | None


def row(run: Run, started_at_ns: int) -> Row:
    told = {name: getattr(run, name) for name in Run.__slots__ if name != "id"}
    return {"run_id": run.id, **told, "started_at_ns": started_at_ns}


def read(found: Row) -> Run:
    told = {name: found[name] for name in Run.__slots__ if name != "id"}
    return Run(id=found["run_id"], **told)


def read_lived(found: Row) -> Lived:
    return Lived(read(found), found["started_at_ns"], found["ended_at_ns"], found["ended"])


def _minted(*of: str | int) -> str:
    """Twenty-six of [a-z2-7]."""
    told = canonical.to_json(of)
    # karb: constant because 128 bits name every run that can ever be
    return b32encode(hashlib.sha256(told.encode("utf-8")).digest()[:16]).decode("ascii").rstrip("=").lower()
