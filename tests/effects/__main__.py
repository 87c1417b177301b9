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


class Search:
    """What showed in one file is tried first in the next."""

    def __init__(self, replays: Replays, before: tuple[Row, ...]) -> None:
        self._replays = replays
        self._before = {(row.file, row.rule): row for row in before}
        self._learned: dict[tuple[str, str], list[Shown]] = {}
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
                self._learned.setdefault((rule.pointer, rule.use), []).insert(0, (other, replay))
                return found
            if (other, replay) == self._only_refused.get((rule.pointer, rule.use)):
                return found
            if least is None:
                least, shown = found, (other, replay)
        if least is not None:
            self._only_refused[rule.pointer, rule.use] = shown
        return least

    def _ways(self, file: str, rule: Rule) -> Iterator[Shown]:
        was = self._before.get((file, rule.pointer))
        if was is not None and was.written == rule.written:
            yield Other(was.changes, was.besides), was.replay
        yield from self._learned.get((rule.pointer, rule.use), ())
        if (rule.pointer, rule.use) in self._only_refused:
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
    found = {(row.file, row.rule): row for row in before}
    with Replays() as replays:
        search = Search(replays, before)
        for file in asked or FILES:
            rules = rules_of(replays.file(file)[1])
            for rule in rules:
                row = search.row(file, rule)
                found.pop((file, rule.pointer), None)
                if row is not None:
                    found[file, rule.pointer] = row
                _say(
                    f"{file} {rule.pointer}: {row.differs}, {row.replay}" if row else f"{file} {rule.pointer}: NOTHING"
                )
            replays.forget()
    order = {file: at for at, file in enumerate(FILES)}
    write_table(sorted(found.values(), key=lambda row: order[row.file]))


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
