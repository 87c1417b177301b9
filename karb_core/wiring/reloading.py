"""Tells the owner what became of the file of a running desk: on the terminal, and by every channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from karb_core.domain.decisions import SeenValue
from karb_core.errors import KarbError
from karb_core.ports import Clock, Notice, NoticeKind
from karb_core.rulebook.difference import between
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import LANGUAGES, Said, Text, Words, render
from karb_core.wiring.file_watch import FileWatch, Noticed, lines_of

_MOST = 20  # karb: constant because it bounds a message; the terminal shows every line


@dataclass(slots=True)
class Reloading:
    """`say` is the terminal, `tells` the channels."""

    watch: FileWatch
    clock: Clock
    mode: str
    say: Callable[[Said], None]
    tells: Callable[[Notice], None]

    async def look(self) -> None:
        for noticed in await asyncio.to_thread(self.watch.look):
            self.told(noticed)

    def same(self) -> None:
        self.told(Noticed(Text("reload.same", {"path": self.watch.file.path})))

    def refused(self, error: KarbError) -> None:
        """In its own words, and what to do."""
        args = {"path": self.watch.file.path, "why": error.said}
        self.told(Noticed(Text("reload.refused", args), () if error.help is None else (error.help,)))

    def adopted(self, before: Rulebook, now: Rulebook, kept: int) -> None:
        """`kept`: how many open lots keep their own rules."""
        self.watch.adopted(now)
        args = {"path": self.watch.file.path, "lots": kept}
        self.told(Noticed(Text("reload.adopted", args), lines_of(between(before, now))))

    def told(self, noticed: Noticed) -> None:
        self.say(noticed.said)
        for line in noticed.lines:
            self.say(_indented(line))
        self.tells(Notice(NoticeKind.RULES, self.clock.now_ns(), "", self.mode, _facts(noticed)))


def _facts(noticed: Noticed) -> dict[str, SeenValue]:
    more = len(noticed.lines) - _MOST
    rest = (Words(f"+ {more}"),) if more > 0 else ()
    lines = (noticed.said, *noticed.lines[:_MOST], *rest)
    facts: dict[str, SeenValue] = {"figures": len(lines)}
    for i, said in enumerate(lines):
        facts |= {f"figure.{i}.{lang}": render(said, lang).strip() for lang in LANGUAGES}
    return facts


def _indented(said: Said) -> Words:
    en, ko = (render(said, lang).rstrip() for lang in LANGUAGES)
    return Words(f"  {en}", f"  {ko}")
