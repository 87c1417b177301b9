"""A Discord webhook, by the library discord-webhook.

Three things of the library's (1.4) are not used: `execute` reads the body of an answer as JSON and raises for an empty
or a foreign one after the message arrived; its `rate_limit_retry` sleeps in the caller's thread; and what it logs has
the answer's text. It makes the message and posts it, in a thread of its own, for it blocks.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from discord_webhook import DiscordWebhook
from requests import RequestException
from requests.exceptions import ConnectTimeout

from karb_alerts.answered import Unclear, need_told
from karb_alerts.beside import Beside
from karb_alerts.discord_embed import content_of, embed_of
from karb_alerts.web_address import WebAddress
from karb_core.ports import NeverTold, Notice, NotTold

if TYPE_CHECKING:
    from requests import Response

_ANSWER_S = 5.0  # karb: constant because it bounds how long a thread waits that nobody waits for
_NO_ANSWER_OF_DISCORDS = 60.0  # karb: constant because it says how long a service that shut us out is left in peace
# karb: constant because Discord's pages name them: too many, and nothing to say
_TOO_MANY, _NO_CONTENT = 429, 204


class DiscordChannel:
    """Discord's own limits are obeyed as it tells them: by the answer's headers, and by `retry_after`."""

    def __init__(self, address: WebAddress, lang: str, tells: Callable[[Notice], bool]) -> None:
        self.tells = tells
        self._address = address
        self._lang = lang
        self._beside = Beside("discord")
        self._free_s = 0.0  # karb: constant because nothing was sent yet
        # What urllib3 logs of a request has the address, which is the secret.
        logging.getLogger("urllib3.connectionpool").addFilter(_Unseen(address.target))

    async def notify(self, notice: Notice) -> None:
        try:
            await self._post(notice, embeds=True)
        except NeverTold:
            await self._post(notice, embeds=False)

    def free_in_s(self) -> float:
        return self._free_s - asyncio.get_running_loop().time()

    async def close(self) -> None:
        """A thread that hangs ends with the process."""

    async def _post(self, notice: Notice, *, embeds: bool) -> None:
        webhook = DiscordWebhook(
            self._address.whole,
            content=content_of(notice, self._lang),
            embeds=[embed_of(notice, self._lang)] if embeds else [],
            allowed_mentions={"parse": []},
            timeout=_ANSWER_S,
        )
        status, headers, body = await self._beside.does(lambda: _posted(webhook))
        self._hears(headers)
        via = "via" in headers
        pause_s = _retry_after(body, via) if status == _TOO_MANY else None
        need_told("Discord", status, headers, pause_s)
        if status != _NO_CONTENT and "id" not in _object(body):
            raise Unclear("Discord's answer is none of Discord's")

    def _hears(self, headers: Mapping[str, str]) -> None:
        """Of so many messages none is left: the next would be refused."""
        try:
            left, reset_s = int(headers["x-ratelimit-remaining"]), float(headers["x-ratelimit-reset-after"])
        except (KeyError, ValueError):
            return
        if not left and 0 < reset_s <= _NO_ANSWER_OF_DISCORDS:
            self._free_s = asyncio.get_running_loop().time() + reset_s


class _Unseen(logging.Filter):
    def __init__(self, target: str) -> None:
        super().__init__()
        self._path = target.partition("?")[0]

    def filter(self, record: logging.LogRecord) -> bool:
        return self._path not in record.getMessage()


def _posted(webhook: DiscordWebhook) -> tuple[int, Mapping[str, str], bytes]:
    """Errors: `NotTold` where nothing left; `Unclear`. The library's own have the address in them, and go no further."""
    try:
        response: Response = webhook.api_post_request()
    except ConnectTimeout:
        raise NotTold("Discord could not be reached: no connection in time") from None
    except RequestException as e:
        if _never_connected(e):
            raise NotTold("Discord could not be reached") from None
        raise Unclear(f"no answer of Discord: {type(e).__name__}") from None
    if response.history:
        raise Unclear("somebody else answered in Discord's place")
    return response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content


def _never_connected(error: RequestException) -> bool:
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _retry_after(body: bytes, via: bool) -> float | None:
    """In seconds. Edge: what does not come from Discord itself, but from its edge, is a ban."""
    told = _object(body).get("retry_after")
    if isinstance(told, int | float) and not isinstance(told, bool):
        return float(told)
    return None if via else _NO_ANSWER_OF_DISCORDS


def _object(body: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
