"""The bot's chats with its owners: what it tells them, and what it hears."""

from __future__ import annotations

from collections.abc import Callable

from karb_core.ports import Controls, Notice, NoticeKind
from karb_core.ports.notice_words import words_of
from karb_telegram.api import Api
from karb_telegram.hearing import Hearing

_LONGEST = 4096  # karb: constant because Telegram takes no longer ones


class Chat:
    """Each owner is told by a message of its own; one who was told is not told again because another could not be."""

    def __init__(
        self, api: Api, owners: frozenset[int], lang: str, tells: Callable[[Notice], bool], hearing: Hearing, name: str
    ) -> None:
        self.tells = tells
        self._api = api
        self._owners = sorted(owners)
        self._lang = lang
        self._hearing = hearing
        self._name = name
        self._number = ""
        self._had: set[int] = set()

    async def notify(self, notice: Notice) -> None:
        """Edge: after a refusal or worse that rings no bell, it is shown and makes no sound."""
        if notice.number != self._number:
            self._number, self._had = notice.number, set()
        text = words_of(notice, self._lang).whole[:_LONGEST]
        for owner in self._owners:
            if owner not in self._had:
                await self._api.send(owner, text, silent=notice.kind.rank >= NoticeKind.REFUSAL.rank)
                self._had.add(owner)

    def listens_as(self) -> str:
        return f"Telegram ({self._name})"

    async def listen(self, controls: Controls) -> None:
        await self._hearing.run(controls)

    async def close(self) -> None:
        await self._api.close()
