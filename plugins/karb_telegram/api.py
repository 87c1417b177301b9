"""Telegram's Bot API over HTTP. The token is in every address, and in no error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from karb_core.connection.failures import NoAnswer, NothingSent
from karb_core.connection.request import Request
from karb_core.ports import NeverTold, NotTold

if TYPE_CHECKING:
    from karb_core.connection.over_http import OverHttp

POLL_S = 20  # karb: constant because it says how long Telegram may wait for a message before it says that there is none
_ANSWER_S = 4.0  # karb: constant because it bounds how long one attempt may take, and no order waits for it
_UNTOLD_S, _LONGEST_S = 5.0, 3600.0  # karb: constant because it bounds how long Telegram may ask to be left in peace
# karb: constant because Telegram's pages name them
_BAD, _TOO_MANY, _SERVER = 400, 429, 500
_CONFLICT = 409  # karb: constant because Telegram's pages name it: somebody else polls this bot


class Unclear(Exception):
    """Nobody knows whether Telegram did it."""


class SomebodyElseListens(Exception):
    """Another program polls this bot, or a webhook is set."""


class Api:
    """`address`: scheme and host. Two connections: a long question holds up no message."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address.rstrip("/")
        self._token = token
        self._tells: OverHttp | None = None
        self._asks: OverHttp | None = None

    async def send(self, chat: int, text: str, *, silent: bool = False) -> None:
        """As plain text: nothing in it is taken for a sign of Telegram's.

        Errors: `NotTold`, `NeverTold`, and `Unclear` where it may have arrived.
        """
        body = {"chat_id": chat, "text": text, "disable_notification": silent}
        told = await self._call(self._telling(), "sendMessage", body)
        if not isinstance(told, dict) or "message_id" not in told:
            raise Unclear("Telegram's answer is none of Telegram's")

    async def updates(self, after: int | None) -> Sequence[Mapping[str, Any]]:
        """Messages since, waited for until one comes. Asking with `after` says that those up to it were heard.

        Errors: as `send`; `SomebodyElseListens`.
        """
        body: dict[str, object] = {"timeout": POLL_S, "allowed_updates": ["message"]}
        if after is not None:
            body["offset"] = after + 1
        told = await self._call(self._asking(), "getUpdates", body)
        if not isinstance(told, list):
            raise Unclear("Telegram's answer is none of Telegram's")
        return [each for each in told if isinstance(each, dict)]

    async def without_webhook(self) -> None:
        await self._call(self._telling(), "deleteWebhook", {"drop_pending_updates": False})

    async def close(self) -> None:
        for over in (self._tells, self._asks):
            if over is not None:
                await over.close()

    async def _call(self, over: OverHttp, method: str, body: Mapping[str, object]) -> object:
        target = f"/bot{self._token}/{method}"
        said = {"Content-Type": "application/json"}
        try:
            answer = await over(Request("POST", target, json.dumps(body).encode(), said))
        except NothingSent:
            raise NotTold("Telegram could not be reached") from None
        except NoAnswer:
            raise Unclear("no answer of Telegram") from None
        told = _object(answer.body)
        if told.get("ok") is True and answer.status < _BAD:
            return told.get("result")
        raise _refusal(answer.status, told)

    def _telling(self) -> OverHttp:
        from karb_core.connection.over_http import OverHttp

        if self._tells is None:
            self._tells = OverHttp(self._address, _ANSWER_S)
        return self._tells

    def _asking(self) -> OverHttp:
        """It waits for longer than Telegram does."""
        from karb_core.connection.over_http import OverHttp

        if self._asks is None:
            self._asks = OverHttp(self._address, float(POLL_S))
        return self._asks


def _refusal(status: int, told: Mapping[str, Any]) -> Exception:
    if told.get("ok") is not False or status >= _SERVER:
        return Unclear(f"Telegram answered HTTP {status}")
    code, said = told.get("error_code", status), f"Telegram says {status}: {str(told.get('description', ''))[:100]}"
    if code == _TOO_MANY:
        return NotTold(said, _retry_after(told))
    if code == _CONFLICT:
        return SomebodyElseListens(said)
    return NeverTold(said) if code == _BAD and "chat not found" not in said else NotTold(said)


def _retry_after(told: Mapping[str, Any]) -> float:
    parameters = told.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(seconds, int | float) and isfinite(seconds):
        return min(max(float(seconds), 0.0), _LONGEST_S)
    return _UNTOLD_S


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
