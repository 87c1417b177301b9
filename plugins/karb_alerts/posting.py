"""Posting JSON to one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from karb_alerts.answered import Unclear
from karb_alerts.web_address import WebAddress
from karb_core.connection.failures import NoAnswer, NothingSent
from karb_core.connection.request import Answer, Request
from karb_core.ports import NotTold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from karb_core.connection.over_http import OverHttp

_ANSWER_S = 4.0  # karb: constant because it bounds how long one attempt may take, and no order waits for it


class Posting:
    """`service`: what it is called where something is said of it. Connected with the first post."""

    def __init__(self, service: str, address: WebAddress) -> None:
        self._service = service
        self._address = address
        self._over: OverHttp | None = None

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Whatever is answered. Errors: `NotTold` where nothing left; `Unclear` where no answer came. Neither has the address."""
        from karb_core.connection.over_http import OverHttp

        if self._over is None:
            self._over = OverHttp(self._address.base, _ANSWER_S)
        said = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        try:
            return await self._over(Request("POST", self._address.target, body, said))
        except NothingSent:
            raise NotTold(f"{self._service} could not be reached") from None
        except NoAnswer:
            raise Unclear(f"no answer of {self._service}") from None

    async def close(self) -> None:
        if self._over is not None:
            await self._over.close()
