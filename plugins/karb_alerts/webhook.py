"""`alerts.webhook`: each notice as JSON to an address of yours."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_alerts.answered import need_told
from karb_alerts.channels import UrlParams, language
from karb_alerts.posting import Posting
from karb_alerts.web_address import WebAddress
from karb_core.domain.exact import text
from karb_core.ports import Stage
from karb_core.ports.told_review import unbounded
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from karb_core.domain.decisions import SeenValue
    from karb_core.ports import Clock, Concern, FileView, Notice, Secrets

FORMAT = 1


class WebhookParams(UrlParams):
    """Where, and what is told."""


class Webhook:
    """Tells any program: each notice as JSON, with its number as the idempotency key."""

    name: ClassVar[str] = "webhook"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Tells any program of yours: each notice as JSON to an address.",
        "직접 만든 프로그램에 알립니다: 알림마다 JSON 하나.",
    )
    Params = WebhookParams

    def __init__(self, params: WebhookParams) -> None:
        self._params = params
        self._tell = frozenset(params.tell)

    @classmethod
    def review(cls, params: WebhookParams, file: FileView) -> Iterable[Concern]:  # noqa: ARG003 - it looks at itself alone
        return unbounded(params)

    def tells(self, notice: Notice) -> bool:
        return notice.kind.told_by(self._tell)

    def open_channel(self, secrets: Secrets, clock: Clock) -> WebhookChannel:  # noqa: ARG002 - it needs no time
        address = WebAddress.of_secret(str(self._params.webhook), secrets(self._params.webhook))
        return WebhookChannel(self, Posting("the webhook", address), language(self._params.language))


class WebhookChannel:
    """Any 2xx is an answer; `Idempotency-Key` is the notice's number, the same whenever it is told."""

    def __init__(self, webhook: Webhook, posting: Posting, lang: str) -> None:
        self.tells = webhook.tells
        self._posting = posting
        self._lang = lang

    async def notify(self, notice: Notice) -> None:
        body = json.dumps(document(notice, self._lang), ensure_ascii=False).encode()
        answer = await self._posting.post(body, {"Idempotency-Key": notice.number})
        need_told("the webhook", answer.status, answer.headers)

    async def close(self) -> None:
        await self._posting.close()


def document(notice: Notice, lang: str) -> dict[str, object]:
    """Shape: format_version, number, again, kind, at_ns, strategy, mode, pair, text, facts. Exact numbers are text."""
    from karb_core.ports.notice_words import words_of

    return {
        "format_version": FORMAT,
        "number": notice.number,
        "again": notice.again,
        "kind": notice.kind.value,
        "at_ns": notice.at_ns,
        "strategy": notice.strategy,
        "mode": notice.mode,
        "pair": notice.pair,
        "text": words_of(notice, lang).whole,
        "facts": {name: _plain(value) for name, value in notice.facts.items()},
    }


def _plain(value: SeenValue) -> object:
    return text(value) if isinstance(value, Decimal) else value
