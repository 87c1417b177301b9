"""`python -m tests.effects [FILE ...]`: finds, for each rule of each shipped file, where another value shows.

`python -m tests.effects check` goes through every row of the table as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.effects.candidates import Other, others
from tests.effects.done import differs
from tests.effects.files import FILES, Rule, rules_of
from tests.effects.replays import Replays, replays_of
from tests.effects.row import TABLE, Row, table, text_of, write_table
from tests.effects.rows_hold import fails

Shown = tuple[Other, str]
#: Rules of which nothing but a refusal showed in any file: what was found in one is enough in the next.
REFUSED = (
    "/mode", "feeds/0/use", "feeds/1/use", "executors/0/use", "executors/1/use", "with/margin", "with/price", "/unhedged_for",
    "on_one_leg/3", "2/at", "3/at", "4/at", "5/at",
)  # fmt: skip


class Search:
    """What showed in one file is tried first in the next."""

    def __init__(self, replays: Replays, before: tuple[Row, ...]) -> None:
        self._replays = replays
        self._before = {(row.file, row.rule): row for row in before}
        self._learned: dict[str, list[Shown]] = {}
        for row in before:
            if not row.differs.startswith("refused"):
                self._learn(row.rule, (Other(row.changes, row.besides), row.replay))
        self._only_refused: dict[tuple[str, str], Shown] = {}

    def row(self, file: str, rule: Rule) -> Row | None:
        """A refusal is taken only where nothing else shows."""
        least: Row | None = None
        for other, replay in self._ways(file, rule):
            what = self._differs(file, other, replay)
            if what is None:
                continue
            found = Row(file, rule.pointer, rule.written, text_of(other.changes), text_of(other.beside), replay, what)
            if _is_no_value(what):
                continue
            if "refused" not in what:
                self._learn(rule.pointer, (other, replay))
                return found
            if rule.pointer.endswith(REFUSED) and (other, replay) == self._only_refused.get((rule.pointer, rule.use)):
                return found
            if least is None:
                least, shown = found, (other, replay)
        if least is not None:
            self._only_refused[rule.pointer, rule.use] = shown
        return least

    def _learn(self, rule: str, shown: Shown) -> None:
        ways = self._learned.setdefault(rule, [])
        if shown not in ways:
            ways.insert(0, shown)

    def _ways(self, file: str, rule: Rule) -> Iterator[Shown]:
        was = self._before.get((file, rule.pointer))
        if was is not None and was.written == rule.written:
            yield Other(was.changes, was.besides), was.replay
        yield from self._learned.get(rule.pointer, ())
        if rule.pointer.endswith(REFUSED) and (rule.pointer, rule.use) in self._only_refused:
            yield self._only_refused[rule.pointer, rule.use]
        found = list(others(rule.pointer, rule.written, rule.use))
        for replay in replays_of(file, rule.pointer):
            yield from ((other, replay) for other in found)

    def _differs(self, file: str, other: Other, replay: str) -> str | None:
        try:
            before = self._replays.done(file, other.beside, replay)
            if before.refused and not replay.startswith("asked"):
                return None
            return differs(before, self._replays.done(file, other.beside + other.changes, replay))
        except LookupError:
            return None


def _is_no_value(what: str) -> bool:
    """A value that cannot stand there at all shows nothing about the rule."""
    return what.startswith(("refused: K1", "refused: K2", "refused: K3"))


def main(asked: list[str]) -> None:
    if asked == ["check"]:
        sys.exit(_check())
    before = table() if TABLE.is_file() else ()
    with Replays() as replays:
        search = Search(replays, before)
        for file in asked or FILES:
            _renew(file, [row for rule in rules_of(replays.file(file)[1]) if (row := _found(search, file, rule))])
            replays.forget()


def _found(search: Search, file: str, rule: Rule) -> Row | None:
    row = search.row(file, rule)
    _say(f"{file} {rule.pointer}: {row.differs}, {row.replay}" if row else f"{file} {rule.pointer}: NOTHING")
    return row


def _renew(file: str, rows: list[Row]) -> None:
    """In the place of what stood there of this file."""
    order = {name: at for at, name in enumerate(FILES)}
    others = [row for row in (table() if TABLE.is_file() else ()) if row.file != file and row.file in order]
    write_table(sorted((*others, *rows), key=lambda row: order[row.file]))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _check() -> int:
    """Every row. The exit code: 1 where one does not hold."""
    failed = 0
    with Replays() as replays:
        for file in FILES:
            told = fails(replays, (row for row in table() if row.file == file))
            _say("\n  ".join((file, *told)))
            failed += len(told)
            replays.forget()
    return 1 if failed else 0


if __name__ == "__main__":
    main(sys.argv[1:])
