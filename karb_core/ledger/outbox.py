"""The outbox: what is still to be told by a channel, and what became of each attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, func, select

from karb_core.ledger import notices
from karb_core.ledger.booking import book
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.notices import NOTICES
from karb_core.ledger.tellings import TELLINGS, row
from karb_core.ports.notifier import Notice, NoticeKind

SENT, LOST = "sent", "lost"


@dataclass(frozen=True, slots=True)
class Outbox:
    """Of one strategy at one account. `mode`: as what it is told, None as it was kept.

    Errors: each question and each mark raises `LedgerUnusable`, and no other.
    """

    ledger: Ledger
    account: str
    strategy: str
    mode: str | None = None

    def waiting(self, channel: str, most: int) -> Sequence[Notice]:
        """The most important first, and of these the oldest. One of which an attempt has no end is marked as told again."""
        asked = (
            select(NOTICES, TELLINGS.c.under_way)
            .join(TELLINGS, and_(TELLINGS.c.run_id == NOTICES.c.run_id, TELLINGS.c.notice == NOTICES.c.ordinal))
            .where(TELLINGS.c.account == self.account, TELLINGS.c.strategy == self.strategy)
            .where(TELLINGS.c.channel == channel, TELLINGS.c.ended.is_(None))
        )
        with self.ledger.reading() as connection:
            found = [dict(each) for each in connection.execute(asked).mappings()]
        told = [
            replace(notices.read(each), again=each["under_way"] is not None, mode=self.mode or each["mode"])
            for each in found
        ]
        return sorted(told, key=lambda each: (each.kind.rank, each.at_ns))[:most]

    def keeps(self, run_id: str, ordinal: int, notice: Notice, channels: Sequence[str]) -> None:
        """One that no desk wrote, and by which channels it is to be told. `ordinal`: from `BESIDE` on."""
        by = {"run_id": run_id, "strategy": self.strategy, "account": self.account}
        with self.ledger.writing() as connection:
            book(connection, NOTICES, [{**by, "ordinal": ordinal, **notices.row(notice)}])
            book(connection, TELLINGS, [{**by, "notice": ordinal, **row(channel)} for channel in channels])

    def told_last_ns(self, kind: NoticeKind) -> int | None:
        """When one of this kind was made last; None for never."""
        mine = (NOTICES.c.account == self.account, NOTICES.c.strategy == self.strategy, NOTICES.c.kind == kind.value)
        with self.ledger.reading() as connection:
            found: int | None = connection.execute(select(func.max(NOTICES.c.at_ns)).where(*mine)).scalar()
        return found

    def begins(self, notice: Notice, channel: str, at_ns: int) -> None:
        """Durable before anything of it is sent."""
        under_way = LOST if notice.again else SENT
        self._mark(notice, channel, {"tries": TELLINGS.c.tries + 1, "tried_at_ns": at_ns, "under_way": under_way})

    def failed(self, notice: Notice, channel: str) -> None:
        """Nothing arrived by this attempt; `again` says whether something may have by one before."""
        self._mark(notice, channel, {"under_way": LOST if notice.again else None})

    def ends(self, notice: Notice, channel: str, how: str, at_ns: int) -> None:
        self._mark(notice, channel, {"under_way": None, "ended": how, "ended_at_ns": at_ns})

    def _mark(self, notice: Notice, channel: str, values: dict[str, object]) -> None:
        run_id, _, ordinal = notice.number.rpartition("-")
        key = {"run_id": run_id, "notice": int(ordinal), "channel": channel}
        mine = and_(*(TELLINGS.c[name] == value for name, value in key.items()))
        with self.ledger.writing() as connection:
            # The notice may be told before its own row is written: whoever comes first makes it.
            by = {**key, "strategy": self.strategy, "account": self.account}
            book(connection, TELLINGS, [{**row(channel), **by}])
            connection.execute(TELLINGS.update().where(mine).values(**values))
