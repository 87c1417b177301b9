"""Notices on their way from a ledger to a service, in lives that may be killed anywhere."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from karb_alerts.discord import Discord
from karb_alerts.mail import Email
from karb_alerts.slack import Slack
from karb_alerts.webhook import Webhook
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.outbox import Outbox
from karb_core.ports import Notice, NoticeKind, Notifier
from karb_core.rules.secret import SecretName
from karb_core.texts.text import Said, render
from karb_core.wiring.outbox_beside import OutboxBeside
from karb_core.wiring.telling_on import TellingOn
from karb_core.wiring.told_channel import Patience
from karb_core.wiring.wall_clock import WallClock
from tests.ledger.words import RUN
from tests.telling.services_here import Service, discord, mail_server, over_http, slack

TELL = ["entry", "exit", "refusal", "halt"]
SOON = Patience(first=0.01, longest=0.02)
#: Where a service never answers; long enough for a busy machine to answer everything else.
SHORT = Patience(answer=1.5, first=0.01, longest=0.02)
LOGIN = "me:app-password-that-nobody-may-see"
NUMBER = re.compile(r"#\w+-(\d+)")


def notice(kind: NoticeKind, at_ns: int) -> Notice:
    facts = {
        "side": "short_premium",
        "premium": Decimal("0.035"),
        "reason": "news",
        "strength": "no-entries",
        "denied": 0,
    }
    return Notice(kind, at_ns, "BTC", "paper", facts)


WRITTEN = [notice(kind, i) for i, kind in enumerate((NoticeKind.REFUSAL, NoticeKind.ENTRY, NoticeKind.HALT))]


class Killed(BaseException):
    """The process is gone."""


@dataclass(frozen=True, slots=True)
class Mortal(Outbox):
    """Dies at a mark, before it is durable or after; `left`: how many marks are outlived."""

    left: list[int] = field(default_factory=list)
    after: bool = False

    def _mark(self, notice: Notice, channel: str, values: dict[str, object]) -> None:
        self.left[0] -= 1
        if self.left[0] < 0 and not self.after:
            raise Killed
        Outbox._mark(self, notice, channel, values)
        if self.left[0] < 0:
            raise Killed


@dataclass
class Kept:
    """A ledger in which three notices wait to be told by `channel`."""

    path: Path
    channel: str
    ledger: Ledger = field(init=False)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = open_ledger(self.path)
        journal = self.ledger.begin(RUN, 1)
        journal.channels = lambda _: [self.channel]
        for each in WRITTEN:
            journal.notice(each)
        journal.end("done", 2)

    def box(self) -> Outbox:
        return Outbox(self.ledger, RUN.account, RUN.strategy)

    def say(self, said: Said) -> None:
        self.said.append(render(said))

    def waiting(self) -> int:
        return len(self.box().waiting(self.channel, 100))

    def close(self) -> None:
        self.ledger.close()

    @asynccontextmanager
    async def life(
        self, notifier: Notifier, box: Outbox | None = None, patience: Patience = SOON
    ) -> AsyncIterator[TellingOn]:
        kept = OutboxBeside(box or self.box(), lambda: False)
        telling = TellingOn({self.channel: notifier}, kept, WallClock(), self.say, patience)
        try:
            yield telling
        finally:
            await telling.close()


def opened(kind: str, service: Service) -> Notifier:
    """The channel as a file would have it."""
    clock = WallClock()
    if kind == "email":
        written = {
            "tell": TELL, "server": "127.0.0.1", "port": service.port, "security": "none", "login": "secret:mail",
            "sender": "karb@example.com", "to": "owner@example.com", "language": "en",
        }  # fmt: skip
        return Email(Email.Params.model_validate(written)).open_channel(lambda _: LOGIN, clock)
    component = {"discord": Discord, "slack": Slack, "webhook": Webhook}[kind]
    params = component.Params.model_validate({"tell": TELL, "webhook": "secret:hook", "language": "en"})

    def secret(name: SecretName) -> str:
        return service.address

    return component(params).open_channel(secret, clock)


@asynccontextmanager
async def serving(kind: str, service: Service) -> AsyncIterator[Service]:
    if kind == "email":
        async with mail_server(service, LOGIN) as here:
            yield here
    else:
        async with over_http(service, {"discord": discord, "slack": slack, "webhook": slack}[kind]) as here:
            yield here


def numbers(service: Service) -> list[str]:
    """Which notice each arrival was."""
    return [NUMBER.findall(text)[0] for text in service.arrived]


def need_told(service: Service, lost: set[int] | None = None) -> None:
    """Every one arrived; what came twice came under one number, and said so.

    lost: by place, arrivals of which no answer can have been heard; None where anything may have been lost.
    """
    told = numbers(service)
    assert set(told) == {"0", "1", "2"}, service.arrived
    seen: dict[str, int] = {}
    for i, (number, text) in enumerate(zip(told, service.arrived, strict=True)):
        if number in seen:
            assert f"-{number} again: it may have reached you before" in text
            assert lost is None or seen[number] in lost
        seen[number] = i
